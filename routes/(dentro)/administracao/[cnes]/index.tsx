import { define } from "@/app.ts";
import { formatMoment } from "@/components/dates.ts";
import { NextPage, Page, PersonSearch } from "@/components/Page.tsx";
import { Table } from "@/components/tables.tsx";
import { listComputersOf } from "@/core/access/computers.ts";
import { findMembers } from "@/core/access/find_members.ts";
import { maskCpf } from "@/core/registry/numbers.ts";
import { requireManaged } from "@/http/administration.ts";
import { show } from "@/http/page.ts";
import { MemberTabs } from "./(_components)/tabs.tsx";

const TITLE = "Pessoas do estabelecimento";
const ENDED = "desativadas";

/** J17: the people of an establishment, with access or (`?situacao=desativadas`) without it now. */
export const handler = define.handlers({
  async GET(ctx) {
    const { deps } = ctx.state;
    const managed = await requireManaged(ctx.state, ctx.params.cnes!);
    const { cnes } = managed;
    const { searchParams } = ctx.url;
    const query = (searchParams.get("busca") ?? "").slice(0, 120);
    const ended = searchParams.get("situacao") === ENDED;
    const cursor = searchParams.get("a-partir-de");
    const found = await findMembers(deps, cnes, { query, ended, cursor });
    const members = await Promise.all(found.items.map(async (member) => ({
      ...member,
      computers: (await listComputersOf(deps, cnes, member.person.id)).length,
    })));
    const next = found.cursor && `/administracao/${cnes}?${new URLSearchParams({
      ...query && { busca: query },
      ...ended && { situacao: ENDED },
      "a-partir-de": found.cursor,
    })}`;
    return show(ctx, TITLE, { managed, members, query, ended, next });
  },
});

export default define.page<typeof handler>(function Members({ data }) {
  const { managed, members, query, ended, next } = data;
  const path = `/administracao/${managed.cnes}`;
  const here = ended ? `${path}?situacao=${ENDED}` : path;
  return (
    <Page title={TITLE} wide lead={<MemberTabs managed={managed} current="Pessoas" />}>
      <PersonSearch path={here} all="Mostrar todas" query={query}>
        {ended && <input type="hidden" name="situacao" value={ENDED} />}
      </PersonSearch>
      {members.length === 0
        ? <EmptyList query={query} ended={ended} more={next !== null} />
        : (
          <Table label="Pessoas" heads={["Nome", "CPF", "Perfil", "Desde", "Computadores"]}>
            {members.map(({ person, membership: { profile, since, ended }, computers }) => (
              <tr key={person.id}>
                <td>
                  <a href={`${path}/pessoas/${person.id}`}>{person.name}</a>
                </td>
                <td>{maskCpf(person.cpf)}</td>
                <td>
                  {profile ?? "Ainda sem perfil"}
                  {ended && (
                    <span class="tag rejected">Desativado em {formatMoment(ended.at)}</span>
                  )}
                </td>
                <td>{formatMoment(since)}</td>
                <td>{computers}</td>
              </tr>
            ))}
          </Table>
        )}
      <NextPage href={next} />
      <p>
        {ended
          ? <a href={path}>Ver quem tem acesso</a>
          : <a href={`${path}?situacao=${ENDED}`}>Ver quem foi desativado</a>}
      </p>
    </Page>
  );
});

function EmptyList({ query, ended, more }: { query: string; ended: boolean; more: boolean }) {
  if (more) return <p>Nada encontrado até aqui. Veja a próxima página ou busque por outro nome.</p>;
  if (query) {
    return (
      <p>Ninguém encontrado. Busque pelo começo do nome ou pelos números do CPF que aparecem.</p>
    );
  }
  return ended
    ? <p>Ninguém foi desativado neste estabelecimento.</p>
    : <p>Ninguém tem acesso ainda. As pessoas aparecem aqui quando um pedido é aprovado.</p>;
}
