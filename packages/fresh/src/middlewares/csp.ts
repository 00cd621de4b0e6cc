import { internals } from "../context.ts";
import type { Middleware } from "../types.ts";

export interface CSPOptions {
  /** Reports violations without preventing them. */
  reportOnly?: boolean;
  /** Where browsers send reports, e.g. `/api/csp-reports`. */
  reportTo?: string;
  /** Directives added to the default ones, or put in their place. */
  csp?: string[];
  /** Allows inline scripts and styles only with a nonce, which those rendered here carry. */
  useNonce?: boolean;
}

const DEFAULTS = [
  "default-src 'self'",
  "script-src 'self' 'unsafe-inline'",
  "style-src 'self' 'unsafe-inline'",
  "font-src 'self'",
  "img-src 'self' data:",
  "media-src 'self' data: blob:",
  "worker-src 'self' blob:",
  "connect-src 'self'",
  "object-src 'none'",
  "base-uri 'self'",
  "form-action 'self'",
  "frame-ancestors 'none'",
  "upgrade-insecure-requests",
];

/** Sets the Content-Security-Policy of every response, those of error pages included. */
export function csp<State>(options: CSPOptions = {}): Middleware<State> {
  const { reportOnly = false, reportTo, useNonce = false } = options;
  const policy = assemble(options.csp ?? [], reportTo);
  const aroundNonces = policy.split("'unsafe-inline'");
  const name = `content-security-policy${reportOnly ? "-report-only" : ""}`;

  return async (ctx) => {
    let value = policy;
    if (useNonce) {
      const nonce = crypto.randomUUID().replaceAll("-", "");
      internals(ctx).nonce = nonce;
      value = aroundNonces.join(`'nonce-${nonce}'`);
    }
    const response = await ctx.next();
    response.headers.set(name, value);
    if (reportTo !== undefined) {
      response.headers.set("reporting-endpoints", `csp-endpoint="${reportTo}"`);
    }
    return response;
  };
}

/** Browsers obey the first directive of a name, so there must be only one. */
function assemble(directives: string[], reportTo: string | undefined): string {
  const byName = new Map<string, string>();
  for (const directive of [...DEFAULTS, ...directives]) {
    byName.set(directive.trim().split(/\s/, 1)[0]!, directive.trim());
  }
  if (reportTo !== undefined) {
    byName.set("report-to", "report-to csp-endpoint");
    // Not every browser knows report-to.
    byName.set("report-uri", `report-uri ${reportTo}`);
  }
  return [...byName.values()].join("; ");
}
