import type { Context } from "fresh";
import type { State } from "@/app.ts";
import { sameSecret } from "@/core/keyed_hash.ts";

/** What tells where a request comes from. */
export type Origin = Pick<Context<State>, "info" | "req"> & { state: Pick<State, "portal"> };

/**
 * Does the request come through the configured proxy, whose headers are to be believed? Every sign
 * of it that is configured must be there: its address, its secret.
 */
export function isProxy({ info, req, state }: Origin): boolean {
  const { proxy } = state.portal.config;
  if (!proxy) return false;
  if (proxy.addresses && !proxy.addresses.has(peerOf(info))) return false;
  return !proxy.secret ||
    sameSecret(req.headers.get("habilita-proxy-secret") ?? "", proxy.secret);
}

/** The address of the other end of the connection: a browser's, or a proxy's. */
export function peerOf({ remoteAddr }: Deno.ServeHandlerInfo): string {
  return "hostname" in remoteAddr ? remoteAddr.hostname : "local";
}
