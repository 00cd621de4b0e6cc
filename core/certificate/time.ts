import { DerError, type Element, TAG } from "./der.ts";

/**
 * Milliseconds since the epoch of a Time (RFC 5280, 4.1.2.5): UTCTime `YYMMDDHHMMSSZ` (50 and later
 * is 19YY) or GeneralizedTime `YYYYMMDDHHMMSSZ`.
 *
 * Works on the octets, not on text: a revocation list holds one for each of 100,000 entries.
 */
export function readTime({ tag, content }: Element): number {
  const short = tag === TAG.utcTime;
  if (!short && tag !== TAG.generalizedTime) throw new DerError("time");
  const yearDigits = short ? 2 : 4;
  if (content.length !== yearDigits + 11 || content[yearDigits + 10] !== Z) {
    throw new DerError("time");
  }
  const pair = (at: number) => digit(content[at]) * 10 + digit(content[at + 1]);
  const first = pair(0);
  const year = short ? first + (first < 50 ? 2000 : 1900) : first * 100 + pair(2);
  const [month, day, hour, minute, second] = [0, 2, 4, 6, 8].map((at) => pair(yearDigits + at));
  const date = new Date(0);
  date.setUTCFullYear(year, month! - 1, day!);
  date.setUTCHours(hour!, minute!, second!);
  // Date carries 30 February over into March; the way back shows it.
  const carried = date.getUTCMonth() !== month! - 1 || date.getUTCDate() !== day! ||
    hour! > 23 || minute! > 59 || second! > 59;
  if (carried) throw new DerError("time");
  return date.getTime();
}

const Z = 0x5a;

function digit(octet: number | undefined): number {
  if (octet === undefined || octet < 0x30 || octet > 0x39) throw new DerError("time");
  return octet - 0x30;
}
