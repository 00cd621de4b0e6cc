import type { Context } from "fresh";
import { define, type State } from "@/app.ts";
import { Check } from "@/components/Field.tsx";
import { InvitationFacts } from "@/components/invitations.tsx";
import { Page } from "@/components/Page.tsx";
import { INVITATION_LABELS, Steps } from "@/components/Steps.tsx";
import { TermsText } from "@/components/terms.tsx";
import type { AccountCode } from "@/core/account/messages.ts";
import { acceptInvited, declineInvited } from "@/core/onboarding/invitation/steps.ts";
import type { Refusal } from "@/core/result.ts";
import { clearSessionCookie } from "@/http/cookie.ts";
import { readForm } from "@/http/form.ts";
import { showInvited } from "@/http/onboarding.ts";
import { EndedInvitation } from "./(_components)/ended.tsx";

const TITLE = "Convite";

/** J7: what the provisional password opens. Nothing is granted before the last step. */
export const handler = define.handlers({
  GET: (ctx) => showInvitation(ctx),
  async POST(ctx) {
    const { deps, session } = ctx.state;
    const form = await readForm(ctx.req);
    if (form.text("acao") === "recusar") {
      const declined = await declineInvited(deps, session);
      return declined.ok
        ? clearSessionCookie(ctx.redirect("/entrar?recusado", 303))
        : await showInvitation(ctx, declined);
    }
    const done = await acceptInvited(deps, session, form.text("aceito") === "sim");
    return done.ok ? ctx.redirect("/convite/cadastro", 303) : await showInvitation(ctx, done);
  },
});

function showInvitation(ctx: Context<State>, refusal: Refusal<AccountCode> | null = null) {
  ctx.state.title = TITLE;
  return showInvited(ctx, "convite", refusal, ({ invitation, operadora }, error) => ({
    invitation,
    operadora,
    error,
  }));
}

export default define.page<typeof handler>(function Invitation({ data, state }) {
  if (!data.at) return <EndedInvitation message={data.ended!} />;
  const { invitation, operadora, error } = data.at;
  return (
    <Page
      title={TITLE}
      lead={<Steps steps={INVITATION_LABELS} current={0} />}
      error={error}
    >
      <section class="card">
        <InvitationFacts
          invitation={invitation}
          operadora={operadora}
          systems={state.deps.config.systems}
        />
      </section>
      <form method="post" class="card form">
        <h2>Termo de Responsabilidade</h2>
        <TermsText />
        <Check type="checkbox" name="aceito" value="sim" required>
          Li e aceito os termos de uso
        </Check>
        <button class="button primary" name="acao" value="aceitar" type="submit">Aceitar</button>
      </form>
      <p>
        <a class="button secondary" href="/entrar">Já tenho conta: entrar e aceitar</a>
      </p>
      <form method="post">
        <p>O convite não é para você? A operadora que o enviou é avisada, e o convite termina.</p>
        <button class="button danger" name="acao" value="recusar" type="submit">
          Não é comigo
        </button>
      </form>
    </Page>
  );
});
