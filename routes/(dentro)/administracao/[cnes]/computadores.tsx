import type { Context } from "fresh";
import { define, type State } from "@/app.ts";
import { NextPage, Page } from "@/components/Page.tsx";
import type { Managed } from "@/core/access/authority.ts";
import { findComputers, removeComputer } from "@/core/access/computers.ts";
import { parseAccountId } from "@/core/account/account.ts";
import { type Refusal, refuse } from "@/core/result.ts";
import { actorOf, requireManaged } from "@/http/administration.ts";
import { noticeOf, readForm } from "@/http/form.ts";
import { show } from "@/http/page.ts";
import { COMPUTER_REMOVED, MemberComputer } from "./(_components)/computer.tsx";
import { MemberTabs } from "./(_components)/tabs.tsx";

const TITLE = "Computadores do estabelecimento";

/** J17: the computers on which people may use their profiles. */
export const handler = define.handlers({
  async GET(ctx) {
    return await showComputers(ctx, await requireManaged(ctx.state, ctx.params.cnes!));
  },
  async POST(ctx) {
    const { deps } = ctx.state;
    const managed = await requireManaged(ctx.state, ctx.params.cnes!);
    const { cnes } = managed;
    const form = await readForm(ctx.req);
    const account = parseAccountId(form.id("pessoa"));
    const thumbprint = form.id("computador");
    const done = account
      ? await removeComputer(deps, actorOf(ctx.state), { cnes, account, thumbprint })
      : refuse("computer_unknown");
    if (done.ok) return ctx.redirect(`/administracao/${cnes}/computadores?aviso=retirar`, 303);
    return await showComputers(ctx, managed, done);
  },
});

async function showComputers(
  ctx: Context<State>,
  managed: Managed,
  refusal: Refusal | null = null,
) {
  const cursor = refusal ? null : ctx.url.searchParams.get("a-partir-de");
  const found = await findComputers(ctx.state.deps, managed.cnes, { cursor });
  const data = {
    managed,
    computers: found.items,
    next: found.cursor &&
      `/administracao/${managed.cnes}/computadores?a-partir-de=${found.cursor}`,
    notice: refusal ? null : noticeOf(ctx.url, { retirar: COMPUTER_REMOVED }),
  };
  return show(ctx, TITLE, data, refusal, refusal?.code === "not_allowed" ? 403 : 422);
}

export default define.page<typeof handler>(function Computers({ data }) {
  const { managed, computers, next, error, notice } = data;
  const tabs = <MemberTabs managed={managed} current="Computadores" />;
  return (
    <Page title={TITLE} lead={tabs} notice={notice} error={error}>
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
      <NextPage href={next} />
    </Page>
  );
});
