import type { CrlScope } from "../../store/records/certificate.ts";
import {
  type Bytes,
  constructed,
  DerError,
  enter,
  primitive,
  readBoolean,
  readSingle,
  readUnsigned,
  TAG,
  toHex,
} from "../der.ts";
import { type AuthorityKey, readAuthorityKey, readRawExtensions } from "../extensions.ts";
import type { Certificate } from "../x509.ts";
import { generalNameKey, readPointName } from "./distribution_points.ts";

/** The extensions of a revocation list (RFC 5280, 5.2), decoded as far as the portal follows them. */
export interface CrlExtensions {
  /** crlNumber as 40 hex digits, so that the order of the texts is that of the numbers. */
  readonly number: string | null;
  readonly authorityKey: AuthorityKey | null;
  readonly scope: CrlScope;
  /** The list is a delta, indirect, for some reasons only, or has an unknown critical extension. */
  readonly unsupported: boolean;
}

const CRL_NUMBER = "2.5.29.20";
const DELTA_CRL_INDICATOR = "2.5.29.27";
const ISSUING_DISTRIBUTION_POINT = "2.5.29.28";
const AUTHORITY_KEY_ID = "2.5.29.35";

/** May be critical; crlNumber and authorityKeyIdentifier must not be (RFC 5280, 5.2.1 and 5.2.3). */
const PROCESSED = new Set([ISSUING_DISTRIBUTION_POINT]);
const MAX_NUMBER_OCTETS = 20;

/** Decodes crlExtensions; null stands for a list without any. */
export function readCrlExtensions(sequence: Bytes | null): CrlExtensions {
  const raw = sequence ? readRawExtensions(sequence) : new Map<string, never>();
  const read = <T>(oid: string, decode: (value: Bytes) => T): T | null => {
    const extension = raw.get(oid);
    return extension ? decode(extension.value) : null;
  };
  const point = read(ISSUING_DISTRIBUTION_POINT, readIssuingDistributionPoint);
  return {
    number: read(CRL_NUMBER, readNumber),
    authorityKey: read(AUTHORITY_KEY_ID, readAuthorityKey),
    scope: point?.scope ?? { only: null, names: null },
    unsupported: point?.unsupported === true || raw.has(DELTA_CRL_INDICATOR) ||
      [...raw].some(([oid, { critical }]) => critical && !PROCESSED.has(oid)),
  };
}

/** At most 20 octets (RFC 5280, 5.2.3). */
function readNumber(value: Bytes): string {
  const magnitude = readUnsigned(readSingle(value, TAG.integer).content);
  if (magnitude.length > MAX_NUMBER_OCTETS) throw new DerError("CRL number");
  return toHex(magnitude).padStart(2 * MAX_NUMBER_OCTETS, "0");
}

/** RFC 5280, 5.2.5. Lists of attribute certificates, partial and indirect ones are not for us. */
function readIssuingDistributionPoint(value: Bytes): { scope: CrlScope; unsupported: boolean } {
  const fields = enter(value);
  const name = fields.optional(constructed(0));
  const flag = (n: number) => {
    const field = fields.optional(primitive(n));
    return field !== null && readBoolean(field.content);
  };
  const users = flag(1);
  const authorities = flag(2);
  const someReasons = fields.optional(primitive(3)) !== null;
  const indirect = flag(4);
  const attributes = flag(5);
  fields.end();
  return {
    scope: {
      only: users ? "users" : authorities ? "authorities" : null,
      names: name && readPointName(name.content).map(generalNameKey),
    },
    unsupported: someReasons || indirect || attributes || (users && authorities),
  };
}

/** Whether a list of this scope speaks about `certificate`, so that silence means "not revoked". */
export function covers({ names, only }: CrlScope, { extensions }: Certificate): boolean {
  const isAuthority = extensions.basicConstraints?.ca ?? false;
  if (only !== null && (only === "authorities") !== isAuthority) return false;
  const points = extensions.crlDistributionPoints?.names ?? [];
  return names === null || names.some((name) => points.includes(name));
}
