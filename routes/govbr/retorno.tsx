import { define } from "@/app.ts";
import { GovbrRefusal } from "@/components/GovbrRefusal.tsx";
import { enterWithGovbr } from "@/core/account/govbr/enter.ts";
import { giveSession } from "@/http/cookie.ts";
import { showGovbrRefusal } from "@/http/govbr.ts";

/** Where gov.br sends people back to, with a code or with an error. */
export const handler = define.handlers({
  async GET(ctx) {
    const { caller, portal, session } = ctx.state;
    if (caller) return ctx.redirect("/painel", 303);
    const entry = await enterWithGovbr(portal, session, ctx.url.searchParams);
    if (!entry.ok) return showGovbrRefusal(ctx, entry);
    const next = entry.data.next === "first_access" ? "/primeiro-acesso/termos" : "/operadoras";
    return await giveSession(ctx.redirect(next, 303), portal, entry.data.session);
  },
});

export default define.page<typeof handler>(({ data }) => <GovbrRefusal {...data} />);
