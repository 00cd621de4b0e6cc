import { createLocalJWKSet, jwtVerify, SignJWT } from "jose";
import type { Acr } from "../config/choices.ts";
import type { Deps } from "../deps.ts";
import type { AccountId, CnsQuality } from "../store/records/account.ts";
import type { Amr } from "../store/records/session.ts";
import { publishedKeys, signingKey } from "./signing_keys.ts";

/** How long a token may be on its way (seconds). */
export const TOKEN_LIFE = 60;
/** Says what kind of token it is, so that no other one of the portal is taken for it (RFC 8725, 3.11). */
export const TOKEN_TYPE = "habilita-handoff+jwt";

/** A CPF (11 digits) with its proof, e.g. `govbr:silver` or `ecpf`, or with who gave it. */
export type CpfClaims =
  | { cpf: string; cpf_proof: string; cpf_informed?: undefined; cpf_informed_by?: undefined }
  | { cpf_informed: string; cpf_informed_by: string; cpf?: undefined; cpf_proof?: undefined };

/** How the session was begun, in OpenID's terms; `auth_time` in seconds since the epoch. */
export interface AuthenticationClaims {
  amr: readonly Amr[];
  acr: Acr;
  auth_time: number;
}

/** What a token says of a person; docs/integration.md explains each to target systems. */
export type HandoffClaims = CpfClaims & AuthenticationClaims & {
  /** Id of the account; the same at every hand-off, and another for another account of the person. */
  sub: AccountId;
  jti: string;
  /** As the account has it. */
  name: string;
  /** 7 digits. */
  cnes: string;
  profile: string;
  /** 15 digits; missing when the person has given none. */
  cns?: string;
  /** How the national register grades it; only with `cns`. */
  cns_quality?: CnsQuality;
  /** Only who has the key of this thumbprint may use the token (RFC 7800, RFC 9449). */
  cnf: { jkt: string };
};

/** A verified token: with where it comes from, where it goes, and its times (seconds). */
export type HandoffToken = HandoffClaims & {
  iss: string;
  aud: string;
  iat: number;
  nbf: number;
  exp: number;
};

/** Signs a token for the system `aud`, by its id; `iat` in seconds since the epoch. */
export async function signToken(
  deps: Deps,
  aud: string,
  iat: number,
  claims: HandoffClaims,
): Promise<string> {
  const { kid, key } = await signingKey(deps);
  return await new SignJWT({ ...claims })
    .setProtectedHeader({ alg: "EdDSA", typ: TOKEN_TYPE, kid })
    .setIssuer(deps.config.origin)
    .setAudience(aud)
    .setIssuedAt(iat)
    .setNotBefore(iat)
    .setExpirationTime(iat + TOKEN_LIFE)
    .sign(key);
}

/**
 * The content of a token that the portal has signed and that has not run out; else null. For which
 * system it is, is for the caller to look at.
 */
export async function verifyToken(deps: Deps, token: string): Promise<HandoffToken | null> {
  const keySet = createLocalJWKSet({ keys: await publishedKeys(deps) });
  try {
    const { payload } = await jwtVerify<HandoffToken>(token, keySet, {
      algorithms: ["EdDSA"],
      typ: TOKEN_TYPE,
      issuer: deps.config.origin,
      currentDate: new Date(deps.now()),
    });
    return payload;
  } catch {
    return null;
  }
}
