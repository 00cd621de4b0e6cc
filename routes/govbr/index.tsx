import { define } from "@/app.ts";
import { GovbrRefusal } from "./(_components)/refusal.tsx";
import { beginGovbr } from "@/core/signin/govbr/attempt.ts";
import { agentOf } from "@/http/caller.ts";
import { setSessionCookie } from "@/http/cookie.ts";
import { showGovbrRefusal } from "@/http/onboarding.ts";

/** "Entrar com gov.br": on to gov.br, by a link, so that no form has to lead to another site. */
export const handler = define.handlers({
  async GET(ctx) {
    const { caller, deps, session } = ctx.state;
    if (caller) return ctx.redirect("/painel", 303);
    const begun = await beginGovbr(deps, { agent: agentOf(ctx.req), session });
    if (!begun.ok) return showGovbrRefusal(ctx, begun);
    return await setSessionCookie(ctx.redirect(begun.data.url.href, 303), deps, begun.data.session);
  },
});

export default define.page<typeof handler>(({ data }) => <GovbrRefusal {...data} />);
