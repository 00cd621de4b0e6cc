import type { Context } from "../context.ts";
import { HttpError } from "../error.ts";
import type { Middleware } from "../types.ts";

// deno-lint-ignore no-explicit-any
export interface CsrfOptions<State = any> {
  /** The origins that may send forms here; by default only the site's own. */
  origin?: string | string[] | ((origin: string, context: Context<State>) => boolean);
}

const SAFE = new Set(["GET", "HEAD", "OPTIONS"]);

/**
 * Refuses with 403 what another site makes a browser send, by `Sec-Fetch-Site` and `Origin`.
 * Requests with neither do not come from a current browser and pass.
 */
export function csrf<State>(options: CsrfOptions<State> = {}): Middleware<State> {
  return (ctx) => {
    const { method, headers } = ctx.req;
    if (SAFE.has(method)) return ctx.next();

    const site = headers.get("sec-fetch-site");
    const origin = headers.get("origin");
    if (site === "same-origin" || site === "none") return ctx.next();
    if (origin === null ? site === null : isAllowed(origin, ctx, options.origin)) return ctx.next();
    throw new HttpError(403);
  };
}

function isAllowed<State>(
  origin: string,
  ctx: Context<State>,
  allowed: CsrfOptions<State>["origin"],
): boolean {
  if (typeof allowed === "function") return allowed(origin, ctx);
  if (allowed === undefined) return origin === ctx.url.origin;
  return Array.isArray(allowed) ? allowed.includes(origin) : origin === allowed;
}
