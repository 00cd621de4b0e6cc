import { define } from "@/app.ts";
import { GovbrRefusal } from "./(_components)/refusal.tsx";
import { countGovbrAnswer } from "@/core/signin/govbr/attempt.ts";
import { signInWithGovbr } from "@/core/signin/govbr/enter.ts";
import { addressOf } from "@/http/caller.ts";
import { letIn, setSessionCookie } from "@/http/cookie.ts";
import { showGovbrRefusal } from "@/http/onboarding.ts";

/** Where gov.br sends people back to, with a code or with an error. */
export const handler = define.handlers({
  async GET(ctx) {
    const { caller, deps, session } = ctx.state;
    if (caller) return ctx.redirect("/painel", 303);
    const { searchParams } = ctx.url;
    const answer = { state: searchParams.get("state") ?? "", address: addressOf(ctx) };
    const counted = await countGovbrAnswer(deps, session, answer);
    const entry = counted.ok ? await signInWithGovbr(deps, session, searchParams) : counted;
    if (!entry.ok) return showGovbrRefusal(ctx, entry);
    if (entry.data.next === "logged_in") return await letIn(ctx, entry.data.session);
    const next = entry.data.next === "joining" ? "/govbr/juntar" : "/primeiro-acesso/termos";
    const onwards = ctx.redirect(next, 303);
    return await setSessionCookie(onwards, deps, entry.data.session);
  },
});

export default define.page<typeof handler>(({ data }) => <GovbrRefusal {...data} />);
