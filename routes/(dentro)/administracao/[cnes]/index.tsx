import { define } from "@/app.ts";
import { formatMoment } from "@/components/dates.ts";
import { NextPage, Page, PersonSearch } from "@/components/Page.tsx";
import { Table } from "@/components/tables.tsx";
import { listComputersOf } from "@/core/access/computers.ts";
import { findMembers } from "@/core/access/find_members.ts";
import { maskCpf } from "@/core/registry/numbers.ts";
import { requireManaged } from "@/http/administration.ts";
import { readForm } from "@/http/form.ts";
import { show } from "@/http/page.ts";
import { postSearch, readPeopleSearch } from "@/http/search.ts";
import { MemberTabs } from "./(_components)/tabs.tsx";

const TITLE = "Pessoas do estabelecimento";
const ENDED = "desativadas";

/** J17: the people of an establishment, with access or (`?situacao=desativadas`) without it now. */
export const handler = define.handlers({
  async GET(ctx) {
    const { deps } = ctx.state;
    const managed = await requireManaged(ctx.state, ctx.params.cnes!);
    const { cnes } = managed;
    const ended = isOfEnded(ctx.url);
    const { query, lost, pageFrom } = await readPeopleSearch(ctx, listOf(cnes, ended));
    const cursor = ctx.url.searchParams.get("a-partir-de");
    const found = await findMembers(deps, cnes, { query, ended, cursor });
    const members = await Promise.all(found.items.map(async (member) => ({
      ...member,
      computers: (await listComputersOf(deps, cnes, member.person.id)).length,
    })));
    const next = pageFrom(found.cursor);
    return show(ctx, TITLE, { managed, members, query, lost, ended, next });
  },
  async POST(ctx) {
    const { cnes } = await requireManaged(ctx.state, ctx.params.cnes!);
    return await postSearch(ctx, await readForm(ctx.req), listOf(cnes, isOfEnded(ctx.url)));
  },
});

function isOfEnded({ searchParams }: URL): boolean {
  return searchParams.get("situacao") === ENDED;
}

function listOf(cnes: string, ended: boolean): string {
  return `/administracao/${cnes}${ended ? `?situacao=${ENDED}` : ""}`;
}

export default define.page<typeof handler>(function Members({ data }) {
  const { managed, members, query, lost, ended, next } = data;
  const path = listOf(managed.cnes, false);
  return (
    <Page title={TITLE} wide lead={<MemberTabs managed={managed} current="Pessoas" />}>
      <PersonSearch
        path={listOf(managed.cnes, ended)}
        all="Mostrar todas"
        query={query}
        lost={lost}
      />
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
          : <a href={listOf(managed.cnes, true)}>Ver quem foi desativado</a>}
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
