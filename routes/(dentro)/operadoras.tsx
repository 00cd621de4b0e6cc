import { define } from "@/app.ts";
import { FormError, Notice } from "@/components/Notice.tsx";
import { WaitingInvitations } from "@/components/invitations.tsx";
import { Table } from "@/components/tables.tsx";
import { waitingFor } from "@/core/access/invitations/accept.ts";
import { operadorasIn } from "@/core/account/operadoras.ts";
import { chooseOperadora } from "@/core/account/session.ts";
import { formatCnpj } from "@/core/registry/numbers.ts";
import type { Operadora } from "@/core/store/records/registry.ts";
import { requireCaller, thisComputer } from "@/http/caller.ts";
import { setSessionCookie } from "@/http/cookie.ts";
import { readForm } from "@/http/form.ts";
import { show } from "@/http/page.ts";
import ComputerCheck from "@/islands/ComputerCheck.tsx";

const TITLE = "Escolha a operadora";

/** J8: one login, several operadoras. The only one is chosen at the sign-in, never by a GET. */
export const handler = define.handlers({
  async GET(ctx) {
    const { person, session, operadora, isRepresentative } = requireCaller(ctx.state);
    // The certificate of one operadora opens that one only.
    if (isRepresentative) return ctx.redirect("/painel", 303);
    const [{ opened: operadoras, closed }, waiting] = await Promise.all([
      operadorasIn(ctx.state.deps, person, session.state),
      waitingFor(ctx.state.deps, requireCaller(ctx.state)),
    ]);
    // What there is for a person whom no operadora has registered.
    if (operadoras.length + closed.length === 0) {
      return ctx.redirect(waiting.length > 0 ? "/convites" : "/solicitar", 303);
    }
    const only = operadoras.length === 1 ? operadoras[0]!.cnpj : null;
    const chosen = operadora?.cnpj ?? null;
    if (only && only === chosen) return ctx.redirect("/painel", 303);
    return show(ctx, TITLE, { operadoras, closed, chosen: chosen ?? only, waiting });
  },
  async POST(ctx) {
    const { person, session } = requireCaller(ctx.state);
    const { deps } = ctx.state;
    const cnpj = (await readForm(ctx.req)).text("operadora");
    const { opened: operadoras, closed } = await operadorasIn(deps, person, session.state);
    if (operadoras.length + closed.length === 0) return ctx.redirect("/solicitar", 303);
    if (!operadoras.some((operadora) => operadora.cnpj === cnpj)) {
      const code = cnpj ? "operadora_not_yours" : "choice_missing";
      return show(ctx, TITLE, { operadoras, closed, chosen: null, waiting: [] }, { code });
    }
    const next = await chooseOperadora(deps, session, cnpj);
    return next
      ? await setSessionCookie(ctx.redirect("/painel", 303), deps, next)
      : ctx.redirect("/entrar?fim", 303);
  },
});

export default define.page<typeof handler>(function ChooseOperadora({ data, state }) {
  return (
    <div class="container">
      <h1>{TITLE}</h1>
      <WaitingInvitations waiting={data.waiting} />
      <FormError message={data.error} />
      <Closed operadoras={data.closed} govbr={state.deps.config.govbr !== null} />
      {data.operadoras.length > 0 && <Choice {...data} />}
      {/* Last: what appears by itself moves no row from under the pointer. */}
      <ComputerCheck {...thisComputer(requireCaller(state))} />
    </div>
  );
});

/** What the credential shown does not open (`opensTie`): nothing is wrong with the tie. */
function Closed({ operadoras, govbr }: { operadoras: Operadora[]; govbr: boolean }) {
  if (operadoras.length === 0) return null;
  return (
    <Notice kind="warning">
      <p>
        O que você mostrou para entrar não abre:{" "}
        {operadoras.map((one) => one.razaoSocial).join("; ")}.
      </p>
      <p>
        A senha foi redefinida por um código num e-mail que não é o informado por essa operadora, ou
        é anterior à comprovação do seu CPF. {govbr
          ? (
            <>
              Para abrir, saia e <a href="/govbr">entre com gov.br</a>.
            </>
          )
          : "Para abrir, fale com a operadora."}
      </p>
    </Notice>
  );
}

function Choice({ operadoras, chosen }: { operadoras: Operadora[]; chosen: string | null }) {
  return (
    <form method="post">
      <p>Clique na operadora em que vai trabalhar agora e depois em “Confirmar”.</p>
      <Table
        label="Operadoras"
        class="choice"
        heads={[
          <span key="escolha" class="sr-only">Escolha</span>,
          "Razão social",
          "CNPJ",
          "Registro ANS",
        ]}
      >
        {operadoras.map(({ cnpj, razaoSocial, registroAns }) => (
          <tr key={cnpj}>
            <td>
              <input
                type="radio"
                id={`operadora-${cnpj}`}
                name="operadora"
                value={cnpj}
                checked={cnpj === chosen}
                required
              />
            </td>
            <td>
              <label for={`operadora-${cnpj}`}>{razaoSocial}</label>
            </td>
            <td>
              <span>{formatCnpj(cnpj)}</span>
            </td>
            <td>
              <span>{registroAns}</span>
            </td>
          </tr>
        ))}
      </Table>
      <button class="button primary" type="submit">Confirmar</button>
    </form>
  );
}
