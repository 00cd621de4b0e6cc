import type { ComputerProof, ComputerPurpose } from "@/core/account/computer/proof.ts";
import { toBase64Url } from "@/core/base64url.ts";
import type { ComputerKey } from "./computer_key.ts";

/** What the portal answered, or what to tell the person. */
export type Answer<T> = { ok: true; data: T } | { ok: false; message: string };

const NO_ANSWER = "O portal não respondeu. Verifique a conexão e tente de novo.";

/** Posts JSON to the portal. A refusal brings its message along. */
export async function postJson<T>(address: string, body: unknown): Promise<Answer<T>> {
  try {
    const response = await fetch(address, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    const data = await response.json();
    return response.ok ? { ok: true, data } : { ok: false, message: data.message };
  } catch {
    return { ok: false, message: NO_ANSWER };
  }
}

/** Signs a fresh challenge for one purpose. */
export async function signChallenge(
  key: ComputerKey,
  purpose: ComputerPurpose,
): Promise<Answer<ComputerProof>> {
  const challenge = await postJson<{ id: string; text: string }>("/api/computador", { purpose });
  if (!challenge.ok) return challenge;
  const { id, text } = challenge.data;
  const signature = toBase64Url(await key.sign(new TextEncoder().encode(text)));
  return { ok: true, data: { challengeId: id, jwk: key.jwk, signature } };
}

/** Lets the session know which computer it is at. */
export async function postComputerProof(
  key: ComputerKey,
  purpose: "login" | "request",
): Promise<Answer<{ thumbprint: string }>> {
  const proof = await signChallenge(key, purpose);
  return proof.ok ? await postJson("/api/computador/prova", { purpose, ...proof.data }) : proof;
}
