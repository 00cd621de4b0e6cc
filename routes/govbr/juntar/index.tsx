import type { Context } from "fresh";
import { define, type State } from "@/app.ts";
import { PasswordField } from "@/components/Field.tsx";
import { Page } from "@/components/Page.tsx";
import type { AccountCode } from "@/core/account/messages.ts";
import { explain } from "@/core/messages.ts";
import { maskEmail } from "@/core/registry/numbers.ts";
import type { Refusal } from "@/core/result.ts";
import {
  declineJoining,
  type Joinable,
  joinWithPassword,
  listJoinable,
  sendJoiningCode,
} from "@/core/onboarding/joining/join.ts";
import { addressOf } from "@/http/caller.ts";
import { letIn, setSessionCookie } from "@/http/cookie.ts";
import { type Form, readForm } from "@/http/form.ts";
import { leadsElsewhere, leadToStep } from "@/http/onboarding.ts";
import { formatDate } from "@/core/certificate/time.ts";
import { page } from "fresh";

interface Data {
  accounts: Joinable[];
  error: string | null;
}

const TITLE = "Esta conta é sua?";

/** J20: gov.br has named somebody, and accounts of the portal carry the CPF. */
export const handler = define.handlers<Data>({
  GET: (ctx) => show(ctx),
  async POST(ctx) {
    const form = await readForm(ctx.req);
    switch (form.text("acao")) {
      case "outra":
        return await goOwnWay(ctx);
      case "codigo":
        return await askForCode(ctx, form);
      default:
        return await joinNow(ctx, form);
    }
  },
});

async function joinNow(ctx: Context<State>, form: Form) {
  const { deps, session } = ctx.state;
  const typed = {
    account: form.id("conta"),
    password: form.text("senha"),
    address: addressOf(ctx),
  };
  const joined = await joinWithPassword(deps, session, typed);
  return joined.ok ? await letIn(ctx, joined.data) : await show(ctx, joined);
}

async function askForCode(ctx: Context<State>, form: Form) {
  const { deps, session } = ctx.state;
  const asked = await sendJoiningCode(deps, session, form.id("conta"));
  return asked.ok ? ctx.redirect("/govbr/juntar/codigo", 303) : await show(ctx, asked);
}

async function goOwnWay(ctx: Context<State>) {
  const { deps, session } = ctx.state;
  const own = await declineJoining(deps, session);
  if (!own.ok) return await show(ctx, own);
  const onwards = ctx.redirect("/primeiro-acesso/termos", 303);
  return await setSessionCookie(onwards, deps, own.data.session);
}

async function show(ctx: Context<State>, refusal: Refusal<AccountCode> | null = null) {
  const { deps, session } = ctx.state;
  if (refusal && leadsElsewhere(refusal)) return leadToStep(ctx, refusal);
  if (refusal?.code === "joining_expired") return ctx.redirect("/entrar?fim", 303);
  const accounts = await listJoinable(deps, session);
  if (!accounts.ok) {
    return leadsElsewhere(accounts) ? leadToStep(ctx, accounts) : ctx.redirect("/entrar?fim", 303);
  }
  ctx.state.title = TITLE;
  const error = refusal && explain(refusal);
  return page({ accounts: accounts.data, error }, { status: refusal ? 422 : 200 });
}

export default define.page<typeof handler>(function JoinPage({ data }) {
  return (
    <Page
      title={TITLE}
      lead={
        <p class="lead">
          O gov.br confirmou quem você é. Há {data.accounts.length === 1
            ? "uma conta no portal com o seu CPF"
            : "contas no portal com o seu CPF"}. Se é sua, junte: o seu CPF fica comprovado nela, e
          daqui em diante você entra com gov.br.
        </p>
      }
      error={data.error}
    >
      {data.accounts.map((one) => <Account key={one.id} account={one} />)}
      <form method="post" class="card form">
        <h2>Não conheço {data.accounts.length === 1 ? "esta conta" : "estas contas"}</h2>
        <p>
          Alguém pode ter digitado o seu CPF por engano. Você faz a sua própria conta, comprovada
          pelo gov.br; a outra não recebe nada do que é seu.
        </p>
        <button class="button secondary" name="acao" value="outra" type="submit">
          É outra pessoa
        </button>
      </form>
    </Page>
  );
});

function Account({ account }: { account: Joinable }) {
  const { id, email, since, hasPassword, operadoras } = account;
  return (
    <form method="post" class="card form">
      <h2>{maskEmail(email)}</h2>
      <p>
        No portal desde {formatDate(since)}
        {operadoras.length > 0 && `, trabalha para ${operadoras.join(", ")}`}.
      </p>
      <input type="hidden" name="conta" value={id} />
      {hasPassword && (
        <PasswordField
          name="senha"
          label="Senha desta conta"
          autocomplete="current-password"
          id={`senha-${id}`}
        />
      )}
      {hasPassword && (
        <button class="button primary" name="acao" value="juntar" type="submit">Juntar</button>
      )}
      <button
        class={hasPassword ? "button link" : "button primary"}
        name="acao"
        value="codigo"
        type="submit"
        formnovalidate
      >
        {hasPassword
          ? "Não sei a senha: juntar com um código enviado a este e-mail"
          : "Juntar com um código enviado a este e-mail"}
      </button>
    </form>
  );
}
