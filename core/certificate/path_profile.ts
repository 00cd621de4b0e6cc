import { type Refusal, refuse } from "../result.ts";
import { KEY_USAGE } from "./extensions.ts";
import type { Certificate } from "./x509.ts";

/**
 * What RFC 5280, 4.2 demands of every certificate that conforms, whoever issued it. Section 6 does
 * not ask for it, but a certificate without is none of ICP-Brasil's, and other software refuses it
 * too (`openssl verify -x509_strict`).
 */
export type ProfileCode = "certificate_nonconforming";

type Rule = (certificate: Certificate, isAnchor: boolean) => boolean;

/** The rules, each true when it is kept, under the words for the person who has to look for it. */
const RULES: Record<string, Rule> = {
  // 4.2.1.1; a root need not name its own key.
  "identificador da chave do emissor": ({ extensions }, isAnchor) =>
    isAnchor || (extensions.authorityKey?.keyId ?? null) !== null,
  // 4.2.1.2
  "identificador da chave da autoridade": ({ extensions }) =>
    !extensions.basicConstraints?.ca || extensions.subjectKeyId !== null,
  // 4.2.1.3: both or neither.
  "uso da chave de autoridade": ({ extensions: { basicConstraints, keyUsage } }) =>
    basicConstraints?.ca
      ? keyUsage !== null &&
        (basicConstraints.pathLength === null || keyUsage.has(KEY_USAGE.keyCertSign))
      : !keyUsage?.has(KEY_USAGE.keyCertSign),
  // 4.1.2.6 and 4.2.1.6
  "nome do titular": ({ extensions, subject }) =>
    subject.attributes.length > 0 ||
    (extensions.hasCriticalAltName && !extensions.basicConstraints?.ca &&
      !extensions.keyUsage?.has(KEY_USAGE.cRLSign)),
  // 4.2.1.9; asked of roots alone, because some issuing authorities of ICP-Brasil break it.
  "restrições básicas da raiz": ({ extensions: { basicConstraints } }, isAnchor) =>
    !isAnchor || basicConstraints?.critical === true,
};

/** Null when the certificate keeps every rule, else the first that it breaks. */
export function checkProfile(
  certificate: Certificate,
  isAnchor: boolean,
): Refusal<ProfileCode> | null {
  for (const [regra, isKept] of Object.entries(RULES)) {
    if (!isKept(certificate, isAnchor)) return refuse("certificate_nonconforming", { regra });
  }
  return null;
}
