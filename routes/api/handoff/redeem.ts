import { define } from "@/app.ts";
import { readClientCredentials } from "@/core/handoff/client_credentials.ts";
import { redeemHandoff } from "@/core/handoff/redeem.ts";
import { addressOf } from "@/http/caller.ts";
import { readForm } from "@/http/form.ts";

/**
 * Called by target systems with their own credential and the `token` they were given, as in RFC 7662:
 * `{ active: true }` with the token's content once, `{ active: false }` ever after and for everything
 * else. Errors are those of RFC 6749, 5.2.
 */
export const handler = define.handlers({
  async POST(ctx) {
    const form = await readForm(ctx.req);
    const token = form.text("token");
    const given = readClientCredentials(
      ctx.req.headers.get("authorization"),
      (name) => form.text(name),
    );
    if (!given.ok || !token) return refusal("invalid_request", 400);
    const asked = { token, credentials: given.data, address: addressOf(ctx) };
    const redeemed = await redeemHandoff(ctx.state.deps, asked);
    switch (redeemed.outcome) {
      case "unauthorized":
        return refusal("invalid_client", 401, {
          "WWW-Authenticate": 'Basic realm="habilita", charset="UTF-8"',
        });
      case "too_many_failures":
        return refusal("too_many_failures", 429, { "Retry-After": "60" });
      case "answered": {
        const { content } = redeemed;
        return answer(content ? { active: true, ...content } : { active: false });
      }
    }
  },
});

function refusal(error: string, status: number, headers: HeadersInit = {}): Response {
  return answer({ error }, status, headers);
}

function answer(body: unknown, status = 200, headers: HeadersInit = {}): Response {
  return Response.json(body, { status, headers: { "Cache-Control": "no-store", ...headers } });
}
