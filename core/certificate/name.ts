import {
  type Bytes,
  DerError,
  DerReader,
  type Element,
  enter,
  readOid,
  TAG,
  toLatin1,
} from "./der.ts";

/** One attribute of a distinguished name, e.g. `{ oid: "2.5.4.3", value: "EMPRESA:..." }`. */
export interface NameAttribute {
  readonly oid: string;
  readonly value: string;
}

export const ATTRIBUTE = {
  commonName: "2.5.4.3",
  serialNumber: "2.5.4.5",
  organization: "2.5.4.10",
} as const;

const SHORT_NAMES: Record<string, string> = {
  "2.5.4.3": "CN",
  "2.5.4.5": "serialNumber",
  "2.5.4.6": "C",
  "2.5.4.7": "L",
  "2.5.4.8": "ST",
  "2.5.4.10": "O",
  "2.5.4.11": "OU",
  "2.5.4.97": "organizationIdentifier",
};

/** A distinguished name: its attributes in the order of the encoding. */
export interface Name {
  readonly attributes: readonly NameAttribute[];
  /** Two names are the same when their keys are. */
  readonly key: string;
}

/**
 * Decodes a DER-encoded Name (RFC 5280, 4.1.2.4).
 *
 * Names are compared as RFC 5280, 7.1 demands as far as ASCII goes: PrintableString and UTF8String
 * count as one type (authorities of ICP-Brasil write their own name in the one and as issuer in the
 * other), and in both case and runs of blanks do not matter. Other letters must be the same, and
 * values of other types octet by octet.
 */
export function readName(der: Bytes): Name {
  const attributes: NameAttribute[] = [];
  const key: string[][][] = [];
  const rdns = enter(der);
  while (!rdns.done) {
    const rdn = new DerReader(rdns.next(TAG.set).content);
    const parts: string[][] = [];
    do {
      const attribute = new DerReader(rdn.next(TAG.sequence).content);
      const oid = readOid(attribute.next(TAG.oid).content);
      const element = attribute.next();
      attribute.end();
      const value = readText(element);
      attributes.push({ oid, value });
      parts.push([oid, ...textKey(element.tag, value)]);
    } while (!rdn.done);
    key.push(parts);
  }
  return { attributes, key: JSON.stringify(key) };
}

function textKey(tag: number, value: string): string[] {
  if (tag !== TAG.printableString && tag !== TAG.utf8String) return [String(tag), value];
  const lower = value.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
  return [String(TAG.utf8String), lower.replace(/^ +| +$/g, "").replace(/ +/g, " ")];
}

/** A name for people to read: `C=BR, O=ICP-Brasil, …, CN=EMPRESA LTDA:11222333000181`. */
export function nameText(name: Name): string {
  return name.attributes
    .map(({ oid, value }) => `${SHORT_NAMES[oid] ?? oid}=${value}`).join(", ");
}

/** The common name alone (the last one, the most specific), or the whole name without one. */
export function shortNameText(name: Name): string {
  const common = name.attributes.findLast(({ oid }) => oid === ATTRIBUTE.commonName);
  return common?.value ?? nameText(name);
}

/**
 * Decodes any of the string types met in ICP-Brasil certificates. OCTET STRING holds text there
 * too: UTF-8 when it is valid UTF-8, else Latin-1. Control characters are no part of any name and
 * could forge lines in logs and e-mails: refused.
 */
export function readText({ tag, content }: Element): string {
  const text = decodeString(tag, content);
  // deno-lint-ignore no-control-regex
  if (/[\u0000-\u001f\u007f-\u009f]/.test(text)) throw new DerError("control character in text");
  return text;
}

function decodeString(tag: number, content: Bytes): string {
  switch (tag) {
    case TAG.utf8String:
      return utf8(content) ?? fail("not UTF-8");
    case TAG.octetString:
      return utf8(content) ?? toLatin1(content);
    case TAG.printableString:
    case TAG.ia5String:
    case TAG.visibleString:
    case TAG.teletexString:
      return toLatin1(content);
    case TAG.bmpString:
      return bmp(content);
    default:
      return fail(`not a string type: ${tag.toString(16)}`);
  }
}

function fail(message: string): never {
  throw new DerError(message);
}

/** One for all texts: making it costs more than decoding a name. */
const UTF8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function utf8(content: Bytes): string | null {
  try {
    return UTF8.decode(content);
  } catch {
    return null;
  }
}

function bmp(content: Bytes): string {
  if (content.length % 2 !== 0) fail("BMPString of odd length");
  let text = "";
  for (let i = 0; i < content.length; i += 2) {
    text += String.fromCharCode(content[i]! << 8 | content[i + 1]!);
  }
  return text;
}
