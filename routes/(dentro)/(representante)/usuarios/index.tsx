import { define } from "@/app.ts";
import { Notice } from "@/components/Notice.tsx";
import { NextPage, PersonSearch } from "@/components/Page.tsx";
import { Table } from "@/components/tables.tsx";
import { findUsers } from "@/core/access/users/find_users.ts";
import { getUser } from "@/core/access/users/user_of_operadora.ts";
import type { Deps } from "@/core/deps.ts";
import { reachableEmail } from "@/core/notify/notify.ts";
import { maskCpf, maskEmail } from "@/core/registry/numbers.ts";
import { requireOperadora } from "@/http/caller.ts";
import { show } from "@/http/page.ts";
import { postSearch, readPeopleSearch } from "@/http/search.ts";

const TITLE = "Usuários";
const PATH = "/usuarios";

/** J6: the people of the operadora. */
export const handler = define.handlers({
  async GET(ctx) {
    const { deps } = ctx.state;
    const { operadora } = requireOperadora(ctx.state);
    const { searchParams } = ctx.url;
    const cursor = searchParams.get("a-partir-de") ?? undefined;
    const { query, lost, pageFrom } = await readPeopleSearch(ctx, PATH);
    const users = await findUsers(deps, operadora.cnpj, { query, cursor });
    return show(ctx, TITLE, {
      people: users.items,
      query,
      lost,
      next: pageFrom(users.cursor),
      notice: await noticeOf(deps, operadora.cnpj, searchParams),
    });
  },
  POST(ctx) {
    requireOperadora(ctx.state);
    return postSearch(ctx, PATH);
  },
});

/**
 * What became of the registration just made. Word goes only to the address that the portal already
 * has of a known person, shown masked: the one typed might be another person's.
 */
async function noticeOf(
  deps: Deps,
  cnpj: string,
  params: URLSearchParams,
): Promise<string | null> {
  const id = params.get("pessoa");
  const person = id ? await getUser(deps, cnpj, id) : null;
  if (!person) return null;
  const where = maskEmail(reachableEmail(person) ?? "");
  if (params.get("cadastro") === "novo") {
    return `${person.name}: cadastro feito. O login e a senha provisória foram enviados para ${where}.`;
  }
  if (params.get("cadastro") !== "conhecido") return null;
  const known =
    `${person.name} já tinha cadastro no portal e agora trabalha também para esta operadora.`;
  // A person who is known by gov.br, and has given no address yet.
  if (!where) return known;
  return !person.provisional
    ? `${known} Entra como já entrava, e o aviso foi enviado para ${where}, o e-mail que usa no portal.`
    : `${known} Ainda não fez o primeiro acesso: uma senha provisória nova foi enviada para ${where}, o ` +
      "e-mail do primeiro cadastro. A anterior não vale mais.";
}

export default define.page<typeof handler>(function Users({ data }) {
  const { people, query, lost, next, notice } = data;
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
          <Table label={TITLE} heads={["Nome", "CPF", "Situação"]}>
            {people.map(({ id, name, cpf, email, active, tieActive }) => (
              <tr key={id}>
                <td>
                  <a href={`/usuarios/${id}`}>{name}</a>
                </td>
                <td class="nowrap">{maskCpf(cpf)}</td>
                <td>
                  {!active || !tieActive
                    ? "Desativado"
                    : email
                    ? "Ativo"
                    : "Aguarda primeiro acesso"}
                </td>
              </tr>
            ))}
          </Table>
        )}
      <NextPage href={next} />
    </div>
  );
});

function EmptyList({ query, more }: { query: string; more: boolean }) {
  if (more) return <p>Nada encontrado até aqui. Veja a próxima página ou busque por outro nome.</p>;
  return query
    ? <p>Ninguém encontrado. Confira o nome ou o CPF, ou busque só pelo começo do nome.</p>
    : <p>Ninguém cadastrado ainda. Cadastre as pessoas que trabalham com a operadora.</p>;
}
