import {
  type Bytes,
  constructed,
  DerError,
  DerReader,
  type Element,
  enter,
  primitive,
  readAll,
  readBoolean,
  readOid,
  readSingle,
  readSmallInteger,
  readUnsigned,
  TAG,
  toHex,
} from "./der.ts";
import { type DistributionPoints, readDistributionPoints } from "./crl/distribution_points.ts";
import { readName, readText } from "./name.ts";

/** Bits of keyUsage (RFC 5280, 4.2.1.3) that this portal asks for. */
export const KEY_USAGE = { digitalSignature: 0, keyCertSign: 5, cRLSign: 6 } as const;

export interface OtherName {
  readonly oid: string;
  readonly value: string;
}

/** The extensions of a certificate, decoded as far as the portal understands them. */
export interface Extensions {
  /** Object identifiers of critical extensions the portal does not process. */
  readonly unknownCritical: readonly string[];
  /** Constraints on what is below or on the use, present critical or not: none is processed. */
  readonly constraints: readonly string[];
  readonly basicConstraints: BasicConstraints | null;
  /** Set bits of keyUsage, or null when the extension is missing. */
  readonly keyUsage: ReadonlySet<number> | null;
  readonly extendedKeyUsage: readonly string[] | null;
  readonly policies: readonly string[];
  readonly otherNames: readonly OtherName[];
  readonly hasDnsName: boolean;
  /** Whether subjectAltName is there and critical, as it must be beside an empty subject. */
  readonly hasCriticalAltName: boolean;
  /** Set bits of the old Netscape certificate type, or null when the extension is missing. */
  readonly netscapeType: ReadonlySet<number> | null;
  readonly subjectKeyId: string | null;
  /** What the certificate says about its issuer: key identifier, and issuer name with serial. */
  readonly authorityKey: AuthorityKey | null;
  /** Where the issuer's revocation list can be had; null when the extension is missing. */
  readonly crlDistributionPoints: DistributionPoints | null;
}

export interface BasicConstraints {
  readonly ca: boolean;
  readonly pathLength: number | null;
  readonly critical: boolean;
}

export interface AuthorityKey {
  readonly keyId: string | null;
  /** Keys of the directory names; null when the field is missing. */
  readonly issuerNames: readonly string[] | null;
  readonly serial: string | null;
}

const SUBJECT_KEY_ID = "2.5.29.14";
const KEY_USAGE_OID = "2.5.29.15";
const SUBJECT_ALT_NAME = "2.5.29.17";
const BASIC_CONSTRAINTS = "2.5.29.19";
const CRL_DISTRIBUTION_POINTS = "2.5.29.31";
const CERTIFICATE_POLICIES = "2.5.29.32";
const AUTHORITY_KEY_ID = "2.5.29.35";
const EXTENDED_KEY_USAGE = "2.5.29.37";
const NETSCAPE_TYPE = "2.16.840.1.113730.1.1";

/** Extensions that are processed, so that they may be critical. */
const PROCESSED = new Set([
  KEY_USAGE_OID,
  SUBJECT_ALT_NAME,
  BASIC_CONSTRAINTS,
  CERTIFICATE_POLICIES,
  EXTENDED_KEY_USAGE,
]);

/**
 * nameConstraints, policyMappings, policyConstraints, inhibitAnyPolicy; address blocks and system
 * numbers (RFC 3779, RFC 8360), which bind what is below; proxyCertInfo (RFC 3820), which turns an
 * end entity into an issuer.
 */
const CONSTRAINTS = new Set([
  ...["2.5.29.30", "2.5.29.33", "2.5.29.36", "2.5.29.54"],
  ...["1.3.6.1.5.5.7.1.7", "1.3.6.1.5.5.7.1.8", "1.3.6.1.5.5.7.1.28", "1.3.6.1.5.5.7.1.29"],
  "1.3.6.1.5.5.7.1.14",
]);

export interface RawExtension {
  critical: boolean;
  value: Bytes;
}

/** Decodes the Extensions sequence; null stands for a certificate without any. */
export function readExtensions(sequence: Bytes | null): Extensions {
  const raw = sequence ? readRawExtensions(sequence) : new Map<string, RawExtension>();
  const value = (oid: string) => raw.get(oid)?.value ?? null;
  const read = <T>(oid: string, decode: (value: Bytes) => T): T | null => {
    const bytes = value(oid);
    return bytes && decode(bytes);
  };
  const names = read(SUBJECT_ALT_NAME, readAltNames);
  return {
    unknownCritical: [...raw].filter(([oid, { critical }]) => critical && !PROCESSED.has(oid))
      .map(([oid]) => oid),
    constraints: [...raw.keys()].filter((oid) => CONSTRAINTS.has(oid)),
    basicConstraints: read(BASIC_CONSTRAINTS, (value) => ({
      ...readBasicConstraints(value),
      critical: raw.get(BASIC_CONSTRAINTS)!.critical,
    })),
    keyUsage: read(KEY_USAGE_OID, readBits),
    extendedKeyUsage: read(EXTENDED_KEY_USAGE, readOids),
    policies: read(CERTIFICATE_POLICIES, readPolicies) ?? [],
    otherNames: names?.otherNames ?? [],
    hasDnsName: names?.hasDnsName ?? false,
    hasCriticalAltName: raw.get(SUBJECT_ALT_NAME)?.critical ?? false,
    netscapeType: read(NETSCAPE_TYPE, readBits),
    subjectKeyId: read(SUBJECT_KEY_ID, (v) => toHex(readSingle(v, TAG.octetString).content)),
    authorityKey: read(AUTHORITY_KEY_ID, readAuthorityKey),
    crlDistributionPoints: read(CRL_DISTRIBUTION_POINTS, readDistributionPoints),
  };
}

/** The extensions by object identifier, of a certificate or a revocation list. */
export function readRawExtensions(sequence: Bytes): Map<string, RawExtension> {
  const raw = new Map<string, RawExtension>();
  const extensions = enter(sequence);
  do {
    const extension = new DerReader(extensions.next(TAG.sequence).content);
    const oid = readOid(extension.next(TAG.oid).content);
    const critical = extension.optional(TAG.boolean);
    const value = extension.next(TAG.octetString).content;
    extension.end();
    if (raw.has(oid)) throw new DerError(`extension ${oid} twice`);
    raw.set(oid, { critical: critical !== null && readBoolean(critical.content), value });
  } while (!extensions.done);
  return raw;
}

function readBasicConstraints(value: Bytes): { ca: boolean; pathLength: number | null } {
  const fields = enter(value);
  const flag = fields.optional(TAG.boolean);
  const length = fields.optional(TAG.integer);
  fields.end();
  const ca = flag !== null && readBoolean(flag.content);
  if (length && !ca) throw new DerError("path length without CA flag");
  return { ca, pathLength: length && readSmallInteger(length.content) };
}

/** The set bits of a BIT STRING that names uses. */
function readBits(value: Bytes): Set<number> {
  const [unused, ...octets] = readSingle(value, TAG.bitString).content;
  if (unused === undefined || unused > 7 || octets.length > 2) throw new DerError("uses");
  const bits = octets.flatMap((octet, i) =>
    [0, 1, 2, 3, 4, 5, 6, 7].filter((bit) => octet & (0x80 >> bit)).map((bit) => 8 * i + bit)
  );
  if (bits.length === 0) throw new DerError("no use at all");
  return new Set(bits);
}

function readOids(value: Bytes): string[] {
  const elements = readAll(readSingle(value, TAG.sequence).content);
  if (elements.length === 0) throw new DerError("empty sequence of object identifiers");
  return elements.map((element) => readOid(expect(element, TAG.oid)));
}

function readPolicies(value: Bytes): string[] {
  const policies = readAll(readSingle(value, TAG.sequence).content).map((information) =>
    readOid(new DerReader(expect(information, TAG.sequence)).next(TAG.oid).content)
  );
  if (policies.length === 0 || new Set(policies).size < policies.length) {
    throw new DerError("certificate policies");
  }
  return policies;
}

/** Tags of the choices of GeneralName (RFC 5280, 4.2.1.6). */
const GENERAL_NAMES = new Set([
  ...[0, 3, 4, 5].map(constructed),
  ...[1, 2, 6, 7, 8].map(primitive),
]);

/** GeneralNames: otherName is `[0] { type-id, [0] EXPLICIT value }`, dNSName is `[2]`. */
function readAltNames(value: Bytes): { otherNames: OtherName[]; hasDnsName: boolean } {
  const names = readAll(readSingle(value, TAG.sequence).content);
  if (names.length === 0) throw new DerError("empty subjectAltName");
  if (names.some(({ tag }) => !GENERAL_NAMES.has(tag))) throw new DerError("general name");
  const otherNames = names.filter(({ tag }) => tag === constructed(0)).flatMap(({ content }) => {
    const name = new DerReader(content);
    const oid = readOid(name.next(TAG.oid).content);
    const wrapped = new DerReader(name.next(constructed(0)).content);
    name.end();
    const text = wrapped.next();
    wrapped.end();
    // Other names than those of ICP-Brasil may hold any type (a UPN, a structure): not read.
    return oid.startsWith("2.16.76.1.") ? [{ oid, value: readText(text) }] : [];
  });
  return { otherNames, hasDnsName: names.some(({ tag }) => tag === primitive(2)) };
}

/** AuthorityKeyIdentifier, in certificates and in revocation lists (RFC 5280, 4.2.1.1). */
export function readAuthorityKey(value: Bytes): AuthorityKey {
  const fields = enter(value);
  const keyId = fields.optional(primitive(0));
  const issuer = fields.optional(constructed(1));
  const serial = fields.optional(primitive(2));
  fields.end();
  return {
    keyId: keyId && toHex(keyId.content),
    issuerNames: issuer && readAll(issuer.content).filter(({ tag }) => tag === constructed(4))
      .map(({ content }) => readName(content).key),
    serial: serial && toHex(readUnsigned(serial.content)),
  };
}

function expect(element: Element, tag: number): Bytes {
  if (element.tag !== tag) throw new DerError("unexpected tag");
  return element.content;
}
