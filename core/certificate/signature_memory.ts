import { checkSignature, type SignatureCheck } from "./signature.ts";
import type { Certificate } from "./x509.ts";

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
