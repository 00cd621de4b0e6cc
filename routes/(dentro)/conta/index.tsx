import { page } from "fresh";
import { define } from "@/app.ts";
import { SessionTable } from "@/components/SessionTable.tsx";
import { FormError, Notice } from "@/components/Notice.tsx";
import {
  endAllSessions,
  endOwnSession,
  listSessions,
  type SessionView,
} from "@/core/account/session_list.ts";
import { explain } from "@/core/messages.ts";
import { formatCpf } from "@/core/registry/numbers.ts";
import { requireCaller } from "@/http/caller.ts";
import { takeSession } from "@/http/cookie.ts";
import { readForm } from "@/http/form.ts";

interface Data {
  name: string;
  cpf: string;
  email: string;
  sessions: SessionView[];
  notice: string | null;
  error: string | null;
}

const TITLE = "Minha conta";
const NOTICES: Record<string, string> = {
  senha: "Senha trocada. As outras sessões foram encerradas.",
  email: "E-mail trocado. Avisamos o endereço anterior, que pode desfazer a mudança por 72 horas.",
  sessao: "Sessão encerrada.",
};

/** J9: what a person can change of their own, and where they are logged in. */
export const handler = define.handlers<Data>({
  async GET(ctx) {
    const notice = NOTICES[ctx.url.searchParams.get("aviso") ?? ""] ?? null;
    return page({ ...await load(ctx.state), notice, error: null });
  },
  async POST(ctx) {
    const { portal } = ctx.state;
    const { person } = requireCaller(ctx.state);
    const form = await readForm(ctx.req);
    if (form.text("acao") === "sair-de-todas") {
      await endAllSessions(portal, person);
      return takeSession(ctx.redirect("/entrar?saiu", 303));
    }
    const ended = await endOwnSession(portal, person, form.text("sessao"));
    if (ended.ok) return ctx.redirect("/conta?aviso=sessao", 303);
    return page({ ...await load(ctx.state), notice: null, error: explain(ended) }, { status: 422 });
  },
});

async function load(state: Parameters<typeof requireCaller>[0]) {
  const { person, session } = requireCaller(state);
  state.title = TITLE;
  return {
    name: person.name,
    cpf: formatCpf(person.cpf),
    email: person.email ?? "",
    sessions: await listSessions(state.portal, session),
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
          <a class="button secondary" href="/conta/senha">Trocar a senha</a>
          <a class="button secondary" href="/conta/email">Trocar o e-mail</a>
          <a class="button secondary" href="/conta/telegram">Telegram</a>
        </p>
      </section>
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
