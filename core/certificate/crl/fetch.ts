import { lookup } from "node:dns/promises";
import { type IncomingMessage, request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import { isIP } from "node:net";
import { parseAddressList } from "../../address_list.ts";
import type { CrlConfig } from "../../config/mod.ts";
import { accept, refuse, type Result } from "../../result.ts";
import type { Bytes } from "../der.ts";
import type { CrlCode } from "./messages.ts";

const MAX_REDIRECTS = 3;

/**
 * Fetches a revocation list from an address that a certificate names. Such an address is whatever
 * the certificate says, so: only allowed hosts at the ports of http and https, no
 * addresses inside private networks, no redirects to another host, and bounds for size and time.
 *
 * The name is resolved once, its addresses are checked, and the connection goes to a checked address
 * (the name only in `Host` and, for https, in the handshake): a second answer of the DNS, made to
 * lead inside, is never asked for.
 */
export async function fetchCrl(config: CrlConfig, url: string): Promise<Result<Bytes, CrlCode>> {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), config.timeoutMs);
  try {
    return await followRedirects(config, new URL(url), controller.signal);
  } catch {
    // No name, no connection, broken off, too slow: for the person these are one.
    return refuse("crl_unreachable");
  } finally {
    clearTimeout(timer);
    // Ends what is still being sent after a refusal.
    controller.abort();
  }
}

async function followRedirects(
  config: CrlConfig,
  first: URL,
  signal: AbortSignal,
): Promise<Result<Bytes, CrlCode>> {
  let url = first;
  for (let i = 0; i <= MAX_REDIRECTS; i++) {
    const place = await locate(config, url, signal);
    if (!place.ok) return place;
    const response = await get(url, place.data, signal);
    const status = response.statusCode ?? 0;
    if (status === 200) return await readList(response, config.maxBytes);
    const { location } = response.headers;
    const isRedirect = [301, 302, 303, 307, 308].includes(status) && location !== undefined;
    if (!isRedirect || !URL.canParse(location, url)) return refuse("crl_not_served");
    url = new URL(location, url);
    if (url.hostname !== first.hostname) return refuse("crl_redirected");
  }
  return refuse("crl_redirected");
}

interface ServerAddress {
  address: string;
  port: number;
}

/** Where to connect to for `url`, or why not. */
async function locate(
  { hosts, standIns }: CrlConfig,
  { hostname, password, port, protocol, username }: URL,
  signal: AbortSignal,
): Promise<Result<ServerAddress, CrlCode>> {
  const known = protocol === "http:" || protocol === "https:";
  if (!known || port !== "" || username !== "" || password !== "") {
    return refuse("crl_host_not_allowed");
  }
  if (!isAllowedHost(hostname, hosts)) return refuse("crl_host_not_allowed");
  const standIn = standIns[hostname];
  if (standIn) return accept(standIn);
  const name = hostname.replace(/^\[|\]$/g, "");
  const addresses = await unlessAborted(lookup(name, { all: true }), signal);
  if (addresses.length === 0 || !addresses.every(({ address }) => isPublicAddress(address))) {
    return refuse("crl_private_address");
  }
  // IPv4 first: there are machines with IPv6 in name only.
  const { address } = addresses.find(({ family }) => family === 4) ?? addresses[0]!;
  return accept({ address, port: protocol === "https:" ? 443 : 80 });
}

function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
    work.then(resolve, reject);
  });
}

function get(
  url: URL,
  { address, port }: ServerAddress,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const https = url.protocol === "https:";
  const options = {
    host: address,
    port,
    path: url.pathname + url.search,
    headers: { Host: url.host, Accept: "*/*", "Accept-Encoding": "identity" },
    agent: false,
    signal,
    ...(https && isIP(url.hostname) === 0 ? { servername: url.hostname } : {}),
  } as const;
  return new Promise((resolve, reject) => {
    const request = (https ? requestHttps : requestHttp)(options, resolve);
    request.on("error", reject);
    // Also where an abort is not told as an error.
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
    request.end();
  });
}

async function readList(
  response: IncomingMessage,
  maxBytes: number,
): Promise<Result<Bytes, CrlCode>> {
  const announced = Number(response.headers["content-length"] ?? 0);
  if (announced > maxBytes) return refuse("crl_too_large");
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response) {
    length += chunk.length;
    if (length > maxBytes) return refuse("crl_too_large");
    chunks.push(chunk);
  }
  return accept(await new Blob(chunks as BlobPart[]).bytes());
}

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
