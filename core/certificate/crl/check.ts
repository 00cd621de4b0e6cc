import { accept, refuse, type Result } from "../../result.ts";
import type { CrlScope } from "../../store/records/certificate.ts";
import {
  type Bytes,
  constructed,
  DerError,
  enter,
  equalBytes,
  readSmallInteger,
  TAG,
} from "../der.ts";
import { KEY_USAGE } from "../extensions.ts";
import { agreesWithAuthorityKey } from "../issuers.ts";
import { type Name, readName, shortNameText } from "../name.ts";
import { checkSignature } from "../signature.ts";
import { formatDate, readTimeElement } from "../time.ts";
import { type Certificate, readSigned, type Signed } from "../x509.ts";
import { letOthersRun, type Pause, readEntries, UnsupportedEntry } from "./entries.ts";
import { type CrlExtensions, readCrlExtensions } from "./extensions.ts";
import type { CrlCode } from "./messages.ts";
import type { RevokedSerials } from "./serials.ts";

/** A revocation list that has passed every check. Times are milliseconds since the epoch. */
export interface CheckedCrl {
  readonly thisUpdate: number;
  readonly nextUpdate: number;
  /** See `CrlExtensions`. */
  readonly number: string | null;
  readonly scope: CrlScope;
  readonly revoked: RevokedSerials;
}

export interface CrlInput {
  der: Uint8Array;
  /** Already validated: the authority whose list it must be. */
  issuer: Certificate;
  /** Milliseconds since the epoch. */
  time: number;
  /** How long after nextUpdate the list is still taken; 0 unless told. */
  staleMs?: number;
  /** See `PathInput`. */
  allowWeak?: boolean;
  /** Called between slices of work; by default everything else gets to run. */
  pause?: Pause;
}

/**
 * Checks and reads a complete revocation list (RFC 5280, 5 and 6.3.3), the signature before the
 * entries. Refused besides what is wrong: delta, indirect and partial lists, lists without
 * nextUpdate, and those signed with another key than the issuer's.
 *
 * @example
 * const crl = await checkCrl({ der, issuer, time: deps.now() });
 * if (crl.ok) revokedAt(crl.data.revoked, certificate.serial);
 */
export async function checkCrl(input: CrlInput): Promise<Result<CheckedCrl, CrlCode>> {
  const { allowWeak, der, issuer, pause = letOthersRun, staleMs = 0, time } = input;
  const who = { emissor: shortNameText(issuer.subject) };
  try {
    const crl = parseCrl(der);
    const { extensions: { number, scope }, nextUpdate, thisUpdate } = crl;
    const wrong = await checkOrigin(crl, issuer, allowWeak);
    if (wrong) return refuse(wrong, who);
    if (nextUpdate === null) return refuse("crl_no_next_update", who);
    if (thisUpdate > time) return refuse("crl_not_yet_valid", who);
    if (time > nextUpdate + staleMs) {
      return refuse("crl_expired", { ...who, data: formatDate(nextUpdate) });
    }
    const revoked = await readEntries(crl.entries, pause);
    return accept({ thisUpdate, nextUpdate, number, scope, revoked });
  } catch (error) {
    if (error instanceof DerError) return refuse("crl_malformed", who);
    if (error instanceof UnsupportedEntry) return refuse("crl_unsupported", who);
    throw error;
  }
}

const SIGNATURE_CODES = {
  invalid: "crl_signature_invalid",
  weak: "crl_weak_signature",
  unsupported: "crl_algorithm_unsupported",
} as const;

async function checkOrigin(
  crl: Crl,
  issuer: Certificate,
  allowWeak?: boolean,
): Promise<CrlCode | null> {
  if (crl.issuer.key !== issuer.subject.key) return "crl_other_issuer";
  if (!agreesWithAuthorityKey(crl.extensions.authorityKey, issuer)) return "crl_other_issuer";
  if (!issuer.extensions.keyUsage?.has(KEY_USAGE.cRLSign)) return "crl_issuer_key_usage";
  if (crl.extensions.unsupported) return "crl_unsupported";
  const check = await checkSignature(crl, issuer, allowWeak);
  return check === "valid" ? null : SIGNATURE_CODES[check];
}

/** A revocation list as RFC 5280, 5.1 lays it out, its entries not yet read. */
interface Crl extends Signed {
  readonly issuer: Name;
  /** Milliseconds since the epoch. */
  readonly thisUpdate: number;
  /** Null when the list does not say until when it holds. */
  readonly nextUpdate: number | null;
  /** Content of revokedCertificates; empty when nothing is revoked. */
  readonly entries: Bytes;
  readonly extensions: CrlExtensions;
}

/**
 * Reads what surrounds the entries; costs the same for a list of any length. The bytes are copied
 * first, so what was checked cannot change afterwards.
 *
 * @throws {DerError} when anything is not as the standard demands
 */
export function parseCrl(input: Uint8Array): Crl {
  const signed = readSigned(new Uint8Array(input));
  const fields = enter(signed.tbs);
  const version = fields.optional(TAG.integer);
  if (version && readSmallInteger(version.content) !== 1) throw new DerError("version");
  if (!equalBytes(fields.next(TAG.sequence).bytes, signed.signatureAlgorithm)) {
    throw new DerError("signature algorithms differ");
  }
  const issuer = readName(fields.next(TAG.sequence).bytes);
  const thisUpdate = readTimeElement(fields.next());
  const next = fields.optional(TAG.utcTime) ?? fields.optional(TAG.generalizedTime);
  const revoked = fields.optional(TAG.sequence);
  const extensions = fields.optional(constructed(0));
  fields.end();
  if (extensions && !version) throw new DerError("extensions before version 2");
  return {
    ...signed,
    issuer,
    thisUpdate,
    nextUpdate: next && readTimeElement(next),
    entries: revoked?.content ?? new Uint8Array(),
    extensions: readCrlExtensions(extensions && extensions.content),
  };
}
