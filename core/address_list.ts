import { isIP } from "node:net";
import ipaddr from "ipaddr.js";

/** Network addresses, named one by one or as CIDR ranges. */
export interface AddressList {
  /** IPv4 addresses count also in their IPv6 form, `::ffff:192.0.2.1` (RFC 4291, 2.5.5.2). */
  has(address: string): boolean;
}

/**
 * Reads a list like `127.0.0.1, 10.1.0.0/16, fd00::/8` (CIDR: RFC 4632, RFC 4291, 2.3).
 * Null when an entry is none of these, or has a length of 0: that would be every address.
 */
export function parseAddressList(text: string): AddressList | null {
  const ranges = text.split(",").map((entry) => parseRange(entry.trim()));
  if (!ranges.every((range) => range !== null)) return null;
  return {
    has(address) {
      const parsed = parseAddress(address);
      return parsed !== null &&
        ranges.some(([first, bits]) => first.kind() === parsed.kind() && parsed.match(first, bits));
    },
  };
}

/** Null for what is no address; an IPv4 address in IPv6 is what it holds. A zone (`%eth0`) is left out. */
export function parseAddress(text: string): ipaddr.IPv4 | ipaddr.IPv6 | null {
  // `ipaddr.js` alone takes `127.1` and `0x7f.1`, too.
  return isIP(text) === 0 ? null : ipaddr.process(text.split("%", 1)[0]!);
}

/** An address of this machine itself: what connects from there need not be who it speaks for. */
export function isLoopback(address: string): boolean {
  return parseAddress(address)?.range() === "loopback";
}

function parseRange(text: string): [ipaddr.IPv4 | ipaddr.IPv6, number] | null {
  const [, address = "", bits] = /^([0-9a-f.:]+)(?:\/([1-9]\d{0,2}))?$/i.exec(text) ?? [];
  const first = parseAddress(address);
  const width = first?.kind() === "ipv4" ? 32 : 128;
  const length = bits === undefined ? width : Number(bits);
  return first && length <= width ? [first, length] : null;
}
