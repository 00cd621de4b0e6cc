import { type Bytes, DerError, type ElementHeader, TAG } from "./der.ts";

/**
 * Milliseconds since the epoch of a Time (RFC 5280, 4.1.2.5): UTCTime `YYMMDDHHMMSSZ` (50 and later
 * is 19YY) or GeneralizedTime `YYYYMMDDHHMMSSZ`, at the place that `header` names.
 *
 * Works on the octets, not on text: a revocation list holds one for each of 100,000 entries.
 */
export function readTime(bytes: Bytes, { end, start, tag }: ElementHeader): number {
  const short = tag === TAG.utcTime;
  if (!short && tag !== TAG.generalizedTime) throw new DerError("time");
  if (end - start !== (short ? 13 : 15) || bytes[end - 1] !== Z) throw new DerError("time");
  const first = pair(bytes, start);
  const year = short ? first + (first < 50 ? 2000 : 1900) : first * 100 + pair(bytes, start + 2);
  const month = pair(bytes, end - 11);
  const day = pair(bytes, end - 9);
  const hour = pair(bytes, end - 7);
  const minute = pair(bytes, end - 5);
  const second = pair(bytes, end - 3);
  const days = month === 2 && isLeap(year) ? 29 : DAYS[month - 1];
  // Date.UTC takes years below 100 for ones of the last century.
  const good = year >= 100 && days !== undefined && day >= 1 && day <= days && hour < 24 &&
    minute < 60 && second < 60;
  if (!good) throw new DerError("time");
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

const Z = 0x5a;
const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

function isLeap(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

/** Two digits. */
function pair(bytes: Bytes, at: number): number {
  const tens = bytes[at]! - 0x30;
  const ones = bytes[at + 1]! - 0x30;
  if (!(tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9)) throw new DerError("time");
  return tens * 10 + ones;
}

/** The same for an element by itself. */
export function readTimeElement({ content, tag }: { content: Bytes; tag: number }): number {
  return readTime(content, { tag, start: 0, end: content.length });
}

const DATE = new Intl.DateTimeFormat("pt-BR", {
  timeZone: "America/Sao_Paulo",
  day: "2-digit",
  month: "2-digit",
  year: "numeric",
});

/** Milliseconds since the epoch -> the day in Brasília, `31/12/2026`. */
export function formatDate(time: number): string {
  return DATE.format(time);
}
