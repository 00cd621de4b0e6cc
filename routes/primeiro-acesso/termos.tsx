import { page } from "fresh";
import { define } from "@/app.ts";
import { Page } from "@/components/Page.tsx";
import { firstAccessLabels, Steps } from "@/components/Steps.tsx";
import { TermsForm } from "@/components/terms.tsx";
import { acceptFirstTerms, firstAccessOf } from "@/core/onboarding/first_access/steps.ts";
import { explain } from "@/core/messages.ts";
import { leadsElsewhere, pageOf, startOfStep } from "@/http/onboarding.ts";
import { readForm } from "@/http/form.ts";

const TITLE = "Termos de uso";

export const handler = define.handlers<{ error: string | null }>({
  GET(ctx) {
    const found = firstAccessOf(ctx.state.deps, ctx.state.session, "termos");
    if (!found.ok) return startOfStep(ctx, found);
    ctx.state.title = TITLE;
    return page({ error: null });
  },
  async POST(ctx) {
    const accepted = (await readForm(ctx.req)).text("aceito") === "sim";
    const done = await acceptFirstTerms(ctx.state.deps, ctx.state.session, accepted);
    if (done.ok) return ctx.redirect(pageOf(done.data.state.firstAccess!), 303);
    if (leadsElsewhere(done)) return startOfStep(ctx, done);
    ctx.state.title = TITLE;
    return page({ error: explain(done) }, { status: 422 });
  },
});

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
