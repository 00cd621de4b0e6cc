/**
 * How a target system checks who arrives from Habilita. It needs nothing but `jose`; copy the file,
 * or read it beside docs/integration.md and write the same in your language.
 */
import {
  calculateJwkThumbprint,
  createRemoteJWKSet,
  EmbeddedJWK,
  errors,
  type JWK,
  type JWTPayload,
  jwtVerify,
  SignJWT,
} from "jose";

/** Whom the portal has handed over. */
export interface Arrival {
  /**
   * Id of the account in the portal: the key of your users, and the only one. Never find a user by a
   * CPF, least of all by one that is only informed.
   */
  sub: string;
  /** Only a CPF that is proved; then `cpf_proof` says by what, e.g. `govbr:silver`. */
  cpf?: string;
  cpf_proof?: string;
  /** In its place, a CPF that somebody has given, and who: it may be another person's. */
  cpf_informed?: string;
  cpf_informed_by?: string;
  /** How the person has entered the portal: by what, how strongly, when (seconds since the epoch). */
  amr: string[];
  acr: string;
  auth_time: number;
  name: string;
  cnes: string;
  profile: "ADMINISTRADOR" | "OPERADOR" | "CONSULTADOR" | "CADASTRADOR";
  cns?: string;
  cns_quality?: "alta" | "desconhecida";
  /** Id of this hand-off, for your log. */
  jti: string;
}

/** By what you show the portal that it is you who redeems: your key, or a secret. */
export type Credential = { key: CryptoKey; alg: string; kid?: string } | { secret: string };

/** The two fields of the form, and the request's `Origin` header. */
export interface HandoffForm {
  token: string;
  proof: string;
  origin: string | null;
}

export type Problem =
  | "origin_wrong"
  | "token_invalid"
  | "token_key_unknown"
  | "token_late"
  | "audience_wrong"
  | "proof_invalid"
  | "computer_wrong"
  | "replayed"
  | "not_active"
  | "credential_wrong"
  | "portal_unreachable";

/** Somebody is not let in. The code is for your log and for choosing your words. */
export class Refused extends Error {
  override name = "Refused";
  readonly problem: Problem;
  constructor(problem: Problem, cause?: unknown) {
    super(problem, { cause });
    this.problem = problem;
  }
}

/** What clocks may differ by (seconds). */
const SKEW = 5;
const LIFE = 60;

interface Token extends JWTPayload, Omit<Arrival, "sub" | "jti"> {
  sub: string;
  jti: string;
  iat: number;
  exp: number;
  cnf: { jkt: string };
}

/** You, the portal, and the clock. */
export interface Door {
  /** Origin of the portal, e.g. `https://portal.example.br`. */
  portal: string;
  /** Your `id` in the portal's list of systems, e.g. `cadsus-web`. */
  system: string;
  credential: Credential;
  /** Milliseconds since the epoch; another clock only in tests. */
  now?: () => number;
}

/**
 * @example
 * const key = await importPKCS8(pem, "ES256");
 * const credential = { key, alg: "ES256", kid: "2026-1" };
 * const admit = createDoor({ portal: "https://portal.example.br", system: "cadsus-web", credential });
 * const person = await admit({ token, proof, origin: request.headers.get("origin") });
 */
export function createDoor(
  { portal, system, credential, now = Date.now }: Door,
): (form: HandoffForm) => Promise<Arrival> {
  // Fetched when first needed, kept, and fetched again for a key that is not in it.
  const keys = createRemoteJWKSet(new URL("/.well-known/jwks.json", portal), {
    cacheMaxAge: 60 * 60_000,
    cooldownDuration: 30_000,
    timeoutDuration: 5_000,
  });
  const isNew = createMemory(now);

  return async ({ token, proof, origin }) => {
    // 1. The form comes from the portal, not from a page that puts its own hand-off on somebody.
    if (origin !== null && origin !== portal) throw new Refused("origin_wrong");

    // 2. The token: signed by the portal with EdDSA and nothing else, for us, just now.
    const { payload } = await jwtVerify<Token>(token, keys, {
      algorithms: ["EdDSA"],
      typ: "habilita-handoff+jwt",
      issuer: portal,
      audience: system,
      maxTokenAge: LIFE,
      clockTolerance: SKEW,
      currentDate: new Date(now()),
      requiredClaims: [
        "sub",
        "jti",
        "exp",
        "name",
        "cnes",
        "profile",
        "amr",
        "acr",
        "auth_time",
        "cnf",
      ],
    }).catch((error) => {
      throw new Refused(problemOf(error), error);
    });

    // Either a proved CPF, or one that somebody has given: never both, never neither.
    const proved = payload.cpf !== undefined && payload.cpf_proof !== undefined;
    const informed = payload.cpf_informed !== undefined && payload.cpf_informed_by !== undefined;
    if (proved === informed) throw new Refused("token_invalid");

    // 3. The proof: signed for this very token, with the key of the approved computer.
    await checkProof(proof, token, payload, system);

    // 4. Once: here ...
    if (!isNew(payload.jti, payload.exp)) throw new Refused("replayed");
    // ... and at the portal, which also knows whether the person was deactivated a moment ago.
    await redeem({ portal, system, credential, now }, token, payload.jti);

    const { sub, jti, name, cnes, profile, cns, cns_quality, amr, acr, auth_time } = payload;
    const { cpf, cpf_proof, cpf_informed, cpf_informed_by } = payload;
    return {
      ...{ sub, jti, name, cnes, profile, cns, cns_quality, amr, acr, auth_time },
      ...proved ? { cpf, cpf_proof } : { cpf_informed, cpf_informed_by },
    };
  };
}

async function checkProof(
  proof: string,
  token: string,
  { cnf, iat }: Token,
  system: string,
): Promise<void> {
  const { payload, protectedHeader } = await jwtVerify(proof, EmbeddedJWK, {
    algorithms: ["ES256"],
    typ: "habilita-proof+jwt",
    audience: system,
    // Its time is that of the token, whose age is checked: people's clocks are often wrong.
    currentDate: new Date(iat * 1_000),
    requiredClaims: ["iat", "jti", "ath"],
  }).catch((error) => {
    throw new Refused("proof_invalid", error);
  });
  if (payload.ath !== await sha256(token)) throw new Refused("proof_invalid");
  const thumbprint = await calculateJwkThumbprint(protectedHeader.jwk as JWK);
  if (thumbprint !== cnf.jkt) throw new Refused("computer_wrong");
}

async function redeem(door: Required<Door>, token: string, jti: string): Promise<void> {
  const address = new URL("/api/handoff/redeem", door.portal).href;
  const answer = await fetch(address, {
    method: "POST",
    body: new URLSearchParams({ token, ...await authenticate(door, address) }),
    redirect: "error",
    signal: AbortSignal.timeout(5_000),
  }).then(async (response) => {
    if (response.status === 401) throw new Refused("credential_wrong");
    if (!response.ok) throw new Error(`the portal answered ${response.status}`);
    return await response.json();
  }).catch((error) => {
    throw error instanceof Refused ? error : new Refused("portal_unreachable", error);
  });
  if (answer.active !== true || answer.jti !== jti) throw new Refused("not_active");
}

/** The fields that say who asks: a new assertion for each request (RFC 7523, 2.2), or the secret. */
async function authenticate(
  { system, credential, now }: Required<Door>,
  address: string,
): Promise<Record<string, string>> {
  if ("secret" in credential) return { client_id: system, client_secret: credential.secret };
  const { key, alg, kid } = credential;
  const iat = Math.floor(now() / 1_000);
  const assertion = await new SignJWT()
    .setProtectedHeader({ alg, kid })
    .setIssuer(system)
    .setSubject(system)
    .setAudience(address)
    .setJti(crypto.randomUUID())
    .setIssuedAt(iat)
    .setExpirationTime(iat + LIFE)
    .sign(key);
  return {
    client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
    client_assertion: assertion,
  };
}

/** Tokens seen and not run out yet. Several processes of yours need a common memory. */
function createMemory(now: () => number): (jti: string, exp: number) => boolean {
  const seen = new Map<string, number>();
  return (jti, exp) => {
    for (const [old, until] of seen) if (until < now()) seen.delete(old);
    if (seen.has(jti)) return false;
    seen.set(jti, (exp + SKEW) * 1_000);
    return true;
  };
}

function problemOf(error: unknown): Problem {
  if (error instanceof errors.JWTExpired) return "token_late";
  if (error instanceof errors.JWTClaimValidationFailed) {
    return error.claim === "aud" ? "audience_wrong" : "token_invalid";
  }
  if (error instanceof errors.JWKSNoMatchingKey) return "token_key_unknown";
  if (error instanceof errors.JWKSTimeout) return "portal_unreachable";
  if (error instanceof errors.JOSEError && error.code === "ERR_JOSE_GENERIC") {
    return "portal_unreachable"; // The keys were answered with something other than 200.
  }
  return error instanceof errors.JOSEError ? "token_invalid" : "portal_unreachable";
}

async function sha256(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return btoa(String.fromCharCode(...new Uint8Array(digest)))
    .replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
