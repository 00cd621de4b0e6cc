import { define } from "@/app.ts";
import { endSession } from "@/core/account/session.ts";
import { takeSession } from "@/http/cookie.ts";

export const handler = define.handlers({
  async POST(ctx) {
    const { portal, session } = ctx.state;
    if (session) await endSession(portal, session);
    return takeSession(ctx.redirect("/entrar?saiu", 303));
  },
});
