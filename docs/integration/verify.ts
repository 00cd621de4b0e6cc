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
} from "jose";

/** Whom the portal has handed over. */
export interface Arrival {
  /** Id of the person in the portal; keep this one to know them again. */
  sub: string;
  cpf: string;
  name: string;
  cnes: string;
  profile: "ADMINISTRADOR" | "OPERADOR" | "CONSULTADOR" | "CADASTRADOR";
  /** A `declarado` CPF was typed by the person and checked by nobody. */
  identified_by: "govbr" | "certificado" | "operadora" | "declarado";
  cns?: string;
  cns_quality?: "alta" | "desconhecida";
  /** Id of this hand-off, for your log. */
  jti: string;
}

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

/**
 * @param portal origin of the portal, e.g. `https://portal.example.br`
 * @param audience your own origin, as people's browsers see it
 * @param now milliseconds since the epoch; another clock only in tests
 *
 * @example
 * const admit = createDoor({ portal: "https://portal.example.br", audience: "https://cadsus.example" });
 * const person = await admit({ token, proof, origin: request.headers.get("origin") });
 */
export function createDoor(
  { portal, audience, now = Date.now }: { portal: string; audience: string; now?: () => number },
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
      audience,
      maxTokenAge: LIFE,
      clockTolerance: SKEW,
      currentDate: new Date(now()),
      requiredClaims: [
        "sub",
        "jti",
        "exp",
        "cpf",
        "name",
        "cnes",
        "profile",
        "identified_by",
        "cnf",
      ],
    }).catch((error) => {
      throw new Refused(problemOf(error), error);
    });

    // 3. The proof: signed for this very token, with the key of the approved computer.
    await checkProof(proof, token, payload, audience);

    // 4. Once: here ...
    if (!isNew(payload.jti, payload.exp)) throw new Refused("replayed");
    // ... and at the portal, which also knows whether the person was deactivated a moment ago.
    await redeem(portal, token, payload.jti);

    const { sub, cpf, name, cnes, profile, identified_by, cns, cns_quality, jti } = payload;
    return { sub, cpf, name, cnes, profile, identified_by, cns, cns_quality, jti };
  };
}

async function checkProof(
  proof: string,
  token: string,
  { cnf, iat }: Token,
  audience: string,
): Promise<void> {
  const { payload, protectedHeader } = await jwtVerify(proof, EmbeddedJWK, {
    algorithms: ["ES256"],
    typ: "habilita-proof+jwt",
    audience,
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

async function redeem(portal: string, token: string, jti: string): Promise<void> {
  const answer = await fetch(new URL("/api/handoff/redeem", portal), {
    method: "POST",
    body: new URLSearchParams({ token }),
    redirect: "error",
    signal: AbortSignal.timeout(5_000),
  }).then(async (response) => {
    if (!response.ok) throw new Error(`the portal answered ${response.status}`);
    return await response.json();
  }).catch((error) => {
    throw new Refused("portal_unreachable", error);
  });
  if (answer.active !== true || answer.jti !== jti) throw new Refused("not_active");
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
