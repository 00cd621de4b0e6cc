/** By what a target system shows at the portal that it is the one: its keys, or a secret. */
import * as v from "valibot";

/** A public key (RFC 7517) that signs a target system's client assertions. */
export type SystemKey =
  & { kid?: string; use?: "sig"; alg?: string }
  & (
    | { kty: "EC"; crv: "P-256"; x: string; y: string }
    | { kty: "OKP"; crv: "Ed25519"; x: string }
    | { kty: "RSA"; n: string; e: string }
  );

export type SystemCredential =
  /** `private_key_jwt` (RFC 7523, 2.2). */
  | { kind: "keys"; keys: readonly SystemKey[] }
  /** `client_secret_basic` and `client_secret_post` (RFC 6749, 2.3.1). */
  | { kind: "secret"; secret: string };

const MAX_KEYS = 10;
const PRIVATE = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

const KEYS = `credential.jwks deve ter em "keys" de 1 a ${MAX_KEYS} chaves públicas.`;
const KEY =
  "credential.jwks: cada chave deve ser EC P-256, OKP Ed25519 ou RSA de 2048 bits ou mais (RFC 7517).";
const PRIVATE_KEY = "credential.jwks tem uma chave privada; troque-a e ponha só a parte pública.";
const KID = "credential.jwks tem mais de uma chave: cada uma deve ter um kid só seu.";
const SECRET =
  "credential.secret deve ser um texto aleatório de 32 a 512 caracteres, sem espaços nem acentos.";
const ONE = 'credential deve ter "jwks" (as chaves públicas do sistema) ou "secret", um dos dois.';

/** 32 bytes. */
const COORDINATE = /^[\w-]{43}$/;
/** 2048 bits to 8192. */
const MODULUS = /^[\w-]{342,1366}$/;

const key = v.custom<SystemKey>((value) => {
  const { kty, crv, x, y, n, e, kid, use } = Object(value) as Record<string, unknown>;
  if (kid !== undefined && typeof kid !== "string") return false;
  if (use !== undefined && use !== "sig") return false;
  const fits = (pattern: RegExp, member: unknown) =>
    typeof member === "string" && pattern.test(member);
  if (kty === "EC") return crv === "P-256" && fits(COORDINATE, x) && fits(COORDINATE, y);
  if (kty === "OKP") return crv === "Ed25519" && fits(COORDINATE, x);
  return kty === "RSA" && fits(MODULUS, n) && fits(/^[\w-]{2,10}$/, e);
}, KEY);

const isPublic = (value: unknown) => PRIVATE.every((member) => !(member in Object(value)));

const jwks = v.looseObject({
  keys: v.pipe(
    v.array(v.pipe(v.unknown(), v.check(isPublic, PRIVATE_KEY), key), KEYS),
    v.minLength(1, KEYS),
    v.maxLength(MAX_KEYS, KEYS),
    v.check((all) => {
      const kids = new Set(all.map(({ kid }) => kid));
      return all.length === 1 || (kids.size === all.length && !kids.has(undefined));
    }, KID),
  ),
}, KEYS);

const secret = v.pipe(
  v.string(SECRET),
  v.regex(/^[\x21-\x7e]{32,512}$/, SECRET),
  v.check((value) => new Set(value).size >= 8, SECRET),
);

/** `{ "jwks": { "keys": [...] } }` or `{ "secret": "..." }`. */
export const systemCredential = v.pipe(
  v.strictObject({ jwks: v.optional(jwks), secret: v.optional(secret) }, ONE),
  v.check((value) => (value.jwks === undefined) !== (value.secret === undefined), ONE),
  v.transform((value): SystemCredential =>
    value.jwks ? { kind: "keys", keys: value.jwks.keys } : { kind: "secret", secret: value.secret! }
  ),
);
