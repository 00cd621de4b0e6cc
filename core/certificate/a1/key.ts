import { type Bytes, DerReader, enter, readOid, TAG } from "../der.ts";
import { CURVES, EC_KEY, RSA_KEY } from "../public_key.ts";
import { CHALLENGE_SCHEMES, type ChallengeAlgorithm, checkPossession } from "../signature.ts";
import type { Certificate } from "../x509.ts";
import { A1Failure } from "./failure.ts";

/** A private key that can sign and cannot leave the browser's key store. */
export interface A1Key {
  readonly key: CryptoKey;
  readonly algorithm: ChallengeAlgorithm;
}

/** Imports a PKCS#8 key, not extractable, and wipes the bytes it came from. */
export async function importA1Key(pkcs8: Bytes): Promise<A1Key> {
  const algorithm = readKeyAlgorithm(pkcs8);
  try {
    const parameters = CHALLENGE_SCHEMES[algorithm];
    const key = await crypto.subtle.importKey("pkcs8", pkcs8, parameters, false, ["sign"]);
    return { key, algorithm };
  } catch {
    // WebCrypto does not say what it dislikes about the key.
    throw new A1Failure("pfx_damaged");
  } finally {
    pkcs8.fill(0);
  }
}

function readKeyAlgorithm(pkcs8: Bytes): ChallengeAlgorithm {
  const fields = enter(pkcs8);
  fields.next(TAG.integer);
  const identifier = new DerReader(fields.next(TAG.sequence).content);
  const oid = readOid(identifier.next(TAG.oid).content);
  if (oid === RSA_KEY) return "RS256";
  const curve = oid === EC_KEY ? readOid(identifier.next(TAG.oid).content) : oid;
  if (CURVES[curve] === "P-256") return "ES256";
  if (CURVES[curve] === "P-384") return "ES384";
  throw new A1Failure("pfx_unsupported", { tipo: curve });
}

export async function sign({ algorithm, key }: A1Key, data: Bytes): Promise<Bytes> {
  const parameters = CHALLENGE_SCHEMES[algorithm];
  return new Uint8Array(await crypto.subtle.sign(parameters, key, data));
}

/** Whether key and certificate belong together, found out by using them. */
export async function belongsTo(key: A1Key, certificate: Certificate): Promise<boolean> {
  const probe = crypto.getRandomValues(new Uint8Array(32));
  return await checkPossession(certificate, key.algorithm, await sign(key, probe), probe);
}
