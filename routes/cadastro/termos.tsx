import type { Context } from "fresh";
import { define, type State } from "@/app.ts";
import { SELF_REGISTRATION_LABELS, Steps } from "@/components/Steps.tsx";
import { Page } from "@/components/Page.tsx";
import { TermsForm } from "@/components/terms.tsx";
import { acceptSelfRegistrationTerms } from "@/core/onboarding/self_registration/finish.ts";
import type { AccountCode } from "@/core/account/messages.ts";
import type { Refusal } from "@/core/result.ts";
import { readForm } from "@/http/form.ts";
import { showStep } from "@/http/onboarding.ts";

const TITLE = "Termos de uso";

export const handler = define.handlers<{ error: string | null }>({
  GET: (ctx) => show(ctx),
  async POST(ctx) {
    const { deps, session } = ctx.state;
    const accepted = (await readForm(ctx.req)).text("aceito") === "sim";
    const done = await acceptSelfRegistrationTerms(deps, session, accepted);
    if (done.ok) return ctx.redirect("/cadastro/senha", 303);
    return await show(ctx, done);
  },
});

function show(ctx: Context<State>, refusal: Refusal<AccountCode> | null = null) {
  return showStep(ctx, ["self_registration", "termos"], refusal, (_, error) => {
    ctx.state.title = TITLE;
    return { error };
  });
}

export default define.page<typeof handler>(function SelfRegistrationTerms({ data }) {
  return (
    <Page
      title={TITLE}
      lead={<Steps steps={SELF_REGISTRATION_LABELS} current={2} />}
      error={data.error}
    >
      <TermsForm />
    </Page>
  );
});
