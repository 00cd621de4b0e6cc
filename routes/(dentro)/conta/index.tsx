import type { Context } from "fresh";
import { define, type State } from "@/app.ts";
import { Page } from "@/components/Page.tsx";
import { Fact } from "@/components/tables.tsx";
import { endAllSessions, endOwnSession, listSessions } from "@/core/account/session_list.ts";
import { describeCpf } from "@/core/account/proof_texts.ts";
import { getTelegramLink } from "@/core/account/telegram/link.ts";
import { formatCpf } from "@/core/registry/numbers.ts";
import type { Refusal } from "@/core/result.ts";
import { requireCaller } from "@/http/caller.ts";
import { clearSessionCookie } from "@/http/cookie.ts";
import { noticeOf, readForm } from "@/http/form.ts";
import { show } from "@/http/page.ts";
import { SessionTable } from "./(_components)/sessions.tsx";
import { SignInOptions, TelegramState } from "./(_components)/ways.tsx";

const TITLE = "Minha conta";
const NOTICES: Record<string, string> = {
  senha: "Senha trocada. As outras sessões foram encerradas.",
  "senha-criada": "Senha criada. As outras sessões foram encerradas.",
  email: "E-mail trocado. Avisamos o endereço anterior, que pode desfazer a mudança por 72 horas.",
  sessao: "Sessão encerrada.",
};

/** J9: what a person can change of their own, and where they are logged in. */
export const handler = define.handlers({
  GET: (ctx) => showAccount(ctx),
  async POST(ctx) {
    const { deps } = ctx.state;
    const { person } = requireCaller(ctx.state);
    const form = await readForm(ctx.req);
    if (form.text("acao") === "sair-de-todas") {
      await endAllSessions(deps, person);
      return clearSessionCookie(ctx.redirect("/entrar?saiu", 303));
    }
    const ended = await endOwnSession(deps, person, form.id("sessao"));
    return ended.ok ? ctx.redirect("/conta?aviso=sessao", 303) : await showAccount(ctx, ended);
  },
});

async function showAccount(ctx: Context<State>, refusal: Refusal | null = null) {
  const { deps } = ctx.state;
  const { person, session } = requireCaller(ctx.state);
  const [sessions, telegram] = await Promise.all([
    listSessions(deps, session),
    // Undefined where the portal has no bot.
    deps.config.telegram ? getTelegramLink(deps, person.id) : undefined,
  ]);
  const notice = refusal ? null : noticeOf(ctx.url, NOTICES);
  return show(ctx, TITLE, { telegram, sessions, notice }, refusal);
}

export default define.page<typeof handler>(function Account({ data, state }) {
  const { telegram, sessions, notice, error } = data;
  const caller = requireCaller(state);
  const { deps } = state;
  const { operadora, person } = caller;
  const { name, cpf, email } = person;
  return (
    <Page title={TITLE} notice={notice} error={error}>
      <section class="card" aria-labelledby="cadastro">
        <h2 id="cadastro">Cadastro</h2>
        <dl class="facts">
          <Fact name="Nome">{name}</Fact>
          <Fact name="CPF">{formatCpf(cpf)}</Fact>
          <Fact name="Identificação">{describeCpf(deps, person, operadora !== null)}</Fact>
          <Fact name="E-mail">{email}</Fact>
        </dl>
        <p class="actions">
          <a class="button secondary" href="/conta/email">Trocar o e-mail</a>
          <a class="button secondary" href="/conta/cpf">Comprovar o CPF</a>
          <a class="button secondary" href="/conta/cns">Cartão Nacional de Saúde (CNS)</a>
        </p>
      </section>
      <section class="card" aria-labelledby="entrada">
        <h2 id="entrada">Como você entra</h2>
        <SignInOptions caller={caller} config={deps.config} />
      </section>
      {telegram !== undefined && (
        <section class="card" aria-labelledby="telegram">
          <h2 id="telegram">Telegram</h2>
          <TelegramState link={telegram} />
          <a class="button secondary" href="/conta/telegram">
            {telegram ? "Ver ou desligar o Telegram" : "Ligar o Telegram"}
          </a>
        </section>
      )}
      <section class="card" aria-labelledby="sessoes">
        <h2 id="sessoes">Onde você está conectado</h2>
        <p>Não reconhece alguma? Encerre-a e troque a senha.</p>
        <SessionTable sessions={sessions} />
        <form method="post">
          <button class="button danger" name="acao" value="sair-de-todas" type="submit">
            Sair de todas
          </button>
        </form>
      </section>
    </Page>
  );
});
