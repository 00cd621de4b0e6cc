/**
 * Opening an A1 file and signing with it, in the browser. Only what WebCrypto and small pure modules
 * can do: no Deno, no Node. Loaded when a file has been chosen, never before.
 */
import type { Result } from "../../result.ts";
import { refuse } from "../../result.ts";
import { encodeBase64 } from "../base64.ts";
import { type CertificateIdentity, type IdentityCode, readIdentity } from "../identity.ts";
import { tryParseCertificate } from "../x509.ts";
import { sign } from "./key.ts";
import type { A1 } from "./open.ts";

export { type A1, openA1 } from "./open.ts";
export { type A1Code, a1Messages } from "./messages.ts";

/**
 * What the file's certificate says, for the person to see before signing. Nothing of it has been
 * checked against an authority yet; the portal does that.
 */
export async function describeLeaf(
  a1: A1,
): Promise<Result<CertificateIdentity, IdentityCode | "certificate_malformed">> {
  const leaf = tryParseCertificate(a1.certificates[0]!);
  return leaf ? await readIdentity(leaf, { seals: true }) : refuse("certificate_malformed");
}

/** Signs the text of a challenge; the answer goes into the form as it is. */
export async function signChallenge(
  a1: A1,
  text: string,
): Promise<{ signature: string; algorithm: string }> {
  const signature = await sign(a1, new TextEncoder().encode(text));
  return { signature: encodeBase64(signature), algorithm: a1.algorithm };
}
