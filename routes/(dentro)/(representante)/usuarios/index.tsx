import { page } from "fresh";
import { define } from "@/app.ts";
import { Notice } from "@/components/Notice.tsx";
import { TableScroll } from "@/components/TableScroll.tsx";
import { listUsers } from "@/core/access/user.ts";
import { maskCpf } from "@/core/registry/numbers.ts";
import { requireOperadora } from "@/http/caller.ts";

interface Data {
  people: { id: string; name: string; cpf: string; situation: string }[];
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
    const cursor = ctx.url.searchParams.get("a-partir-de") ?? undefined;
    const users = await listUsers(ctx.state.portal, operadora.cnpj, { cursor });
    ctx.state.title = "Usuários";
    return page({
      people: users.items.map(({ id, name, cpf, email, active }) => ({
        id,
        name,
        cpf: maskCpf(cpf),
        situation: !active ? "Desativado" : email ? "Ativo" : "Aguarda primeiro acesso",
      })),
      next: users.cursor,
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
      </div>
      {data.notice && <Notice kind="success">{data.notice}</Notice>}
      {data.people.length === 0
        ? <p>Ninguém cadastrado ainda. Cadastre as pessoas que trabalham com a operadora.</p>
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
          <a href={`/usuarios?a-partir-de=${encodeURIComponent(data.next)}`}>Próxima página</a>
        </p>
      )}
    </div>
  );
});
