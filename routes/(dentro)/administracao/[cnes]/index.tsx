import { page } from "fresh";
import { define } from "@/app.ts";
import { type MemberRow, MemberTable } from "@/components/MemberTable.tsx";
import { MemberTabs } from "@/components/MemberTabs.tsx";
import type { Managed } from "@/core/access/authority.ts";
import { listComputersOf } from "@/core/access/computers.ts";
import { findMembers } from "@/core/access/find_members.ts";
import { requireManaged } from "@/http/administration.ts";

interface Data {
  managed: Managed;
  members: MemberRow[];
  query: string;
  /** Those who were deactivated, instead of those who have access. */
  ended: boolean;
  /** Address of the next page. */
  next: string | null;
}

const ENDED = "desativadas";

/** J17: the people of an establishment. */
export const handler = define.handlers<Data>({
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
      computers: (await listComputersOf(deps, cnes, member.person.cpf)).length,
    })));
    const next = found.cursor && new URLSearchParams({
      ...query && { busca: query },
      ...ended && { situacao: ENDED },
      "a-partir-de": found.cursor,
    });
    ctx.state.title = "Pessoas do estabelecimento";
    return page({
      managed,
      members,
      query,
      ended,
      next: next && `/administracao/${cnes}?${next}`,
    });
  },
});

export default define.page<typeof handler>(function Members({ data }) {
  const { managed, members, query, ended, next } = data;
  const path = `/administracao/${managed.cnes}`;
  return (
    <div class="container">
      <h1>Pessoas do estabelecimento</h1>
      <MemberTabs managed={managed} current="Pessoas" />
      <Search path={path} query={query} ended={ended} />
      {members.length === 0
        ? <Nobody query={query} ended={ended} more={next !== null} />
        : <MemberTable cnes={managed.cnes} members={members} />}
      {next && (
        <p>
          <a href={next}>Próxima página</a>
        </p>
      )}
      <p>
        {ended
          ? <a href={path}>Ver quem tem acesso</a>
          : <a href={`${path}?situacao=${ENDED}`}>Ver quem foi desativado</a>}
      </p>
    </div>
  );
});

function Search({ path, query, ended }: { path: string; query: string; ended: boolean }) {
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
      {ended && <input type="hidden" name="situacao" value={ENDED} />}
      <button class="button secondary" type="submit">Buscar</button>
      {query && <a href={ended ? `${path}?situacao=${ENDED}` : path}>Mostrar todas</a>}
    </form>
  );
}

function Nobody({ query, ended, more }: Pick<Data, "query" | "ended"> & { more: boolean }) {
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
