import {
  type Bytes,
  constructed,
  DerReader,
  type Element,
  primitive,
  readAll,
  readSingle,
  TAG,
  toHex,
} from "../der.ts";

/** What a certificate says about where its issuer's revocation list can be had. */
export interface DistributionPoints {
  /** In the order of the certificate, http and https only; each serves the same list. */
  readonly urls: readonly string[];
  /** Names of the points, to be compared with the one a partial list gives itself. */
  readonly names: readonly string[];
}

const FULL_NAME = constructed(0);
const URI = primitive(6);
const MAX_URL_OCTETS = 2_048;

/**
 * Decodes cRLDistributionPoints (RFC 5280, 4.2.1.13). Points with `reasons` or `cRLIssuer` are left
 * out: what they lead to is a partial list or one of another issuer.
 */
export function readDistributionPoints(value: Bytes): DistributionPoints {
  const names = readAll(readSingle(value, TAG.sequence).content).flatMap(({ content }) => {
    const point = new DerReader(content);
    const name = point.optional(constructed(0));
    return name && point.done ? readPointName(name.content) : [];
  });
  return {
    urls: names.filter(({ tag, content }) => tag === URI && content.length <= MAX_URL_OCTETS)
      .map(({ content }) => String.fromCharCode(...content))
      .filter((url) => /^https?:/i.test(url) && URL.canParse(url)),
    names: names.map(generalNameKey),
  };
}

/** The GeneralNames of a DistributionPointName; none for a name relative to the issuer's. */
export function readPointName(content: Bytes): Element[] {
  const choice = readSingle(content);
  return choice.tag === FULL_NAME ? readAll(choice.content) : [];
}

/** Two general names are the same when their keys are: compared octet by octet. */
export function generalNameKey({ bytes }: Element): string {
  return toHex(bytes);
}
