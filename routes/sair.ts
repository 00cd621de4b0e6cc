import { define } from "@/app.ts";
import { endSession } from "@/core/account/session.ts";
import { clearSessionCookie } from "@/http/cookie.ts";

export const handler = define.handlers({
  async POST(ctx) {
    const { deps, session } = ctx.state;
    if (session) await endSession(deps, session);
    return clearSessionCookie(ctx.redirect("/entrar?saiu", 303));
  },
});
