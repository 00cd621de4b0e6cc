import type { FreshConfig } from "fresh";
import type { BuildOptions } from "fresh/dev";

export const appOptions: FreshConfig = {};

/**
 * Only our own files; scripts and styles only with the nonce of the answer. Fresh puts the nonce on
 * what it writes. `form-action` keeps a planted form from sending a password elsewhere, `base-uri`
 * keeps planted markup from redirecting our relative addresses, `frame-ancestors` forbids framing.
 *
 * @param handoffs origins of the systems that people are handed off to by a form
 */
export const contentSecurityPolicy = (handoffs: readonly string[]) => ({
  useNonce: true,
  csp: [
    "default-src 'none'",
    "connect-src 'self'",
    "font-src 'self'",
    "img-src 'self' data:",
    "style-src 'self'",
    ["form-action 'self'", ...handoffs].join(" "),
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "object-src 'none'",
  ],
});

export const builderOptions: BuildOptions = { target: ["chrome99", "firefox99", "safari15"] };
