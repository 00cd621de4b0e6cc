import type { AuthorityKey } from "./extensions.ts";
import type { Certificate } from "./x509.ts";

/** Certificates by subject, for finding those that may have issued another one. */
export class IssuerIndex {
  readonly #bySubject = new Map<string, Certificate[]>();

  constructor(certificates: Iterable<Certificate>) {
    for (const certificate of certificates) {
      const same = this.#bySubject.get(certificate.subject.key);
      if (same) same.push(certificate);
      else this.#bySubject.set(certificate.subject.key, [certificate]);
    }
  }

  /**
   * Those whose subject is the issuer of `certificate` and that do not contradict what it says about
   * its issuer's key (RFC 5280, 4.2.1.1). The signature is not looked at.
   */
  of(certificate: Certificate): Certificate[] {
    // No issuer may be called nothing (RFC 5280, 4.1.2.4).
    if (certificate.issuer.attributes.length === 0) return [];
    const candidates = this.#bySubject.get(certificate.issuer.key) ?? [];
    const said = certificate.extensions.authorityKey;
    return candidates.filter((candidate) => agreesWithAuthorityKey(said, candidate));
  }
}

/** Whether `issuer` may be the one that an authorityKeyIdentifier speaks of. */
export function agreesWithAuthorityKey(said: AuthorityKey | null, issuer: Certificate): boolean {
  if (!said) return true;
  const { subjectKeyId } = issuer.extensions;
  if (said.keyId !== null && subjectKeyId !== null && said.keyId !== subjectKeyId) return false;
  if (said.serial !== null && said.serial !== issuer.serial) return false;
  // Several names would have to be names of the same one.
  return said.issuerNames?.every((name) => name === issuer.issuer.key) ?? true;
}
