import { exchangeOf, type Middleware } from "../context.ts";

export interface CSPOptions {
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
export function csp<State>({ csp = [], useNonce = false }: CSPOptions = {}): Middleware<State> {
  // Browsers obey the first directive of a name, so there must be only one.
  const byName = new Map([...DEFAULTS, ...csp].map((directive) => {
    const text = directive.trim();
    return [text.split(/\s/, 1)[0]!, text];
  }));
  const policy = [...byName.values()].join("; ");
  const aroundNonces = policy.split("'unsafe-inline'");

  return async (ctx) => {
    let value = policy;
    if (useNonce) {
      const nonce = crypto.randomUUID().replaceAll("-", "");
      exchangeOf(ctx).nonce = nonce;
      value = aroundNonces.join(`'nonce-${nonce}'`);
    }
    const response = await ctx.next();
    response.headers.set("content-security-policy", value);
    return response;
  };
}
