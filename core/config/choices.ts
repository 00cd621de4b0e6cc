/** Settings that are one of a few words, and the numbers that requests wait by. No imports: islands may load it. */

/** Rules for new passwords: the regulator's `ans`, or `nist` (15 characters, no composition). */
export const PASSWORD_POLICIES = ["ans", "nist"] as const;
export type PasswordPolicy = typeof PASSWORD_POLICIES[number];

/** Levels of a gov.br account, lowest first (id_token claim `reliability_info.level`). */
export const GOVBR_LEVELS = ["bronze", "silver", "gold"] as const;
export type GovbrLevel = typeof GOVBR_LEVELS[number];

/** As gov.br calls them in Portuguese. */
export const LEVEL_NAMES: Record<GovbrLevel, string> = {
  bronze: "bronze",
  silver: "prata",
  gold: "ouro",
};

export function parseLevel(value: unknown): GovbrLevel | null {
  return GOVBR_LEVELS.find((level) => level === value) ?? null;
}

/** Is `level` as high as `required`, or higher? */
export function reaches(level: GovbrLevel, required: GovbrLevel): boolean {
  return GOVBR_LEVELS.indexOf(level) >= GOVBR_LEVELS.indexOf(required);
}

/**
 * How strongly a session was begun, weakest first (`acr` of OpenID Connect Core 2). Each reaches those
 * before it.
 * - `one-factor`: a password, or gov.br below the level that is set
 * - `two-factors`: two of what one knows, holds and is, e.g. a password and the company's certificate
 * - `govbr`: gov.br at the level that is set, or above
 */
export const ACRS = [
  "urn:habilita:acr:one-factor",
  "urn:habilita:acr:two-factors",
  "urn:habilita:acr:govbr",
] as const;
export type Acr = typeof ACRS[number];
export const [ONE_FACTOR, TWO_FACTORS, BY_GOVBR] = ACRS;

/** Is `acr` as strong as `required`, or stronger? */
export function reachesAcr(acr: Acr, required: Acr): boolean {
  return ACRS.indexOf(acr) >= ACRS.indexOf(required);
}

/**
 * How a proxy hands on the certificate of its TLS connection.
 * - `rfc9440`: `Client-Cert` and `Client-Cert-Chain`, byte sequences of RFC 8941 (RFC 9440, 2)
 * - `nginx`: `SSL-Client-Cert`, the URL-encoded PEM of `$ssl_client_escaped_cert`
 */
export const CLIENT_CERT_HEADERS = ["rfc9440", "nginx"] as const;
export type ClientCertHeader = typeof CLIENT_CERT_HEADERS[number];

/** How long a request may wait, in hours from when it was made. */
export interface RequestTimes {
  /** The administrators are reminded. */
  remindHours: number;
  /** The legal representative is told that no administrator decides. */
  escalateHours: number;
  /** The request ends undecided. */
  expireHours: number;
}

/** A day, three days, fifteen days. */
export const DEFAULT_TIMES: RequestTimes = {
  remindHours: 24,
  escalateHours: 3 * 24,
  expireHours: 15 * 24,
};
