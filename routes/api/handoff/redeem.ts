import { define } from "@/app.ts";
import { redeemHandoff } from "@/core/handoff/redeem.ts";
import { addressOf } from "@/http/caller.ts";
import { readForm } from "@/http/form.ts";

/**
 * Called by target systems with the `token` they were given, as in RFC 7662: `{ active: true }` with
 * the token's content once, `{ active: false }` ever after and for everything else. The token itself
 * is what entitles to ask.
 */
export const handler = define.handlers({
  async POST(ctx) {
    const token = (await readForm(ctx.req)).text("token");
    if (!token) return Response.json({ error: "invalid_request" }, { status: 400 });
    const redeemed = await redeemHandoff(ctx.state.deps, { token, address: addressOf(ctx) });
    if (!redeemed.ok) {
      return Response.json({ error: "too_many_failures" }, {
        status: 429,
        headers: { "Retry-After": "60" },
      });
    }
    return Response.json(redeemed.data ? { active: true, ...redeemed.data } : { active: false });
  },
});
