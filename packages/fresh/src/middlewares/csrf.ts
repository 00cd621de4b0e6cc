import type { Middleware } from "../context.ts";
import { HttpError } from "../error.ts";

export interface CsrfOptions {
  /** The origins that may send forms here; by default only the site's own. */
  origin?: string | string[];
}

const SAFE = new Set(["GET", "HEAD", "OPTIONS"]);

/**
 * Refuses with 403 what another site makes a browser send, by `Sec-Fetch-Site` and `Origin`.
 * Requests with neither do not come from a current browser and pass.
 */
export function csrf<State>({ origin: allowed }: CsrfOptions = {}): Middleware<State> {
  return (ctx) => {
    const { method, headers } = ctx.req;
    const site = headers.get("sec-fetch-site");
    const origin = headers.get("origin");
    const passes = SAFE.has(method) || site === "same-origin" || site === "none" ||
      (origin === null ? site === null : [allowed ?? ctx.url.origin].flat().includes(origin));
    if (!passes) throw new HttpError(403);
    return ctx.next();
  };
}
