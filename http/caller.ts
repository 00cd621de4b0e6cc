import { HttpError } from "fresh";
import type { State } from "@/app.ts";
import type { Caller } from "@/core/access/caller.ts";
import type { Operadora } from "@/core/registry/operadora.ts";

/** Network address of the browser, for counting attempts. */
export function addressOf(info: Deno.ServeHandlerInfo): string {
  return "hostname" in info.remoteAddr ? info.remoteAddr.hostname : "local";
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
