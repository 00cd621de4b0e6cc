import type { Middleware } from "fresh";
import type { State } from "./state.ts";

/** Headers that every answer has, whatever became of the request. */
export function securityHeaders(origin: string): Middleware<State> {
  const headers: [string, string][] = [
    ["X-Content-Type-Options", "nosniff"],
    ["X-Frame-Options", "DENY"],
    ["Referrer-Policy", "same-origin"],
    ["Cross-Origin-Opener-Policy", "same-origin"],
    ["Permissions-Policy", "camera=(), geolocation=(), microphone=()"],
  ];
  if (origin.startsWith("https://")) {
    headers.push(["Strict-Transport-Security", "max-age=63072000; includeSubDomains"]);
  }
  return async (ctx) => {
    const response = await ctx.next();
    for (const [name, value] of headers) response.headers.set(name, value);
    return response;
  };
}
