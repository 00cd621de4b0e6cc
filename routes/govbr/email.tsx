import { page } from "fresh";
import { define } from "@/app.ts";
import { EmailField } from "@/components/Field.tsx";
import { Notice } from "@/components/Notice.tsx";
import { Page } from "@/components/Page.tsx";
import { GOVBR_FIRST_ACCESS_LABELS, Steps } from "@/components/Steps.tsx";
import { govbrFirstAccessOf, submitGovbrEmail } from "@/core/onboarding/first_access/govbr.ts";
import { explain } from "@/core/messages.ts";
import type { LoggedIn, Session } from "@/core/store/records/session.ts";
import { letIn } from "@/http/cookie.ts";
import { leadsElsewhere, leadToStep } from "@/http/onboarding.ts";
import { readForm } from "@/http/form.ts";

interface Data {
  email: string;
  /** The address that gov.br has verified. */
  verified: string | null;
  error: string | null;
}

const TITLE = "Seu e-mail";

/** The first access of a person who came with gov.br: an e-mail, and no password. */
export const handler = define.handlers<Data>({
  GET(ctx) {
    const { deps, session } = ctx.state;
    const found = govbrFirstAccessOf(deps, session);
    if (!found.ok) return leadToStep(ctx, found);
    const { govbr } = found.data.onboarding;
    ctx.state.title = TITLE;
    const email = govbr.email ?? "";
    return page({ email, verified: govbr.email, error: null });
  },
  async POST(ctx) {
    const { deps, session } = ctx.state;
    const email = (await readForm(ctx.req)).text("email");
    const done = await submitGovbrEmail(deps, session, email);
    if (done.ok) {
      return done.data.state.kind === "person"
        ? await letIn(ctx, done.data as Session<LoggedIn>)
        : ctx.redirect("/primeiro-acesso/confirmar", 303);
    }
    const found = govbrFirstAccessOf(deps, session);
    if (leadsElsewhere(done) || !found.ok) return leadToStep(ctx, done);
    ctx.state.title = TITLE;
    const verified = found.data.onboarding.govbr.email;
    return page({ email, verified, error: explain(done) }, { status: 422 });
  },
});

export default define.page<typeof handler>(function GovbrEmail({ data }) {
  return (
    <Page
      title={TITLE}
      lead={<Steps steps={GOVBR_FIRST_ACCESS_LABELS} current={2} />}
      error={data.error}
    >
      {data.verified && (
        <Notice kind="info">
          O gov.br já verificou{" "}
          <strong>{data.verified}</strong>: se ficar com ele, não é preciso confirmar. Para outro
          e-mail enviamos um código.
        </Notice>
      )}
      <form method="post" class="card form">
        <EmailField
          value={data.email}
          hint="Só seu: cada e-mail pertence a uma pessoa. O portal avisa nele o que acontece com o seu acesso."
        />
        <p>Não é preciso criar senha: você continua entrando com gov.br.</p>
        <button class="button primary" type="submit">Continuar</button>
      </form>
    </Page>
  );
});
