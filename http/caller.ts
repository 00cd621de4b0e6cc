import { isIP } from "node:net";
import { HttpError } from "fresh";
import type { State } from "@/app.ts";
import type { Caller } from "@/core/access/caller.ts";
import type { Operadora } from "@/core/store/records/registry.ts";
import { networkOf } from "./network.ts";
import { isProxy, type Origin, peerOf } from "./proxy.ts";

/**
 * Network address of the browser, for counting attempts (see `networkOf`). Behind the configured proxy it is what that
 * put last into `X-Forwarded-For`: else all would count as one, and a stranger could lock out anybody.
 */
export function addressOf(from: Origin): string {
  const forwarded = from.req.headers.get("x-forwarded-for")?.split(",").at(-1)?.trim() ?? "";
  return networkOf(isIP(forwarded) !== 0 && isProxy(from) ? forwarded : peerOf(from.info));
}

export function agentOf(request: Request): string {
  return request.headers.get("user-agent") ?? "";
}

/**
 * The caller of a page behind the login; the middleware of the folder has let them through.
 * @throws {HttpError} 403 when nobody is logged in
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

/** CNPJ of the operadora that somebody represents in this session, for core's `Actor`. */
export function representedBy({ isRepresentative, operadora }: Caller): string | null {
  return isRepresentative && operadora ? operadora.cnpj : null;
}
