import { page } from "fresh";
import { define } from "@/app.ts";
import { Page } from "@/components/Page.tsx";
import { Steps } from "@/components/Steps.tsx";
import { TermsForm } from "@/components/terms.tsx";
import { acceptSelfRegistrationTerms } from "@/core/onboarding/self_registration/finish.ts";
import { selfRegistrationOf } from "@/core/onboarding/self_registration/state.ts";
import { explain } from "@/core/messages.ts";
import { readForm } from "@/http/form.ts";
import { leadToStep, SELF_REGISTRATION_LABELS } from "@/http/onboarding.ts";

const TITLE = "Termos de uso";

export const handler = define.handlers<{ error: string | null }>({
  async GET(ctx) {
    const found = await selfRegistrationOf(ctx.state.deps, ctx.state.session, "termos");
    const led = found.ok ? null : await leadToStep(ctx, found);
    if (led) return led;
    ctx.state.title = TITLE;
    return page({ error: null });
  },
  async POST(ctx) {
    const { deps, session } = ctx.state;
    const accepted = (await readForm(ctx.req)).text("aceito") === "sim";
    const done = await acceptSelfRegistrationTerms(deps, session, accepted);
    if (done.ok) return ctx.redirect("/cadastro/senha", 303);
    const led = await leadToStep(ctx, done);
    if (led) return led;
    ctx.state.title = TITLE;
    return page({ error: explain(done) }, { status: 422 });
  },
});

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
