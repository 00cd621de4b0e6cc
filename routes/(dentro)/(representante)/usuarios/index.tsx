import { page } from "fresh";
import { define } from "@/app.ts";
import { Notice } from "@/components/Notice.tsx";
import { TableScroll } from "@/components/TableScroll.tsx";
import { findUsers } from "@/core/access/users/find_users.ts";
import { maskCpf } from "@/core/registry/numbers.ts";
import { requireOperadora } from "@/http/caller.ts";

interface Data {
  people: { id: string; name: string; cpf: string; situation: string }[];
  query: string;
  /** Address of the next page. */
  next: string | null;
  notice: string | null;
}

const NOTICES: Record<string, string> = {
  novo: "Usuário cadastrado. O login e a senha provisória seguiram por e-mail.",
  conhecido:
    "Usuário cadastrado. A pessoa já tinha cadastro no portal: continua com a mesma senha " +
    "e foi avisada no e-mail que ela usa.",
};

/** J6: the people of the operadora. */
export const handler = define.handlers<Data>({
  async GET(ctx) {
    const { operadora } = requireOperadora(ctx.state);
    const { searchParams } = ctx.url;
    const cursor = searchParams.get("a-partir-de") ?? undefined;
    const query = (searchParams.get("busca") ?? "").slice(0, 120);
    const users = await findUsers(ctx.state.portal, operadora.cnpj, { query, cursor });
    const next = users.cursor && new URLSearchParams({ busca: query, "a-partir-de": users.cursor });
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
      notice: NOTICES[ctx.url.searchParams.get("aviso") ?? ""] ?? null,
    });
  },
});

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
                    <td>{cpf}</td>
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
