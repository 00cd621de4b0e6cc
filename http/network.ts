import { parseAddress } from "@/core/address_list.ts";

/**
 * What an address is counted as. Of IPv6 the first 64 bits: any one connection has all the rest to
 * choose from (RFC 6177), and would have as many attempts. An IPv4 address in IPv6 is what it holds.
 */
export function networkOf(address: string): string {
  const parsed = parseAddress(address);
  if (!parsed) return address;
  if (!("parts" in parsed)) return parsed.toString();
  return `${parsed.parts.slice(0, 4).map((part) => part.toString(16)).join(":")}::/64`;
}
