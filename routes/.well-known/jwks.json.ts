import { define } from "@/app.ts";
import { publishedKeys } from "@/core/handoff/signing_keys.ts";

/**
 * The public keys by which target systems verify hand-offs (RFC 7517), for every caller. An hour in a
 * cache is far less than the day that a key is published before it signs.
 */
export const handler = define.handlers({
  async GET(ctx) {
    return Response.json({ keys: await publishedKeys(ctx.state.deps) }, {
      headers: { "Cache-Control": "public, max-age=3600", "Access-Control-Allow-Origin": "*" },
    });
  },
});
