import { type Context, HttpError } from "fresh";
import { define, type State } from "./state.ts";
import type { Caller } from "@/core/access/caller.ts";
import { isLoopback, parseAddress } from "@/core/address_list.ts";
import type { System } from "@/core/config/mod.ts";
import { noteUnknownCaller } from "@/core/health/network_part.ts";
import { timingSafeEqual } from "@/core/secrets.ts";
import type { Operadora } from "@/core/store/records/registry.ts";
import { refuseJson } from "./form.ts";

/** What tells where a request comes from. */
export type Origin = Pick<Context<State>, "info" | "req"> & { state: Pick<State, "deps"> };

/**
 * Does the request come through the configured proxy, whose headers are to be believed? Every sign
 * of it that is configured must be there: its address, its secret.
 */
export function isProxy({ info, req, state }: Origin): boolean {
  const { proxy } = state.deps.config;
  if (!proxy) return false;
  if (proxy.addresses && !proxy.addresses.has(peerOf(info))) return false;
  return !proxy.secret ||
    timingSafeEqual(req.headers.get("habilita-proxy-secret") ?? "", proxy.secret);
}

/** The other end of a socket that is a file of this machine. */
const LOCAL = "local";

/** The address of the other end of the connection: a browser's, or a proxy's. */
function peerOf({ remoteAddr }: Deno.ServeHandlerInfo): string {
  return "hostname" in remoteAddr ? remoteAddr.hostname : LOCAL;
}

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

/**
 * Network of the browser, for counting attempts (see `networkOf`): that of the other end of the
 * connection or, behind the configured proxy, of what that put last into `X-Forwarded-For`. Null when
 * neither is known to be the browser's; the log and `/saude` then say so.
 */
export function addressOf(from: Origin): string | null {
  const { deps } = from.state;
  if (isProxy(from)) {
    const forwarded = from.req.headers.get("x-forwarded-for")?.split(",").at(-1)?.trim() ?? "";
    if (parseAddress(forwarded)) return networkOf(forwarded);
    noteUnknownCaller(deps, "not_forwarded");
    return null;
  }
  const peer = peerOf(from.info);
  if (isDirect(from, peer)) return networkOf(peer);
  noteUnknownCaller(deps, "undeclared_proxy");
  return null;
}

/** Written by proxies. Whoever connects directly may write them too, which tells nothing then. */
const FORWARDED = ["forwarded", "x-forwarded-for", "x-real-ip", "via"];

/**
 * Is the other end of the connection the browser itself? From this machine only when people use the
 * portal at it: a portal with a name of its own is reached from here through a proxy that was not declared.
 */
function isDirect({ req, state }: Origin, peer: string): boolean {
  if (peer !== LOCAL && !isLoopback(peer)) return true;
  const { hostname } = new URL(state.deps.config.origin);
  const used = hostname === "localhost" || isLoopback(hostname.replace(/^\[|\]$/g, ""));
  return used && !FORWARDED.some((name) => req.headers.has(name));
}

export function agentOf(request: Request): string {
  return request.headers.get("user-agent") ?? "";
}

/**
 * The caller of a page behind the login; the middleware of the folder has let them through.
 * @throws {HttpError} 403 when no person is logged in
 */
export function requireCaller(state: State): Caller {
  if (!state.caller) throw new HttpError(403);
  return state.caller;
}

/**
 * The operadora of a page that works for one.
 * @throws {HttpError} 403 when none is chosen
 */
export function requireOperadora(state: State): { caller: Caller; operadora: Operadora } {
  const caller = requireCaller(state);
  if (!caller.operadora) throw new HttpError(403);
  return { caller, operadora: caller.operadora };
}

/**
 * A system that the three steps open, by the id in the address.
 * @throws {HttpError} 404 when there is none
 */
export function requireSystem({ deps }: State, id: string): System {
  const system = deps.config.systems.find((one) => one.id === id && one.access === "steps");
  if (!system) throw new HttpError(404);
  return system;
}

/** CNPJ of the operadora that the caller represents in this session, for core's `Actor`. */
export function representedBy({ isRepresentative, operadora }: Caller): string | null {
  return isRepresentative && operadora ? operadora.cnpj : null;
}

/** Whose key of this computer, and the computer that the session knows, for `ComputerCheck`. */
export function thisComputer({ person, session }: Caller) {
  return { personId: person.id, computer: session.state.computer ?? null };
}

/** As for the pages behind the login; a script is told what is wrong instead of being led away. */
export const insideForScripts = define.middleware((ctx) => {
  const { caller } = ctx.state;
  if (!caller) return refuseJson({ code: "session_ended" }, 401);
  if (!caller.termsAccepted) return refuseJson({ code: "terms_not_accepted" }, 403);
  return ctx.next();
});
