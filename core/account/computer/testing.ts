import { toBase64Url } from "../../base64url.ts";
import type { Challenge } from "../../challenge.ts";
import type { ComputerProof } from "./proof.ts";
import { type ComputerJwk, thumbprintOf } from "./thumbprint.ts";

/** A computer as its browser keeps it. */
export interface TestComputer {
  jwk: ComputerJwk;
  privateKey: CryptoKey;
  thumbprint: string;
}

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;

export async function makeComputer(): Promise<TestComputer> {
  const pair = await crypto.subtle.generateKey(ALGORITHM, false, ["sign"]);
  const { x, y } = await crypto.subtle.exportKey("jwk", pair.publicKey);
  const jwk: ComputerJwk = { kty: "EC", crv: "P-256", x: x!, y: y! };
  return { jwk, privateKey: pair.privateKey, thumbprint: await thumbprintOf(jwk) };
}

/** What a browser answers to a challenge. */
export async function signWith(
  { jwk, privateKey }: TestComputer,
  { id, text }: Pick<Challenge, "id" | "text">,
): Promise<ComputerProof> {
  const data = new TextEncoder().encode(text);
  const signature = new Uint8Array(await crypto.subtle.sign(ALGORITHM, privateKey, data));
  return { challengeId: id, jwk, signature: toBase64Url(signature) };
}
