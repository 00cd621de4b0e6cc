export const keys = {
  challenge: (id: string) => ["challenge", id],
  /** Without a fingerprint: the prefix of all. */
  trust: (sha256?: string) => sha256 ? ["trust", sha256] : ["trust"],
} as const;
