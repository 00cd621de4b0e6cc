/**
 * Opening an A1 file and signing with it, in the browser. Only what WebCrypto and small pure modules
 * can do: no Deno, no Node. Loaded when a file has been chosen, never before.
 */
import type { Refusal } from "../../result.ts";
import { encodeBase64 } from "../base64.ts";
import { identityMessages } from "../identity_messages.ts";
import { sign } from "./key.ts";
import { a1Messages } from "./messages.ts";
import type { A1 } from "./open.ts";

export { describeLeaf, type LeafSummary } from "./describe.ts";
export { type A1, openA1 } from "./open.ts";

/** The fields of the form that enters the portal. */
export interface SignedForm {
  certificates: string;
  signature: string;
  algorithm: string;
}

/** Signs the text of a challenge, as UTF-8. */
export async function signChallenge(a1: A1, text: string): Promise<SignedForm> {
  const signature = await sign(a1, new TextEncoder().encode(text));
  return {
    certificates: publicCertificates(a1),
    signature: encodeBase64(signature),
    algorithm: a1.algorithm,
  };
}

/** What of the file may be sent: its certificates, without the key. */
export function publicCertificates({ certificates }: A1): string {
  return certificates.map(encodeBase64).join();
}

const messages = { ...identityMessages, ...a1Messages };

/** What a refusal to open or to describe a file says to the person. */
export function explainA1({ code, detail }: Refusal<keyof typeof messages>): string {
  return messages[code].replace(/\{(\w+)\}/g, (_, name: string) => String(detail?.[name] ?? ""));
}
