import { createLocalJWKSet, decodeJwt, type JWTPayload, jwtVerify } from "jose";
import type { System, SystemKey } from "../config/mod.ts";
import type { Deps } from "../deps.ts";
import { keyedHash, timingSafeEqual } from "../secrets.ts";
import { keys } from "../store/keys.ts";
import { transact } from "../store/transact.ts";
import type { ClientCredentials } from "./client_credentials.ts";

/** Where target systems redeem, in the address of the portal. */
export const REDEEM_PATH = "/api/handoff/redeem";

/** How long a client assertion may be good (seconds). */
export const ASSERTION_LIFE = 60;
/** What the clocks of a target system and of the portal may differ by (seconds). */
const SKEW = 5;
/** Longer than any assertion is good, also when the clock is set back a little (ms). */
const KEPT_FOR = 60 * 60_000;
/** Characters. */
const LONGEST = { assertion: 4_096, jti: 256 };
const ALGORITHMS = ["ES256", "EdDSA", "Ed25519", "PS256", "RS256"];

/** Why a credential is worth nothing; for the audit log, not for who asks. */
export type ClientProblem =
  | "missing"
  | "unknown_client"
  | "other_method"
  | "secret_wrong"
  | "assertion_invalid"
  | "assertion_replayed";

export type Client =
  | { ok: true; system: System }
  /** `system` is the one that it claims to be, if there is such a one. */
  | { ok: false; problem: ClientProblem; system: System | null };

/** Which target system asks? An assertion is used up by this, also when nothing comes of the rest. */
export async function authenticateClient(
  deps: Deps,
  given: ClientCredentials,
): Promise<Client> {
  if (given.kind === "none") return { ok: false, problem: "missing", system: null };
  const id = given.id || (given.kind === "assertion" ? issuerOf(given.assertion) : "");
  const system = deps.config.systems.find((one) => one.id === id && one.access === "steps") ?? null;
  const known = system?.credential;
  if (!known) return { ok: false, problem: "unknown_client", system };
  const refused = (problem: ClientProblem): Client => ({ ok: false, problem, system });
  if (known.kind === "secret" && given.kind === "secret") {
    return timingSafeEqual(given.secret, known.secret)
      ? { ok: true, system }
      : refused("secret_wrong");
  }
  if (known.kind !== "keys" || given.kind !== "assertion") return refused("other_method");
  const jti = await verifyAssertion(deps, system.id, known.keys, given.assertion);
  if (jti === null) return refused("assertion_invalid");
  return await isFirstUse(deps, system.id, jti)
    ? { ok: true, system }
    : refused("assertion_replayed");
}

/** Whom an assertion claims to be of; not yet verified. */
function issuerOf(assertion: string): string {
  if (assertion.length > LONGEST.assertion) return "";
  try {
    return decodeJwt(assertion).iss ?? "";
  } catch {
    return "";
  }
}

/** The `jti` of an assertion that the system has signed for this very address, just now; else null. */
async function verifyAssertion(
  deps: Deps,
  id: string,
  known: readonly SystemKey[],
  assertion: string,
): Promise<string | null> {
  if (assertion.length > LONGEST.assertion) return null;
  const now = deps.now();
  const audience = deps.config.origin + REDEEM_PATH;
  try {
    const { payload } = await jwtVerify<JWTPayload & { exp: number; jti: string }>(
      assertion,
      createLocalJWKSet({ keys: [...known] }),
      {
        algorithms: ALGORITHMS,
        issuer: id,
        subject: id,
        audience,
        requiredClaims: ["exp", "iat", "jti"],
        maxTokenAge: ASSERTION_LIFE,
        clockTolerance: SKEW,
        currentDate: new Date(now),
      },
    );
    const { aud, exp, jti } = payload;
    // One with several audiences could be sent on by any of the others.
    if (typeof aud !== "string") return null;
    if (exp > now / 1_000 + ASSERTION_LIFE + SKEW) return null;
    return typeof jti === "string" && jti !== "" && jti.length <= LONGEST.jti ? jti : null;
  } catch {
    return null;
  }
}

/** Of two at once one is first. */
async function isFirstUse(deps: Deps, system: string, jti: string): Promise<boolean> {
  const key = keys.clientAssertion(
    system,
    keyedHash(deps.config, "client assertions", system, jti),
  );
  return await transact(deps.kv, async (tx) => {
    if (await tx.get(key)) return false;
    tx.set(key, { expiresAt: deps.now() + KEPT_FOR }, { expireIn: KEPT_FOR });
    return true;
  });
}
