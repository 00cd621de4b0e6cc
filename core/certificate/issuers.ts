import type { AuthorityKey } from "./extensions.ts";
import { checkSignature, type SignatureCheck } from "./signature.ts";
import type { Certificate } from "./x509.ts";

/** Certificates by subject, for finding those that may have issued another one. */
export class IssuerIndex {
  readonly #bySubject: Map<string, Certificate[]>;

  constructor(certificates: Iterable<Certificate>) {
    this.#bySubject = Map.groupBy(certificates, ({ subject }) => subject.key);
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

/**
 * Remembers which signatures have been checked, for as long as the parsed certificates themselves
 * are kept: those of the trust store live on, those that came with a request go with it. Whether a
 * signature holds never changes; everything that does (dates, revocation) is not remembered.
 */
export class SignatureMemory {
  readonly #allowWeak: boolean;
  readonly #checks = new WeakMap<Certificate, WeakMap<Certificate, SignatureCheck>>();

  constructor(allowWeak: boolean) {
    this.#allowWeak = allowWeak;
  }

  recall(signed: Certificate, issuer: Certificate): SignatureCheck | undefined {
    return this.#checks.get(signed)?.get(issuer);
  }

  async check(signed: Certificate, issuer: Certificate): Promise<SignatureCheck> {
    const check = await checkSignature(signed, issuer, this.#allowWeak);
    let known = this.#checks.get(signed);
    if (!known) this.#checks.set(signed, known = new WeakMap());
    known.set(issuer, check);
    return check;
  }
}
