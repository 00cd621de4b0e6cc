import { type Extension, extension, name } from "@/tests/support/pki/certificate.ts";
import {
  bitString,
  boolean,
  type Bytes,
  explicit,
  ia5,
  implicit,
  integer,
  octetString,
  oid,
  printable,
  sequence,
  tagged,
} from "@/tests/support/pki/der.ts";
import { at, type Plan } from "./chain.ts";
import type { Kit } from "./kit.ts";

/** Changes one certificate's plan; some leave it good, so that both judges must still accept. */
export type Change = (plan: Plan, kit: Kit) => void;

const OID = {
  subjectKeyId: "2.5.29.14",
  keyUsage: "2.5.29.15",
  altName: "2.5.29.17",
  basicConstraints: "2.5.29.19",
  nameConstraints: "2.5.29.30",
  crlPoints: "2.5.29.31",
  policies: "2.5.29.32",
  mappings: "2.5.29.33",
  authorityKeyId: "2.5.29.35",
  policyConstraints: "2.5.29.36",
  extendedKeyUsage: "2.5.29.37",
  inhibitAnyPolicy: "2.5.29.54",
  netscapeType: "2.16.840.1.113730.1.1",
  addressBlocks: "1.3.6.1.5.5.7.1.7",
  systemNumbers: "1.3.6.1.5.5.7.1.8",
  proxy: "1.3.6.1.5.5.7.1.14",
  unknown: "1.2.3.4",
};
const USE = {
  server: "1.3.6.1.5.5.7.3.1",
  client: "1.3.6.1.5.5.7.3.2",
  email: "1.3.6.1.5.5.7.3.4",
  any: "2.5.29.37.0",
};

const put = (made: Extension): Change => ({ extensions }) => {
  extensions.set(made.oid, made);
};
const raw = (id: string, value: Bytes, critical = false): Change =>
  put({ oid: id, value, critical });
const without = (id: string): Change => ({ extensions }) => void extensions.set(id, null);
const twice = (id: string): Change => ({ extensions, more }) => {
  const one = extensions.get(id);
  if (one) more.push(one);
};
const critical = (made: Extension): Change => put({ ...made, critical: true });
const keyId = (octet: number) => new Uint8Array(20).fill(octet);
const flip = (from: "end" | number): Change => (plan) => {
  const before = plan.finish;
  plan.finish = (der) => {
    const changed = before(der).slice();
    const place = from === "end" ? changed.length - 1 : from;
    changed[place] = changed[place]! ^ 0x01;
    return changed;
  };
};
const wrap = (change: (der: Bytes) => Bytes): Change => (plan) => {
  const before = plan.finish;
  plan.finish = (der) => change(before(der));
};
const dnsName = (text: string) => implicit(2, new TextEncoder().encode(text));
const generalized = (text: string) => tagged(0x18, new TextEncoder().encode(text));
const utc = (text: string) => tagged(0x17, new TextEncoder().encode(text));

/** For every certificate. */
export const ANYWHERE: Record<string, Change> = {
  "expired": (plan) => void (plan.notAfter = at("2026-11-03T11:59:59Z")),
  "not yet valid": (plan) => void (plan.notBefore = at("2026-11-03T12:00:01Z")),
  "dates as GeneralizedTime": (plan) => {
    plan.notBefore = generalized("20260101000000Z");
    plan.notAfter = generalized("20270101000000Z");
  },
  "ended before 2000": (plan) => {
    plan.notBefore = utc("970101000000Z");
    plan.notAfter = utc("991231235959Z");
  },
  "valid from before 2000": (plan) => void (plan.notBefore = utc("990101000000Z")),
  "valid without end": (plan) => void (plan.notAfter = generalized("99991231235959Z")),
  "date without seconds": (plan) => void (plan.notBefore = utc("2601010000Z")),
  "date with a zone": (plan) => void (plan.notBefore = utc("260101000000+0000")),
  "date that does not exist": (plan) => void (plan.notBefore = utc("260231000000Z")),
  "signed by a stranger": (plan, { stranger }) => void (plan.issuerKey = stranger.privateKey),
  "signature changed": flip("end"),
  "content changed": flip(16),
  "something after the end": wrap((der) => new Uint8Array([...der, 0])),
  "cut off": wrap((der) => der.slice(0, -1)),
  "issuer of another name": (plan) => void (plan.issuerName = name([["C", "BR"], ["CN", "OUTRA"]])),
  "issuer without a name": (plan) => void (plan.issuerName = sequence()),
  "no subject": (plan) => void (plan.name = sequence()),
  "unknown critical extension": raw(OID.unknown, octetString(), true),
  "unknown extension": raw(OID.unknown, octetString()),
  "key usage twice": twice(OID.keyUsage),
  "no authority key identifier": without(OID.authorityKeyId),
  "authority key identifier of another": raw(
    OID.authorityKeyId,
    sequence(implicit(0, keyId(7))),
  ),
  "authority key identifier by serial alone": raw(
    OID.authorityKeyId,
    sequence(implicit(2, new Uint8Array([100]))),
  ),
  "authority key identifier empty": raw(OID.authorityKeyId, sequence()),
  "authority key identifier broken": raw(OID.authorityKeyId, octetString()),
  "no subject key identifier": without(OID.subjectKeyId),
  "subject key identifier of its own": raw(OID.subjectKeyId, octetString(keyId(9))),
  "subject key identifier critical": raw(OID.subjectKeyId, octetString(keyId(9)), true),
  "subject key identifier broken": raw(OID.subjectKeyId, integer(1)),
  "serial number zero": (plan) => void (plan.serial = integer(0)),
  "serial number negative": (plan) => void (plan.serial = tagged(2, new Uint8Array([0x81]))),
  "serial number of 20 octets": (plan) => void (plan.serial = integer(keyId(0x11))),
  "serial number of 21 octets": (plan) =>
    void (plan.serial = integer(new Uint8Array(21).fill(0x11))),
  "serial number not minimal": (plan) => void (plan.serial = tagged(2, new Uint8Array([0, 1]))),
  "version 1 with extensions": (plan) => void (plan.version = 1),
  "version 1": (plan) => {
    plan.version = 1;
    for (const id of [...plan.extensions.keys(), OID.subjectKeyId, OID.authorityKeyId]) {
      plan.extensions.set(id, null);
    }
  },
  "extended use for servers": put(extension.extendedKeyUsage(USE.server)),
  "extended use for anything": put(extension.extendedKeyUsage(USE.any)),
  "extended use for clients": put(extension.extendedKeyUsage(USE.client, USE.email)),
  "extended use critical": critical(extension.extendedKeyUsage(USE.client)),
  "extended use empty": raw(OID.extendedKeyUsage, sequence()),
  "no key usage": without(OID.keyUsage),
  "key usage without any": raw(OID.keyUsage, bitString(new Uint8Array([0]))),
  "key usage broken": raw(OID.keyUsage, octetString()),
  "key usage for lists only": put(extension.keyUsage(6)),
  "key usage for encryption only": put(extension.keyUsage(2)),
  "key usage not critical": ({ extensions }) => {
    const one = extensions.get(OID.keyUsage);
    if (one) extensions.set(OID.keyUsage, { ...one, critical: false });
  },
  "no basic constraints": without(OID.basicConstraints),
  "basic constraints broken": raw(OID.basicConstraints, sequence(integer(1), boolean(true))),
  "basic constraints of no CA with a path length": raw(
    OID.basicConstraints,
    sequence(integer(1)),
    true,
  ),
  "path length negative": raw(
    OID.basicConstraints,
    sequence(boolean(true), tagged(2, new Uint8Array([0x81]))),
    true,
  ),
  "name constraints": raw(
    OID.nameConstraints,
    sequence(explicit(0, sequence(dnsName("permitido.example")))),
    true,
  ),
  "name constraints broken": raw(OID.nameConstraints, octetString(), true),
  "policies": put(extension.policies("2.16.76.1.2.1.9999", "2.5.29.32.0")),
  "policies critical": critical(extension.policies("2.5.29.32.0")),
  "policy twice": put(extension.policies("2.16.76.1.2.1.1", "2.16.76.1.2.1.1")),
  "policies required": raw(OID.policyConstraints, sequence(implicit(0, new Uint8Array([0])))),
  "policy mappings": raw(
    OID.mappings,
    sequence(sequence(oid("2.16.76.1.2.1.1"), oid("2.16.76.1.2.1.2"))),
  ),
  "any policy inhibited": raw(OID.inhibitAnyPolicy, integer(0), true),
  "alternative name": raw(OID.altName, sequence(dnsName("exemplo.example"))),
  "alternative name critical": raw(OID.altName, sequence(dnsName("exemplo.example")), true),
  "alternative name empty": raw(OID.altName, sequence()),
  "alternative name broken": raw(OID.altName, octetString()),
  "alternative name of no kind": raw(OID.altName, sequence(implicit(12, new Uint8Array([1])))),
  "Netscape type for servers": raw(OID.netscapeType, bitString(new Uint8Array([0x40]), 6)),
  "Netscape type for clients": raw(OID.netscapeType, bitString(new Uint8Array([0x80]), 7)),
  "Netscape type broken": raw(OID.netscapeType, octetString()),
  // 10.0.0.0/8, which nobody above has.
  "address blocks": raw(
    OID.addressBlocks,
    sequence(
      sequence(octetString(new Uint8Array([0, 1])), sequence(bitString(new Uint8Array([10])))),
    ),
    true,
  ),
  "address blocks not critical": raw(
    OID.addressBlocks,
    sequence(
      sequence(octetString(new Uint8Array([0, 1])), sequence(bitString(new Uint8Array([10])))),
    ),
  ),
  "system numbers": raw(OID.systemNumbers, sequence(explicit(0, sequence(integer(64_500))))),
  "proxy": raw(OID.proxy, sequence(sequence(oid("1.3.6.1.5.5.7.21.1"))), true),
  "proxy not critical": raw(OID.proxy, sequence(sequence(oid("1.3.6.1.5.5.7.21.1")))),
  "distribution points broken": raw(OID.crlPoints, octetString()),
  "key on P-384": (plan, { p384 }) => void (plan.keys = p384),
  "key of RSA-PSS signatures": (plan, { pss }) => void (plan.keys = pss),
  "key of SHA-1 signatures": (plan, { sha1 }) => void (plan.keys = sha1),
  "key of 1,024 bits": (plan, { short }) => void (plan.keys = short),
};

/** For authorities. */
export const AUTHORITIES: Record<string, Change> = {
  "not a CA": put(extension.basicConstraints(false)),
  "CA without being critical": put({ ...extension.basicConstraints(true), critical: false }),
  "path length 0": put(extension.basicConstraints(true, 0)),
  "path length 1": put(extension.basicConstraints(true, 1)),
  "path length 2": put(extension.basicConstraints(true, 2)),
  "path length 200": put(extension.basicConstraints(true, 200)),
  "key usage without certificates": put(extension.keyUsage(0, 6)),
  "path length without the use": (plan, kit) => {
    put(extension.basicConstraints(true, 5))(plan, kit);
    put(extension.keyUsage(6))(plan, kit);
  },
  "key usage without lists": put(extension.keyUsage(5)),
};

/** For the company's certificate. */
export const LEAVES: Record<string, Change> = {
  "leaf is a CA": put(extension.basicConstraints(true)),
  "leaf may sign certificates": put(extension.keyUsage(0, 5)),
  "leaf may only agree on keys": put(extension.keyUsage(4)),
  "leaf may only not repudiate": put(extension.keyUsage(1)),
  "leaf without extended use": without(OID.extendedKeyUsage),
  "issuer in capitals, with blanks": (plan) =>
    void (plan.issuerName = name([["C", "br"], ["O", " ICP-BRASIL"], [
      "CN",
      "ac SUB  de exemplo",
    ]])),
  "issuer printable": (plan) =>
    void (plan.issuerName = name(
      [["C", "BR"], ["O", "ICP-Brasil"], ["CN", "AC sub de Exemplo"]],
      printable,
    )),
  "issuer in IA5": (plan) =>
    void (plan.issuerName = name(
      [["C", "BR"], ["O", "ICP-Brasil"], ["CN", "AC sub de Exemplo"]],
      ia5,
    )),
  "issuer in another order": (plan) =>
    void (plan.issuerName = name(
      [["CN", "AC sub de Exemplo"], ["O", "ICP-Brasil"], ["C", "BR"]],
    )),
  "issuer without its country": (plan) =>
    void (plan.issuerName = name([["O", "ICP-Brasil"], ["CN", "AC sub de Exemplo"]])),
};
