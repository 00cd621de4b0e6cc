import { page } from "fresh";
import { define } from "@/app.ts";
import { FormError } from "@/components/Notice.tsx";
import { SELF_REGISTRATION_LABELS, Steps } from "@/components/Steps.tsx";
import { TermsForm } from "@/components/terms.tsx";
import { acceptSelfRegistrationTerms } from "@/core/onboarding/self_registration/finish.ts";
import { atStep } from "@/core/onboarding/steps.ts";
import { explain } from "@/core/messages.ts";
import { readForm } from "@/http/form.ts";
import { leadsElsewhere, leadToStep } from "@/http/onboarding.ts";

const TITLE = "Termos de uso";

export const handler = define.handlers<{ error: string | null }>({
  async GET(ctx) {
    const found = atStep(ctx.state.deps, ctx.state.session, "self_registration", "termos");
    if (!found.ok) return leadToStep(ctx, found);
    ctx.state.title = TITLE;
    return page({ error: null });
  },
  async POST(ctx) {
    const { deps, session } = ctx.state;
    const accepted = (await readForm(ctx.req)).text("aceito") === "sim";
    const done = await acceptSelfRegistrationTerms(deps, session, accepted);
    if (done.ok) return ctx.redirect("/cadastro/senha", 303);
    if (leadsElsewhere(done)) return leadToStep(ctx, done);
    ctx.state.title = TITLE;
    return page({ error: explain(done) }, { status: 422 });
  },
});

export default define.page<typeof handler>(function SelfRegistrationTerms({ data }) {
  return (
    <div class="container narrow">
      <h1>{TITLE}</h1>
      <Steps steps={SELF_REGISTRATION_LABELS} current={2} />
      <FormError message={data.error} />
      <TermsForm />
    </div>
  );
});
