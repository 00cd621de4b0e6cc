import { isIP } from "node:net";
import { parseAddressList } from "../../address_list.ts";

/** Whether a host is one of the domains or below one. */
export function isAllowedHost(host: string, domains: readonly string[]): boolean {
  const name = host.toLowerCase();
  return domains.some((domain) => name === domain || name.endsWith(`.${domain}`));
}

/** Not for the open network (IANA's special-purpose registries, RFC 6890). */
const SPECIAL = parseAddressList([
  "0.0.0.0/8, 10.0.0.0/8, 100.64.0.0/10, 127.0.0.0/8, 169.254.0.0/16, 172.16.0.0/12",
  "192.0.0.0/24, 192.0.2.0/24, 192.88.99.0/24, 192.168.0.0/16, 198.18.0.0/15, 198.51.100.0/24",
  "203.0.113.0/24, 224.0.0.0/4, 240.0.0.0/4",
  // Teredo, documentation and 6to4, which can lead back to any IPv4 address.
  "2001::/23, 2001:db8::/32, 2002::/16",
].join())!;

/** Global unicast: the rest of IPv6 is loopback, private, link-local, IPv4 in disguise or unused. */
const GLOBAL_IPV6 = parseAddressList("2000::/3")!;

/** Whether an address may be connected to: it belongs to the open network. */
export function isPublicAddress(address: string): boolean {
  const version = isIP(address);
  if (version === 0 || SPECIAL.has(address)) return false;
  return version === 4 || GLOBAL_IPV6.has(address);
}
