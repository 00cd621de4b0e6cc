import { define } from "@/app.ts";
import { openVisit } from "@/core/account/session.ts";
import { createChallenge } from "@/core/certificate/login.ts";
import { agentOf } from "@/http/caller.ts";
import { setSessionCookie } from "@/http/cookie.ts";

/** Another text to be signed, for a page that was left open until its own was too old. Stores nothing. */
export const handler = define.handlers({
  async GET(ctx) {
    const { deps, caller, session } = ctx.state;
    if (caller) return ctx.redirect("/painel", 303);
    const anonymous = session ?? openVisit(deps, { agent: agentOf(ctx.req) });
    const asked = { purpose: "login", sessionId: anonymous.id } as const;
    const { id, text } = createChallenge(deps, asked);
    const answer = Response.json({ id, text });
    return session ? answer : await setSessionCookie(answer, deps, anonymous);
  },
});
