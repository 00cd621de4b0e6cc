import { toDer } from "../../core/certificate/a1/ber.ts";
import {
  type Bytes,
  constructed,
  DerError,
  DerReader,
  enter,
  readOid,
  TAG,
} from "../../core/certificate/der.ts";

const SIGNED_DATA = "1.2.840.113549.1.7.2";

/**
 * The certificates in a PKCS#7 file (.p7b): SignedData with nothing signed (RFC 5652, 5.1). Nothing
 * in it is believed for being there; the import decides about each certificate.
 * @throws {DerError} when it is not such a file
 */
export function readPkcs7Certificates(bytes: Bytes): Bytes[] {
  const outer = enter(toDer(bytes));
  if (readOid(outer.next(TAG.oid).content) !== SIGNED_DATA) throw new DerError("not SignedData");
  const signedData = enter(outer.next(constructed(0)).content);
  signedData.next(TAG.integer);
  signedData.next(TAG.set);
  signedData.next(TAG.sequence);
  const certificates = signedData.optional(constructed(0));
  if (!certificates) return [];
  const reader = new DerReader(certificates.content);
  const found: Bytes[] = [];
  while (!reader.done) {
    const { tag, bytes } = reader.next();
    // The other choices of this set are old forms that no authority uses.
    if (tag === TAG.sequence) found.push(bytes);
  }
  return found;
}
