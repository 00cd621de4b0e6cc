import type { Context } from "fresh";
import { define, type State } from "@/app.ts";
import { Page } from "@/components/Page.tsx";
import { firstAccessLabels, Steps } from "@/components/Steps.tsx";
import { TermsForm } from "@/components/terms.tsx";
import { acceptFirstTerms } from "@/core/onboarding/first_access/steps.ts";
import { pageOf } from "@/core/onboarding/steps.ts";
import { showStep } from "@/http/onboarding.ts";
import type { AccountCode } from "@/core/account/messages.ts";
import type { Refusal } from "@/core/result.ts";
import { readForm } from "@/http/form.ts";

const TITLE = "Termos de uso";

export const handler = define.handlers<{ error: string | null }>({
  GET: (ctx) => show(ctx),
  async POST(ctx) {
    const accepted = (await readForm(ctx.req)).text("aceito") === "sim";
    const done = await acceptFirstTerms(ctx.state.deps, ctx.state.session, accepted);
    if (done.ok) return ctx.redirect(pageOf(done.data.state.onboarding!), 303);
    return await show(ctx, done);
  },
});

function show(ctx: Context<State>, refusal: Refusal<AccountCode> | null = null) {
  return showStep(ctx, ["first_access", "termos"], refusal, (_, error) => {
    ctx.state.title = TITLE;
    return { error };
  });
}

export default define.page<typeof handler>(function FirstTerms({ data, state }) {
  return (
    <Page
      title={TITLE}
      lead={<Steps steps={firstAccessLabels(state.session)} current={1} />}
      error={data.error}
    >
      <TermsForm />
    </Page>
  );
});
