import { fromBase64Url } from "../../base64url.ts";
import { type Challenge, issueChallenge, redeemChallenge } from "../../challenge.ts";
import type { Deps } from "../../deps.ts";
import { accept, refuse, type Result } from "../../result.ts";
import { type ComputerJwk, thumbprintOf } from "./thumbprint.ts";
import { auditOwn } from "../../audit/append.ts";
import { keys } from "../../store/keys.ts";
import type { LoggedIn, Session } from "../../store/records/session.ts";
import { transact } from "../../store/transact.ts";
import type { AccountCode } from "../messages.ts";
import { advanceSession, currentLogin } from "../session.ts";

/** What the signature of a computer's key is good for. */
const PURPOSES = {
  login: "reconhecer este computador",
  request: "pedir acesso para este computador",
  handoff: "entrar em outro sistema a partir deste computador",
} as const;

export type ComputerPurpose = keyof typeof PURPOSES;

/** What a browser answers to a challenge, as it arrives. */
export interface ComputerProof {
  challengeId: string;
  /** The public key; read strictly by `verifyComputerProof`. */
  jwk: unknown;
  /** ECDSA with SHA-256 over the challenge's text: r and s side by side, base64url. */
  signature: string;
}

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;
const SIGNATURE_BYTES = 64;

export function readComputerPurpose(value: unknown): ComputerPurpose | null {
  return typeof value === "string" && Object.hasOwn(PURPOSES, value)
    ? value as ComputerPurpose
    : null;
}

/** The shape of a proof; what it is worth is for `verifyComputerProof` to say. */
export function readComputerProof(value: unknown): Result<ComputerProof, AccountCode> {
  const { challengeId, jwk, signature } = Object(value) as Record<string, unknown>;
  return typeof challengeId === "string" && typeof signature === "string"
    ? accept({ challengeId, jwk, signature })
    : refuse("computer_proof_malformed");
}

/** Makes a text to be signed with the key of a computer. Good for 5 minutes, once, in one session. */
export function createComputerChallenge(
  deps: Deps,
  { purpose, sessionId }: { purpose: ComputerPurpose; sessionId: string },
): Challenge {
  return issueChallenge(deps, { purpose: nameOf(purpose), words: PURPOSES[purpose], sessionId });
}

/** Apart from the purposes of the keys in certificates. */
function nameOf(purpose: ComputerPurpose): string {
  return `computer-${purpose}`;
}

/**
 * Which computer signed a challenge. The portal keeps no public keys: the thumbprint names the key
 * that comes with the signature, and without the private half of it there is no signature. The challenge
 * is used up whatever comes out.
 *
 * @returns the thumbprint
 *
 * @example
 * const computer = await verifyComputerProof(deps, { ...proof, purpose: "handoff", sessionId });
 * if (!computer.ok) return explain(computer);
 */
export async function verifyComputerProof(
  deps: Deps,
  proof: ComputerProof & { purpose: ComputerPurpose; sessionId: string },
): Promise<Result<string, AccountCode>> {
  const { challengeId: id, sessionId } = proof;
  const text = await redeemChallenge(deps, { id, purpose: nameOf(proof.purpose), sessionId });
  if (!text.ok) return refuse(`computer_challenge_${text.code}`);
  const signature = fromBase64Url(proof.signature);
  if (signature?.length !== SIGNATURE_BYTES) return refuse("computer_signature_malformed");
  const jwk = readComputerKey(proof.jwk);
  if (!jwk.ok) return jwk;
  return await isSignedBy(jwk.data, signature, text.data)
    ? accept(await thumbprintOf(jwk.data))
    : refuse("computer_signature_mismatch");
}

async function isSignedBy(
  jwk: ComputerJwk,
  signature: Uint8Array<ArrayBuffer>,
  text: string,
): Promise<boolean> {
  const key = await crypto.subtle.importKey("jwk", { ...jwk }, ALGORITHM, false, ["verify"]);
  return await crypto.subtle.verify(ALGORITHM, key, signature, new TextEncoder().encode(text));
}

/** NIST SP 800-186, 3.2.1.3: y² = x³ - 3x + b over the integers modulo p. */
const P = 0xffffffff00000001000000000000000000000000ffffffffffffffffffffffffn;
const B = 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn;

/**
 * Reads the public key that a browser sent: EC P-256 with its four members and no others, so that one
 * key has one spelling and one thumbprint. A private member is refused apart from the rest.
 */
export function readComputerKey(value: unknown): Result<ComputerJwk, AccountCode> {
  if (typeof value !== "object" || value === null) return refuse("computer_key_malformed");
  const { kty, crv, x, y, ...others } = value as Record<string, unknown>;
  if ("d" in others) return refuse("computer_key_private");
  if (kty !== "EC") {
    return refuse(typeof kty === "string" ? "computer_key_type" : "computer_key_malformed");
  }
  if (crv !== "P-256") {
    return refuse(typeof crv === "string" ? "computer_key_curve" : "computer_key_malformed");
  }
  if (typeof x !== "string" || typeof y !== "string" || Object.keys(others).length > 0) {
    return refuse("computer_key_malformed");
  }
  return isPoint(x, y) ? accept({ kty, crv, x, y }) : refuse("computer_key_malformed");
}

/** Checked here, since the import of a key by the runtime takes any two numbers. */
function isPoint(encodedX: string, encodedY: string): boolean {
  const x = coordinate(encodedX);
  const y = coordinate(encodedY);
  if (x === null || y === null) return false;
  return (y * y - (x * x * x - 3n * x + B)) % P === 0n;
}

function coordinate(text: string): bigint | null {
  // 32 bytes are 43 characters.
  const bytes = text.length === 43 ? fromBase64Url(text) : null;
  if (!bytes) return null;
  const number = bytes.reduce((sum, octet) => sum * 256n + BigInt(octet), 0n);
  return number < P ? number : null;
}

/**
 * Notes in the session which computer it is at. Says nothing about what that computer may do: it
 * has to be approved for an establishment, which is looked up where it matters. Logged when the
 * session comes to know the computer, not at each further proof.
 */
export async function proveComputer(
  deps: Deps,
  session: Session<LoggedIn>,
  proof: ComputerProof & { purpose: Exclude<ComputerPurpose, "handoff"> },
): Promise<Result<Session<LoggedIn>, AccountCode>> {
  const computer = await verifyComputerProof(deps, { ...proof, sessionId: session.id });
  if (!computer.ok) return computer;
  return await transact(deps.kv, async (tx) => {
    const current = await currentLogin(deps, tx, session);
    const person = await tx.get(keys.account(session.state.account));
    if (!current || !person?.active) return refuse("session_ended");
    if (current.state.computer === computer.data) return accept(current);
    await auditOwn(deps, tx, person, "computer.recognised", {
      computer: computer.data,
      purpose: proof.purpose,
    });
    return accept(
      advanceSession(deps, tx, current, { ...current.state, computer: computer.data }),
    );
  });
}

/** The browser has lost the key (its data were cleared), so the session is at no known computer. */
export async function forgetComputer(deps: Deps, session: Session<LoggedIn>): Promise<void> {
  await transact(deps.kv, async (tx) => {
    const current = await currentLogin(deps, tx, session);
    if (!current?.state.computer) return;
    const { computer: _, ...state } = current.state;
    advanceSession(deps, tx, current, state);
  });
}
