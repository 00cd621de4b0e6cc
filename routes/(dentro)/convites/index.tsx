import type { Context } from "fresh";
import { define, type State } from "@/app.ts";
import { PasswordField } from "@/components/Field.tsx";
import { Page } from "@/components/Page.tsx";
import { showProvisional, waitingFor } from "@/core/access/invitations/accept.ts";
import { getOperadoras } from "@/core/registry/operadora.ts";
import type { Refusal } from "@/core/result.ts";
import { addressOf, requireCaller } from "@/http/caller.ts";
import { noticeOf, readForm } from "@/http/form.ts";
import { show } from "@/http/page.ts";

const TITLE = "Convites";

const NOTICES: Record<string, string> = {
  aceito: "Convite aceito. O acesso já vale.",
  recusado: "Convite recusado. A operadora foi avisada.",
};

/** The invitations that wait for the person, and the way to one that was sent to another mailbox. */
export const handler = define.handlers({
  GET: (ctx) => showList(ctx),
  async POST(ctx) {
    const password = (await readForm(ctx.req)).text("senha");
    const caller = requireCaller(ctx.state);
    const shown = await showProvisional(ctx.state.deps, caller, addressOf(ctx), password);
    return shown.ok ? ctx.redirect(`/convites/${shown.data.id}`, 303) : await showList(ctx, shown);
  },
});

async function showList(ctx: Context<State>, refusal: Refusal | null = null) {
  const { deps } = ctx.state;
  const waiting = await waitingFor(deps, requireCaller(ctx.state));
  const operadoras = await getOperadoras(deps, waiting.map(({ operadora }) => operadora));
  const invitations = waiting.map(({ id, operadora }, i) => ({
    id,
    name: operadoras[i]?.razaoSocial ?? `CNPJ ${operadora}`,
  }));
  const notice = refusal ? null : noticeOf(ctx.url, NOTICES);
  return show(ctx, TITLE, { invitations, notice }, refusal);
}

export default define.page<typeof handler>(function Invitations({ data }) {
  const { invitations, notice, error } = data;
  return (
    <Page title={TITLE} notice={notice} error={error}>
      {invitations.length === 0 && <p>Nenhum convite espera por você.</p>}
      <ul class="request-list">
        {invitations.map(({ id, name }) => (
          <li key={id} class="card">
            <a href={`/convites/${id}`}>{name}</a>
          </li>
        ))}
      </ul>
      <form method="post" class="card form">
        <p>O convite chegou em outro e-mail? Digite a senha provisória que veio com ele.</p>
        <PasswordField label="Senha provisória" autocomplete="off" />
        <button class="button secondary" type="submit">Ver o convite</button>
      </form>
    </Page>
  );
});
