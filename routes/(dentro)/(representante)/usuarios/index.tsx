import { type Context, HttpError } from "fresh";
import { define, type State } from "@/app.ts";
import { Notice } from "@/components/Notice.tsx";
import { NextPage, PersonSearch } from "@/components/Page.tsx";
import { Table } from "@/components/tables.tsx";
import { renewLapsed } from "@/core/access/invitations/invite.ts";
import { FILTERS, type InvitationFilter, listInvitations } from "@/core/access/invitations/list.ts";
import { findUsers } from "@/core/access/users/find_users.ts";
import { maskCpf, maskEmail } from "@/core/registry/numbers.ts";
import type { Invitation } from "@/core/store/records/invitation.ts";
import { requireOperadora } from "@/http/caller.ts";
import { noticeOf, readForm } from "@/http/form.ts";
import { show } from "@/http/page.ts";
import { postSearch, readPeopleSearch } from "@/http/search.ts";

const TITLE = "Usuários";
const PATH = "/usuarios";

const NOTICES: Record<string, string> = {
  convidado: "Convite enviado: o login e a senha provisória seguiram por e-mail.",
  revogado: "Convite cancelado. A senha provisória não vale mais, e o e-mail foi avisado.",
};

/** J6: the people of the operadora, and whom it has invited. */
export const handler = define.handlers({
  GET: (ctx) => showUsers(ctx),
  async POST(ctx) {
    const { caller, operadora } = requireOperadora(ctx.state);
    const form = await readForm(ctx.req);
    const act = form.text("acao");
    if (act === "") return await postSearch(ctx, form, PATH);
    if (act !== "renovar-vencidos") throw new HttpError(400);
    const { renewed, left } = await renewLapsed(ctx.state.deps, caller.person, operadora);
    return ctx.redirect(`/usuarios?convites=enviados&renovados=${renewed}&restam=${left}`, 303);
  },
});

async function showUsers(ctx: Context<State>) {
  const { deps } = ctx.state;
  const { cnpj } = requireOperadora(ctx.state).operadora;
  const { searchParams } = ctx.url;
  const cursor = searchParams.get("a-partir-de") ?? undefined;
  const { query, lost, pageFrom } = await readPeopleSearch(ctx, PATH);
  const wanted = searchParams.get("convites");
  const filter = FILTERS.find((one) => one === wanted) ?? "enviados";
  const after = searchParams.get("convites-apos")?.slice(0, 26) || undefined;
  const [users, invitations] = await Promise.all([
    findUsers(deps, cnpj, { query, cursor }),
    listInvitations(deps, cnpj, { filter, cursor: after }),
  ]);
  const more = invitations.cursor &&
    new URLSearchParams({ convites: filter, "convites-apos": invitations.cursor });
  return show(ctx, TITLE, {
    people: users.items,
    query,
    lost,
    next: pageFrom(users.cursor),
    invitations: invitations.items,
    filter,
    more: more && `/usuarios?${more}#convites`,
    notice: noticeOf(ctx.url, NOTICES) ?? renewedNotice(searchParams),
  });
}

function renewedNotice(params: URLSearchParams): string | null {
  const [renewed, left] = ["renovados", "restam"].map((name) => Number(params.get(name) ?? NaN));
  if (!Number.isInteger(renewed) || !Number.isInteger(left)) return null;
  const rest = left! > 0 ? ` Não foi possível renovar: ${left}.` : "";
  return `Convites renovados: ${renewed}.${rest}`;
}

export default define.page<typeof handler>(function Users({ data }) {
  const { people, query, lost, next, invitations, filter, more, notice } = data;
  return (
    <div class="container">
      <div class="title-row">
        <h1>{TITLE}</h1>
        <a class="button primary" href="/usuarios/novo">Cadastrar usuário</a>
        <a class="button secondary" href="/usuarios/importar">Importar de planilha</a>
      </div>
      {notice && <Notice kind="success">{notice}</Notice>}
      <PersonSearch path={PATH} all="Mostrar todos" query={query} lost={lost} />
      {people.length === 0
        ? <EmptyList query={query} more={next !== null} />
        : (
          <Table label={TITLE} heads={["Nome", "CPF informado pela operadora", "Situação"]}>
            {people.map(({ id, name, cpf, active }) => (
              <tr key={id}>
                <td>
                  <a href={`/usuarios/${id}`}>{name}</a>
                </td>
                <td class="nowrap">{maskCpf(cpf)}</td>
                <td>{active ? "Ativo" : "Desativado"}</td>
              </tr>
            ))}
          </Table>
        )}
      <NextPage href={next} />
      <section aria-labelledby="convites">
        <h2 id="convites">Convites</h2>
        <Filters filter={filter} />
        <Invitations invitations={invitations} filter={filter} />
        <NextPage href={more} />
      </section>
    </div>
  );
});

const LABELS: Record<InvitationFilter, string> = {
  enviados: "Enviados",
  aceitos: "Aceitos",
  recusados: "Recusados",
  vencidos: "Vencidos",
  revogados: "Cancelados",
};

function Filters({ filter }: { filter: InvitationFilter }) {
  return (
    <nav aria-label="Quais convites" class="actions">
      {FILTERS.map((one) => (
        <a
          key={one}
          href={`/usuarios?convites=${one}#convites`}
          aria-current={one === filter ? "page" : undefined}
        >
          {LABELS[one]}
        </a>
      ))}
    </nav>
  );
}

function Invitations(
  { invitations, filter }: { invitations: Invitation[]; filter: InvitationFilter },
) {
  if (invitations.length === 0) return <p>Nenhum convite nesta lista.</p>;
  return (
    <>
      <Table label={`Convites: ${LABELS[filter]}`} heads={["Nome", "CPF", "E-mail"]}>
        {invitations.map(({ id, name, cpf, email }) => (
          <tr key={id}>
            <td>
              <a href={`/usuarios/convites/${id}`}>{name}</a>
            </td>
            <td class="nowrap">{maskCpf(cpf)}</td>
            <td>{maskEmail(email)}</td>
          </tr>
        ))}
      </Table>
      {filter === "vencidos" && (
        <form method="post">
          <button class="button secondary" name="acao" value="renovar-vencidos" type="submit">
            Renovar todos os vencidos
          </button>
        </form>
      )}
    </>
  );
}

function EmptyList({ query, more }: { query: string; more: boolean }) {
  if (more) return <p>Nada encontrado até aqui. Veja a próxima página ou busque por outro nome.</p>;
  return query
    ? <p>Ninguém encontrado. Confira o nome ou o CPF, ou busque só pelo começo do nome.</p>
    : (
      <p>
        Ninguém aceitou um convite ainda. Cadastre as pessoas que trabalham com a operadora.
      </p>
    );
}
