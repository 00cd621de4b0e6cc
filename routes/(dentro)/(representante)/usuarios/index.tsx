import { page } from "fresh";
import { define } from "@/app.ts";
import { Notice } from "@/components/Notice.tsx";
import { TableScroll } from "@/components/TableScroll.tsx";
import { findUsers } from "@/core/access/users/find_users.ts";
import { getUser } from "@/core/access/users/user_of_operadora.ts";
import { reachableEmail } from "@/core/notify/notify.ts";
import type { Deps } from "@/core/deps.ts";
import { maskCpf, maskEmail } from "@/core/registry/numbers.ts";
import { requireOperadora } from "@/http/caller.ts";

interface Data {
  people: { id: string; name: string; cpf: string; situation: string }[];
  query: string;
  /** Address of the next page. */
  next: string | null;
  notice: string | null;
}

/** J6: the people of the operadora. */
export const handler = define.handlers<Data>({
  async GET(ctx) {
    const { operadora } = requireOperadora(ctx.state);
    const { searchParams } = ctx.url;
    const cursor = searchParams.get("a-partir-de") ?? undefined;
    const query = (searchParams.get("busca") ?? "").slice(0, 120);
    const users = await findUsers(ctx.state.deps, operadora.cnpj, { query, cursor });
    const next = users.cursor && new URLSearchParams({ busca: query, "a-partir-de": users.cursor });
    const notice = await noticeOf(ctx.state.deps, operadora.cnpj, searchParams);
    ctx.state.title = "Usuários";
    return page({
      people: users.items.map(({ id, name, cpf, email, active, tieActive }) => ({
        id,
        name,
        cpf: maskCpf(cpf),
        situation: !active || !tieActive
          ? "Desativado"
          : email
          ? "Ativo"
          : "Aguarda primeiro acesso",
      })),
      query,
      next: next && `/usuarios?${next}`,
      notice,
    });
  },
});

/**
 * What became of the registration just made. Word goes only to the address that the portal already
 * has of a known person, shown masked: the one typed might be somebody else's.
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
  // Somebody who is known by gov.br, and has given no address yet.
  if (!where) return known;
  return !person.provisional
    ? `${known} Entra como já entrava, e o aviso foi enviado para ${where}, o e-mail que usa no portal.`
    : `${known} Ainda não fez o primeiro acesso: uma senha provisória nova foi enviada para ${where}, o ` +
      "e-mail do primeiro cadastro. A anterior não vale mais.";
}

export default define.page<typeof handler>(function Users({ data }) {
  return (
    <div class="container">
      <div class="title-row">
        <h1>Usuários</h1>
        <a class="button primary" href="/usuarios/novo">Cadastrar usuário</a>
        <a class="button secondary" href="/usuarios/importar">Importar de planilha</a>
      </div>
      {data.notice && <Notice kind="success">{data.notice}</Notice>}
      <Search query={data.query} />
      {data.people.length === 0
        ? <Nobody query={data.query} more={data.next !== null} />
        : (
          <TableScroll label="Usuários">
            <table>
              <thead>
                <tr>
                  <th scope="col">Nome</th>
                  <th scope="col">CPF</th>
                  <th scope="col">Situação</th>
                </tr>
              </thead>
              <tbody>
                {data.people.map(({ id, name, cpf, situation }) => (
                  <tr key={id}>
                    <td>
                      <a href={`/usuarios/${id}`}>{name}</a>
                    </td>
                    <td class="nowrap">{cpf}</td>
                    <td>{situation}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </TableScroll>
        )}
      {data.next && (
        <p>
          <a href={data.next}>Próxima página</a>
        </p>
      )}
    </div>
  );
});

function Search({ query }: { query: string }) {
  return (
    <form method="get" class="search" role="search">
      <label for="busca">Nome ou CPF</label>
      <input
        id="busca"
        name="busca"
        type="search"
        value={query}
        maxLength={120}
        autocomplete="off"
      />
      <button class="button secondary" type="submit">Buscar</button>
      {query && <a href="/usuarios">Mostrar todos</a>}
    </form>
  );
}

function Nobody({ query, more }: { query: string; more: boolean }) {
  if (more) return <p>Nada encontrado até aqui. Veja a próxima página ou busque por outro nome.</p>;
  return query
    ? <p>Ninguém encontrado. Confira o nome ou o CPF, ou busque só pelo começo do nome.</p>
    : <p>Ninguém cadastrado ainda. Cadastre as pessoas que trabalham com a operadora.</p>;
}
