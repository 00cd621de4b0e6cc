export const keys = {
  /** Without an issuer: the prefix of all. See crl/store.ts. */
  crl: (issuer?: string) => issuer ? ["crl", issuer] : ["crl"],
  /** Who fetches the list of an issuer, or how the last attempt failed. */
  crlFetch: (issuer: string) => ["crl_fetch", issuer],
  crlPart: (issuer: string, generation: string, part: number) => [
    "crl_part",
    issuer,
    generation,
    part,
  ],
  /** Without a fingerprint: the prefix of all. */
  trust: (sha256?: string) => sha256 ? ["trust", sha256] : ["trust"],
} as const;
