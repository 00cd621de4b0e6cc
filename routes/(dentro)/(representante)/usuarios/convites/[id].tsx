import { type Context, HttpError } from "fresh";
import { define, type State } from "@/app.ts";
import { InvitationFacts } from "@/components/invitations.tsx";
import { Page } from "@/components/Page.tsx";
import { Fact } from "@/components/tables.tsx";
import { getInvitation } from "@/core/access/invitations/invitation.ts";
import { renewInvitation, revokeInvitation } from "@/core/access/invitations/invite.ts";
import { filterOf, type InvitationFilter } from "@/core/access/invitations/list.ts";
import { maskCpf } from "@/core/registry/numbers.ts";
import type { Refusal } from "@/core/result.ts";
import { requireOperadora } from "@/http/caller.ts";
import { noticeOf, readForm } from "@/http/form.ts";
import { show } from "@/http/page.ts";

const NOTICES: Record<string, string> = {
  renovado: "Enviamos outra senha provisória. A anterior não vale mais, e o convite vale 30 dias.",
};

const STANDING: Record<InvitationFilter, string> = {
  enviados: "Enviado: espera que a pessoa aceite",
  vencidos: "Vencido: a senha provisória vale por 72 horas e o convite, por 30 dias",
  aceitos: "Aceito",
  recusados: "Recusado: quem abriu respondeu “Não é comigo”",
  revogados: "Cancelado pela operadora",
};

export const handler = define.handlers({
  GET: (ctx) => showInvitation(ctx),
  async POST(ctx) {
    const { caller, operadora } = requireOperadora(ctx.state);
    const { deps } = ctx.state;
    const { id } = await findInvitation(ctx);
    const action = (await readForm(ctx.req)).text("acao");
    if (action === "renovar") {
      const renewed = await renewInvitation(deps, caller.person, operadora, id);
      return renewed.ok
        ? ctx.redirect(`/usuarios/convites/${id}?aviso=renovado`, 303)
        : await showInvitation(ctx, renewed);
    }
    if (action !== "cancelar") throw new HttpError(400);
    const revoked = await revokeInvitation(deps, caller.person, operadora, id);
    return revoked.ok
      ? ctx.redirect("/usuarios?aviso=revogado", 303)
      : await showInvitation(ctx, revoked);
  },
});

/** @throws {HttpError} 404, also for those of another operadora */
async function findInvitation({ state, params }: Context<State>) {
  const { cnpj } = requireOperadora(state).operadora;
  // As long as any id is.
  const id = params.id!.slice(0, 26);
  const found = await getInvitation(state.deps, { operadora: cnpj, id });
  if (!found) throw new HttpError(404);
  return found;
}

async function showInvitation(ctx: Context<State>, refusal: Refusal | null = null) {
  const { operadora } = requireOperadora(ctx.state);
  const invitation = await findInvitation(ctx);
  const standing = filterOf(invitation, ctx.state.deps.now());
  const notice = refusal ? null : noticeOf(ctx.url, NOTICES);
  return show(ctx, invitation.name, { invitation, operadora, standing, notice }, refusal);
}

const dayOf = (at: number) => new Date(at).toLocaleDateString("pt-BR", { timeZone: TIME_ZONE });
const TIME_ZONE = "America/Sao_Paulo";

export default define.page<typeof handler>(function SentInvitation({ data, state }) {
  const { invitation, operadora, standing, notice, error } = data;
  const { name, cpf, email, createdAt, expiresAt, state: reached } = invitation;
  return (
    <Page
      title={name}
      back={{ href: "/usuarios#convites", label: "Usuários" }}
      lead={<p class="lead">CPF {maskCpf(cpf)} · {email}</p>}
      notice={notice}
      error={error}
    >
      <section class="card">
        <InvitationFacts
          invitation={invitation}
          operadora={operadora}
          systems={state.deps.config.systems}
        >
          <Fact name="E-mail">{email}</Fact>
          <Fact name="Situação">{STANDING[standing]}</Fact>
          <Fact name="Enviado em">{dayOf(createdAt)}</Fact>
          {reached === "enviado" && <Fact name="Vale até">{dayOf(expiresAt)}</Fact>}
        </InvitationFacts>
      </section>
      {reached === "enviado" && (
        <form method="post" class="card form">
          <p>
            Renovar envia outra senha provisória para o mesmo e-mail. Se o CPF ou o e-mail está
            errado, cancele e <a href="/usuarios/novo">convide de novo</a>.
          </p>
          <div class="actions">
            <button class="button secondary" name="acao" value="renovar" type="submit">
              Renovar o convite
            </button>
            <button class="button danger" name="acao" value="cancelar" type="submit">
              Cancelar o convite
            </button>
          </div>
        </form>
      )}
    </Page>
  );
});
