import { BlockList, isIP } from "node:net";

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
  const list = new BlockList();
  for (const entry of text.split(",")) {
    const parsed = /^([0-9a-f.:]+)(?:\/([1-9]\d{0,2}))?$/i.exec(entry.trim());
    const [, address = "", bits] = parsed ?? [];
    const family = familyOf(address);
    const width = family === "ipv4" ? 32 : 128;
    const length = bits === undefined ? width : Number(bits);
    if (!family || length > width) return null;
    list.addSubnet(address, length, family);
  }
  return {
    has(address) {
      const family = familyOf(address);
      return family !== null && list.check(address, family);
    },
  };
}

function familyOf(address: string): "ipv4" | "ipv6" | null {
  const version = isIP(address);
  return version === 0 ? null : version === 4 ? "ipv4" : "ipv6";
}
