import { AsnConvert } from "@peculiar/asn1-schema";
import { CRLNumber, id_ce_cRLNumber } from "@peculiar/asn1-x509";
import type { Bytes } from "@/core/certificate/der.ts";
import { type Authority, authorityKeyId } from "./authority.ts";
import { Extension, X509Certificate, type X509CrlEntryParams, X509CrlGenerator } from "./x509.ts";

export interface CrlSpec {
  /** Rises with every list. */
  number: number;
  thisUpdate: Date;
  nextUpdate: Date;
  /** Each with a reason: without one the library writes an empty list of extensions. */
  entries?: (X509CrlEntryParams & { reason: number })[];
}

/** Makes and signs a revocation list of an authority (RFC 5280, 5); answers its DER. */
export async function createCrl(
  { certificate, privateKey }: Authority,
  { number, ...spec }: CrlSpec,
): Promise<Bytes> {
  const list = await X509CrlGenerator.create({
    ...spec,
    issuer: new X509Certificate(certificate).subjectName,
    signingKey: privateKey,
    signingAlgorithm: privateKey.algorithm,
    extensions: [
      authorityKeyId(certificate),
      new Extension(id_ce_cRLNumber, false, AsnConvert.serialize(new CRLNumber(number))),
    ],
  });
  return new Uint8Array(list.rawData);
}
