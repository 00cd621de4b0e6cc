/** The development PKI: authorities, company certificates and A1 files. Never used in production. */
export {
  type CompanyOptions,
  issueCertificate,
  issueCompanyCertificate,
  type IssuedCertificate,
} from "./company.ts";
export { issuePersonCertificate, type PersonOptions } from "./person.ts";
export { createCrl } from "./authority.ts";
export { createPki, CRL_HOST, crlUrl, openPki, type Pki } from "./pki.ts";
export { encodePkcs12, type Pkcs12Options } from "./pkcs12.ts";
