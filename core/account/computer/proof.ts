import { fromBase64Url } from "../../base64url.ts";
import { type Challenge, issueChallenge, redeemChallenge } from "../../challenge.ts";
import type { Deps } from "../../deps.ts";
import { accept, refuse, type Result } from "../../result.ts";
import type { ComputerCode } from "./messages.ts";
import { readComputerKey } from "./public_key.ts";
import { type ComputerJwk, thumbprintOf } from "./thumbprint.ts";

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
export function readComputerProof(value: unknown): Result<ComputerProof, ComputerCode> {
  const { challengeId, jwk, signature } = Object(value) as Record<string, unknown>;
  return typeof challengeId === "string" && typeof signature === "string"
    ? accept({ challengeId, jwk, signature })
    : refuse("computer_proof_malformed");
}

/** Makes a text to be signed with the key of a computer. Good for 5 minutes, once, in one session. */
export function createComputerChallenge(
  deps: Deps,
  { purpose, sessionId }: { purpose: ComputerPurpose; sessionId: string },
): Promise<Challenge> {
  return issueChallenge(deps, { purpose: nameOf(purpose), words: PURPOSES[purpose], sessionId });
}

/** Apart from the purposes of the keys in certificates. */
function nameOf(purpose: ComputerPurpose): string {
  return `computer-${purpose}`;
}

/**
 * Which computer signed a challenge. The portal keeps no public keys: the thumbprint names the key
 * that comes with the signature, and whoever holds no private half of it cannot sign. The challenge
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
): Promise<Result<string, ComputerCode>> {
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
