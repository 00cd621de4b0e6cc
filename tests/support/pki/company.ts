import {
  companyExtensions as issuedExtensions,
  type CompanyOptions,
  companySubject as issuedSubject,
} from "@/tools/pki/company.ts";
import type { Extension } from "./certificate.ts";
import { type Bytes, explicit, oid, sequence } from "./der.ts";

/** DER of the subject that the development PKI gives a company, for a certificate made by hand. */
export function companySubject(options: CompanyOptions): Bytes {
  return new Uint8Array(issuedSubject(options).toArrayBuffer());
}

/** The extensions that the development PKI gives a company, for a certificate made by hand. */
export function companyExtensions(options: CompanyOptions): Extension[] {
  return issuedExtensions(options).map(({ critical, type, value }) => (
    { oid: type, critical, value: new Uint8Array(value) }
  ));
}

/** `[0] { type-id, [0] value }` for a subjectAltName. */
export function otherName(id: string, value: Uint8Array): Bytes {
  return explicit(0, oid(id), explicit(0, value));
}

export function subjectAltName(...names: Uint8Array[]): Extension {
  return { oid: "2.5.29.17", value: sequence(...names) };
}
