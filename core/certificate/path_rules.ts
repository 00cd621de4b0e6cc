import { type Refusal, refuse } from "../result.ts";
import { KEY_USAGE } from "./extensions.ts";
import type { CertificateCode } from "./messages.ts";
import { shortNameText } from "./name.ts";
import { checkKeyStrength } from "./public_key.ts";
import { formatDate } from "./time.ts";
import type { Certificate } from "./x509.ts";

/**
 * What the first certificate of the path is wanted for: to log in, to issue others, or nothing that
 * its uses would have to allow.
 */
export type PathPurpose = "clientAuth" | "ca" | "any";

export interface PathRules {
  /** Milliseconds since the epoch. */
  time: number;
  purpose: PathPurpose;
  /** Short RSA keys are let pass. */
  allowWeak: boolean;
}

const CLIENT_AUTH = "1.3.6.1.5.5.7.3.2";

/** SSL client (Netscape's certificate type, long before extendedKeyUsage). */
const NETSCAPE_CLIENT = 0;

/**
 * The rules of RFC 5280, 6.1 for a path whose names and signatures are already known to chain; from
 * the leaf up to and including the anchor. Null when all hold, else the first that does not.
 *
 * Stricter than the standard: the anchor obeys the same rules; every certificate keeps to the
 * profile; CAs and leaf must carry keyUsage (ICP-Brasil demands it);
 * extendedKeyUsage of a CA binds what is below it; the constraints listed in
 * `Extensions.constraints` are refused because they are not processed. For the purpose `any` the
 * uses of the leaf are not asked for, and it may be a CA.
 */
export function checkPathRules(
  path: readonly Certificate[],
  { allowWeak, purpose, time }: PathRules,
): Refusal<CertificateCode> | null {
  let intermediatesBelow = 0;
  for (const [i, certificate] of path.entries()) {
    const isLeaf = i === 0;
    const broken = checkDates(certificate, time, isLeaf) ?? checkAny(certificate, allowWeak) ??
      (purpose === "any" ? null : checkExtendedKeyUsage(certificate)) ??
      (!isLeaf || purpose === "ca"
        ? checkCa(certificate, intermediatesBelow)
        : purpose === "any"
        ? null
        : checkLeaf(certificate)) ??
      checkProfile(certificate, i === path.length - 1);
    if (broken) return broken;
    // RFC 5280, 4.2.1.9: neither the last certificate nor self-issued ones are counted.
    if (!isLeaf && certificate.issuer.key !== certificate.subject.key) intermediatesBelow++;
  }
  return null;
}

function checkDates(
  certificate: Certificate,
  time: number,
  isLeaf: boolean,
): Refusal<CertificateCode> | null {
  const { notBefore, notAfter, subject } = certificate;
  const who = { emissor: shortNameText(subject) };
  // Put so that a time that is no number is outside of every validity.
  if (!(time <= notAfter)) {
    const data = formatDate(notAfter);
    return isLeaf
      ? refuse("certificate_expired", { data })
      : refuse("ca_expired", { data, ...who });
  }
  if (!(time >= notBefore)) {
    const data = formatDate(notBefore);
    return isLeaf
      ? refuse("certificate_not_yet_valid", { data })
      : refuse("ca_not_yet_valid", { data, ...who });
  }
  return null;
}

function checkAny(
  { spki, extensions }: Certificate,
  allowWeak: boolean,
): Refusal<CertificateCode> | null {
  const strength = checkKeyStrength(spki, allowWeak);
  if (strength === "weak") return refuse("weak_key");
  if (strength === "unsupported") return refuse("algorithm_unsupported");
  const [unknown] = extensions.unknownCritical;
  const [constraint] = extensions.constraints;
  if (constraint) return refuse("constraint_unsupported", { oid: constraint });
  return unknown ? refuse("critical_extension", { oid: unknown }) : null;
}

function checkExtendedKeyUsage({ extensions }: Certificate): Refusal<CertificateCode> | null {
  const uses = extensions.extendedKeyUsage;
  return uses && !uses.includes(CLIENT_AUTH) ? refuse("extended_key_usage") : null;
}

function checkLeaf({ extensions }: Certificate): Refusal<CertificateCode> | null {
  if (extensions.basicConstraints?.ca) return refuse("leaf_is_ca");
  const { netscapeType } = extensions;
  if (netscapeType && !netscapeType.has(NETSCAPE_CLIENT)) return refuse("extended_key_usage");
  return extensions.keyUsage?.has(KEY_USAGE.digitalSignature) ? null : refuse("key_usage");
}

function checkCa(certificate: Certificate, below: number): Refusal<CertificateCode> | null {
  const { basicConstraints, keyUsage } = certificate.extensions;
  const who = { emissor: shortNameText(certificate.subject) };
  if (!basicConstraints?.ca) return refuse("ca_not_a_ca", who);
  if (!keyUsage?.has(KEY_USAGE.keyCertSign)) return refuse("ca_key_usage", who);
  const { pathLength } = basicConstraints;
  return pathLength !== null && below > pathLength ? refuse("path_length_exceeded", who) : null;
}

type Rule = (certificate: Certificate, isAnchor: boolean) => boolean;

/**
 * What RFC 5280, 4.2 demands of every certificate that conforms, whichever authority issued it. Section 6 does
 * not ask for it, but a certificate without is none of ICP-Brasil's, and other software refuses it
 * too (`openssl verify -x509_strict`). Each rule is true when it is kept, under the words for the
 * person who has to look for it.
 */
const PROFILE: Record<string, Rule> = {
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
function checkProfile(
  certificate: Certificate,
  isAnchor: boolean,
): Refusal<CertificateCode> | null {
  for (const [regra, isKept] of Object.entries(PROFILE)) {
    if (!isKept(certificate, isAnchor)) return refuse("certificate_nonconforming", { regra });
  }
  return null;
}
