import { page } from "fresh";
import { define, type State } from "@/app.ts";
import { SessionTable } from "@/components/SessionTable.tsx";
import { FormError, Notice } from "@/components/Notice.tsx";
import { TelegramState } from "@/components/TelegramState.tsx";
import { SignInOptions, type Ways } from "@/components/SignInOptions.tsx";
import type { Caller } from "@/core/access/caller.ts";
import {
  endAllSessions,
  endOwnSession,
  listSessions,
  type SessionView,
} from "@/core/account/session_list.ts";
import { getTelegramLink } from "@/core/account/telegram/link.ts";
import { explain } from "@/core/messages.ts";
import type { Deps } from "@/core/deps.ts";
import { formatCpf } from "@/core/registry/numbers.ts";
import type { TelegramLink } from "@/core/store/records/account.ts";
import { requireCaller } from "@/http/caller.ts";
import { clearSessionCookie } from "@/http/cookie.ts";
import { noticeOf, readForm } from "@/http/form.ts";

interface Data {
  name: string;
  cpf: string;
  email: string;
  ways: Ways;
  /** Undefined where the portal has no bot. */
  telegram: TelegramLink | null | undefined;
  sessions: SessionView[];
  notice: string | null;
  error: string | null;
}

const TITLE = "Minha conta";
const NOTICES: Record<string, string> = {
  senha: "Senha trocada. As outras sessões foram encerradas.",
  "senha-criada": "Senha criada. As outras sessões foram encerradas.",
  email: "E-mail trocado. Avisamos o endereço anterior, que pode desfazer a mudança por 72 horas.",
  sessao: "Sessão encerrada.",
};

/** J9: what a person can change of their own, and where they are logged in. */
export const handler = define.handlers<Data>({
  async GET(ctx) {
    const notice = noticeOf(ctx.url, NOTICES);
    return page({ ...await load(ctx.state), notice, error: null });
  },
  async POST(ctx) {
    const { deps } = ctx.state;
    const { person } = requireCaller(ctx.state);
    const form = await readForm(ctx.req);
    if (form.text("acao") === "sair-de-todas") {
      await endAllSessions(deps, person);
      return clearSessionCookie(ctx.redirect("/entrar?saiu", 303));
    }
    const ended = await endOwnSession(deps, person, form.id("sessao"));
    if (ended.ok) return ctx.redirect("/conta?aviso=sessao", 303);
    return page({ ...await load(ctx.state), notice: null, error: explain(ended) }, { status: 422 });
  },
});

async function load(state: State) {
  const { deps } = state;
  const caller = requireCaller(state);
  const { person, session } = caller;
  state.title = TITLE;
  const [sessions, telegram] = await Promise.all([
    listSessions(deps, session),
    deps.config.telegram ? getTelegramLink(deps, person.cpf) : undefined,
  ]);
  return {
    name: person.name,
    cpf: formatCpf(person.cpf),
    email: person.email ?? "",
    ways: waysOf(deps, caller),
    telegram,
    sessions,
  };
}

function waysOf(
  { config }: Deps,
  { person, operadora, isRepresentative, session }: Caller,
): Ways {
  const { certificate } = session.state;
  return {
    password: person.passwordHash !== null,
    govbr: config.govbr && { used: person.govbr ?? null },
    certificate: isRepresentative && operadora && certificate
      ? { operadora: operadora.razaoSocial, notAfter: certificate.notAfter }
      : null,
  };
}

export default define.page<typeof handler>(function Account({ data }) {
  return (
    <div class="container narrow">
      <h1>{TITLE}</h1>
      {data.notice && <Notice kind="success">{data.notice}</Notice>}
      <FormError message={data.error} />
      <section class="card" aria-labelledby="cadastro">
        <h2 id="cadastro">Cadastro</h2>
        <dl class="facts">
          <dt>Nome</dt>
          <dd>{data.name}</dd>
          <dt>CPF</dt>
          <dd>{data.cpf}</dd>
          <dt>E-mail</dt>
          <dd>{data.email}</dd>
        </dl>
        <p class="actions">
          <a class="button secondary" href="/conta/email">Trocar o e-mail</a>
          <a class="button secondary" href="/conta/cns">Cartão Nacional de Saúde (CNS)</a>
        </p>
      </section>
      <section class="card" aria-labelledby="entrada">
        <h2 id="entrada">Como você entra</h2>
        <SignInOptions {...data.ways} />
      </section>
      {data.telegram !== undefined && (
        <section class="card" aria-labelledby="telegram">
          <h2 id="telegram">Telegram</h2>
          <TelegramState link={data.telegram} />
          <a class="button secondary" href="/conta/telegram">
            {data.telegram ? "Ver ou desligar o Telegram" : "Ligar o Telegram"}
          </a>
        </section>
      )}
      <section class="card" aria-labelledby="sessoes">
        <h2 id="sessoes">Onde você está conectado</h2>
        <p>Não reconhece alguma? Encerre-a e troque a senha.</p>
        <SessionTable sessions={data.sessions} />
        <form method="post">
          <button class="button danger" name="acao" value="sair-de-todas" type="submit">
            Sair de todas
          </button>
        </form>
      </section>
    </div>
  );
});
