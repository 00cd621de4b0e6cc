import { page } from "fresh";
import { define } from "@/app.ts";
import { MemberComputer } from "@/components/MemberComputer.tsx";
import { MemberTabs } from "@/components/MemberTabs.tsx";
import { FormError, Notice } from "@/components/Notice.tsx";
import type { Managed } from "@/core/access/authority.ts";
import { findComputers, type FoundComputer, removeComputer } from "@/core/access/computers.ts";
import { getPersonById } from "@/core/account/person.ts";
import { explain } from "@/core/messages.ts";
import type { Deps } from "@/core/deps.ts";
import { actorOf, requireManaged } from "@/http/administration.ts";
import { readForm } from "@/http/form.ts";

interface Data {
  managed: Managed;
  computers: FoundComputer[];
  /** Address of the next page. */
  next: string | null;
  error: string | null;
  removed: boolean;
}

const TITLE = "Computadores do estabelecimento";

/** J17: the computers on which people may use their profiles. */
export const handler = define.handlers<Data>({
  async GET(ctx) {
    const managed = await requireManaged(ctx.state, ctx.params.cnes!);
    const { searchParams } = ctx.url;
    const cursor = searchParams.get("a-partir-de");
    ctx.state.title = TITLE;
    const removed = searchParams.get("aviso") === "retirar";
    return page({ ...await load(ctx.state.deps, managed, cursor), error: null, removed });
  },
  async POST(ctx) {
    const { deps } = ctx.state;
    const managed = await requireManaged(ctx.state, ctx.params.cnes!);
    const { cnes } = managed;
    const form = await readForm(ctx.req);
    const person = await getPersonById(deps, form.id("pessoa"));
    const computer = { cnes, cpf: person?.cpf ?? "", thumbprint: form.id("computador") };
    const done = await removeComputer(deps, actorOf(ctx.state), computer);
    if (done.ok) return ctx.redirect(`/administracao/${cnes}/computadores?aviso=retirar`, 303);
    ctx.state.title = TITLE;
    const data = { ...await load(deps, managed, null), error: explain(done), removed: false };
    return page(data, { status: done.code === "not_allowed" ? 403 : 422 });
  },
});

async function load(deps: Deps, managed: Managed, cursor: string | null) {
  const found = await findComputers(deps, managed.cnes, { cursor });
  const next = found.cursor && new URLSearchParams({ "a-partir-de": found.cursor });
  return {
    managed,
    computers: found.items,
    next: next && `/administracao/${managed.cnes}/computadores?${next}`,
  };
}

export default define.page<typeof handler>(function Computers({ data }) {
  const { managed, computers, next, error, removed } = data;
  return (
    <div class="container narrow">
      <h1>{TITLE}</h1>
      <MemberTabs managed={managed} current="Computadores" />
      {removed && (
        <Notice kind="success">
          Computador retirado. A mudança já vale, e a pessoa foi avisada por e-mail.
        </Notice>
      )}
      <FormError message={error} />
      {computers.length === 0 && (
        <p>Nenhum computador aprovado. Eles aparecem aqui quando um pedido é aprovado.</p>
      )}
      <ul class="request-list">
        {computers.map(({ computer, person }) => (
          <MemberComputer
            key={`${person.id} ${computer.thumbprint}`}
            computer={computer}
            personId={person.id}
            owner={{
              name: person.name,
              href: `/administracao/${managed.cnes}/pessoas/${person.id}`,
            }}
          />
        ))}
      </ul>
      {next && (
        <p>
          <a href={next}>Próxima página</a>
        </p>
      )}
    </div>
  );
});
