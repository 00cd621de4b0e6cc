import { page } from "fresh";
import { define } from "@/app.ts";
import { FormError } from "@/components/Notice.tsx";
import { firstAccessLabels, Steps } from "@/components/Steps.tsx";
import { TermsForm } from "@/components/terms.tsx";
import { acceptFirstTerms } from "@/core/onboarding/first_access/steps.ts";
import { atStep, pageOf } from "@/core/onboarding/steps.ts";
import { explain } from "@/core/messages.ts";
import { leadsElsewhere, leadToStep } from "@/http/onboarding.ts";
import { readForm } from "@/http/form.ts";

const TITLE = "Termos de uso";

export const handler = define.handlers<{ error: string | null }>({
  GET(ctx) {
    const found = atStep(ctx.state.deps, ctx.state.session, "first_access", "termos");
    if (!found.ok) return leadToStep(ctx, found);
    ctx.state.title = TITLE;
    return page({ error: null });
  },
  async POST(ctx) {
    const accepted = (await readForm(ctx.req)).text("aceito") === "sim";
    const done = await acceptFirstTerms(ctx.state.deps, ctx.state.session, accepted);
    if (done.ok) return ctx.redirect(pageOf(done.data.state.onboarding!), 303);
    if (leadsElsewhere(done)) return leadToStep(ctx, done);
    ctx.state.title = TITLE;
    return page({ error: explain(done) }, { status: 422 });
  },
});

export default define.page<typeof handler>(function FirstTerms({ data, state }) {
  return (
    <div class="container narrow">
      <h1>{TITLE}</h1>
      <Steps steps={firstAccessLabels(state.session)} current={1} />
      <FormError message={data.error} />
      <TermsForm />
    </div>
  );
});
