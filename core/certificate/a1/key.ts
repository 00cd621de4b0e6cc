import { type Bytes, DerReader, enter, readOid, TAG } from "../der.ts";
import { type ChallengeAlgorithm, checkPossession } from "../possession.ts";
import type { Certificate } from "../x509.ts";
import { A1Failure } from "./failure.ts";

/** A private key that can sign and cannot leave the browser's key store. */
export interface SigningKey {
  readonly key: CryptoKey;
  readonly algorithm: ChallengeAlgorithm;
}

const RSA_KEY = "1.2.840.113549.1.1.1";
const EC_KEY = "1.2.840.10045.2.1";
const P256 = "1.2.840.10045.3.1.7";
const P384 = "1.3.132.0.34";

const SIGNING = {
  RS256: { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" },
  ES256: { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" },
  ES384: { name: "ECDSA", namedCurve: "P-384", hash: "SHA-384" },
} as const;

/** Imports a PKCS#8 key, not extractable, and wipes the bytes it came from. */
export async function importSigningKey(pkcs8: Bytes): Promise<SigningKey> {
  const algorithm = readKeyAlgorithm(pkcs8);
  try {
    const parameters = SIGNING[algorithm];
    const key = await crypto.subtle.importKey("pkcs8", pkcs8, parameters, false, ["sign"]);
    return { key, algorithm };
  } catch {
    // WebCrypto does not say what it dislikes about the key.
    throw new A1Failure("pfx_damaged");
  } finally {
    pkcs8.fill(0);
  }
}

function readKeyAlgorithm(pkcs8: Bytes): keyof typeof SIGNING {
  const fields = enter(pkcs8);
  fields.next(TAG.integer);
  const identifier = new DerReader(fields.next(TAG.sequence).content);
  const oid = readOid(identifier.next(TAG.oid).content);
  if (oid === RSA_KEY) return "RS256";
  const curve = oid === EC_KEY ? readOid(identifier.next(TAG.oid).content) : oid;
  if (curve === P256) return "ES256";
  if (curve === P384) return "ES384";
  throw new A1Failure("pfx_unsupported", { tipo: curve });
}

export async function sign({ algorithm, key }: SigningKey, data: Bytes): Promise<Bytes> {
  const parameters = SIGNING[algorithm as keyof typeof SIGNING];
  return new Uint8Array(await crypto.subtle.sign(parameters, key, data));
}

/** Whether key and certificate belong together, found out by using them. */
export async function belongsTo(key: SigningKey, certificate: Certificate): Promise<boolean> {
  const probe = crypto.getRandomValues(new Uint8Array(32));
  return await checkPossession(certificate, key.algorithm, await sign(key, probe), probe);
}
