import { define } from "@/app.ts";
import { GovbrRefusal } from "@/components/GovbrRefusal.tsx";
import { enterWithGovbr } from "@/core/account/govbr/enter.ts";
import { giveSession, letIn } from "@/http/cookie.ts";
import { showGovbrRefusal } from "@/http/onboarding.ts";

/** Where gov.br sends people back to, with a code or with an error. */
export const handler = define.handlers({
  async GET(ctx) {
    const { caller, portal, session } = ctx.state;
    if (caller) return ctx.redirect("/painel", 303);
    const entry = await enterWithGovbr(portal, session, ctx.url.searchParams);
    if (!entry.ok) return showGovbrRefusal(ctx, entry);
    if (entry.data.next === "logged_in") return await letIn(ctx, entry.data.session);
    const onwards = ctx.redirect("/primeiro-acesso/termos", 303);
    return await giveSession(onwards, portal, entry.data.session);
  },
});

export default define.page<typeof handler>(({ data }) => <GovbrRefusal {...data} />);
