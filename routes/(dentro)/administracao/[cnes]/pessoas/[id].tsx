import { type Context, HttpError } from "fresh";
import { define, type State } from "@/app.ts";
import { Page } from "@/components/Page.tsx";
import type { Managed } from "@/core/access/authority.ts";
import { changeProfile, endMembership } from "@/core/access/change_membership.ts";
import { listComputersOf, removeComputer } from "@/core/access/computers.ts";
import { listHistory } from "@/core/access/find_members.ts";
import { listRequestsOf } from "@/core/access/requests/request.ts";
import { isActiveUserOf } from "@/core/access/users/user_of_operadora.ts";
import { describeCpf } from "@/core/account/proof_texts.ts";
import type { Refusal } from "@/core/result.ts";
import type { AccountId } from "@/core/store/records/account.ts";
import { actorOf, requireManaged, requireMember } from "@/http/administration.ts";
import { requireCaller } from "@/http/caller.ts";
import { type Form, noticeOf, readForm } from "@/http/form.ts";
import { show } from "@/http/page.ts";
import { MemberChanges, type Typed } from "../(_components)/changes.tsx";
import { COMPUTER_REMOVED, MemberComputer } from "../(_components)/computer.tsx";
import { MemberFacts, MemberHistory } from "../(_components)/history.tsx";
import { placeOf } from "../(_components)/tabs.tsx";

const NOTICES: Record<string, string> = {
  perfil: "Perfil mudado. A mudança já vale, e a pessoa recebeu a justificativa por e-mail.",
  desativar: "Acesso desativado. A mudança já vale, e a pessoa recebeu o motivo por e-mail.",
  retirar: COMPUTER_REMOVED,
};
const UNTYPED: Typed = { profile: "", justification: "", reason: "" };
/** Requests of the person among which those made here are looked for. */
const LOOKED_AT = 100;

/** J17: one person of an establishment, and what may be done with their access. */
export const handler = define.handlers({
  async GET(ctx) {
    const managed = await requireManaged(ctx.state, ctx.params.cnes!);
    return await showMember(ctx, managed, UNTYPED);
  },
  async POST(ctx) {
    const managed = await requireManaged(ctx.state, ctx.params.cnes!);
    const { cnes } = managed;
    const { person } = await requireMember(ctx.state, cnes, ctx.params.id!);
    const form = await readForm(ctx.req);
    const typed: Typed = {
      profile: form.text("perfil"),
      justification: form.text("justificativa"),
      reason: form.text("motivo"),
    };
    const done = await act(ctx.state, { cnes, account: person.id }, form, typed);
    // Read again: what stood in the way may be what another person has just done.
    if (!done.ok) return await showMember(ctx, managed, typed, done);
    const notice = `aviso=${form.text("acao")}`;
    return ctx.redirect(`/administracao/${cnes}/pessoas/${person.id}?${notice}`, 303);
  },
});

function act(
  state: State,
  member: { cnes: string; account: AccountId },
  form: Form,
  { profile, justification, reason }: Typed,
) {
  const { deps } = state;
  const actor = actorOf(state);
  switch (form.text("acao")) {
    case "perfil":
      return changeProfile(deps, actor, { ...member, profile, justification });
    case "desativar":
      return endMembership(deps, actor, { ...member, reason });
    case "retirar":
      return removeComputer(deps, actor, { ...member, thumbprint: form.id("computador") });
    default:
      throw new HttpError(400);
  }
}

async function showMember(
  ctx: Context<State>,
  managed: Managed,
  typed: Typed,
  refusal: Refusal | null = null,
) {
  const { deps } = ctx.state;
  const { cnes, establishment } = managed;
  const { person, membership } = await requireMember(ctx.state, cnes, ctx.params.id!);
  const caller = requireCaller(ctx.state);
  const [informed, computers, history, requests] = await Promise.all([
    isActiveUserOf(deps, establishment?.operadora ?? "", person.id),
    listComputersOf(deps, cnes, person.id),
    listHistory(deps, membership),
    listRequestsOf(deps, person.id, LOOKED_AT),
  ]);
  const data = {
    managed,
    person,
    membership,
    computers,
    history,
    requests: requests.filter((one) => one.cnes === cnes && one.step !== "estabelecimento"),
    /** What stands behind the CPF, in words. */
    cpf: describeCpf(deps, person, informed),
    /** Is it the person who looks, with whichever account? */
    own: person.cpf === caller.person.cpf,
    typed,
    notice: refusal ? null : noticeOf(ctx.url, NOTICES),
  };
  return show(ctx, person.name, data, refusal, refusal?.code === "not_allowed" ? 403 : 422);
}

export default define.page<typeof handler>(function OneMember({ data }) {
  const { managed, person, membership, computers, history, error, notice } = data;
  return (
    <Page
      title={person.name}
      back={{ href: `/administracao/${managed.cnes}`, label: `Pessoas de ${placeOf(managed)}` }}
      notice={notice}
      error={error}
    >
      <MemberFacts {...data} by={history[0]?.by ?? null} />
      <section aria-labelledby="computadores">
        <h2 id="computadores">Computadores</h2>
        {computers.length === 0 && <p>Nenhum computador aprovado.</p>}
        <ul class="request-list">
          {computers.map((computer) => (
            <MemberComputer key={computer.thumbprint} computer={computer} personId={person.id} />
          ))}
        </ul>
      </section>
      <MemberChanges
        membership={membership}
        own={data.own}
        represents={managed.represents}
        typed={data.typed}
      />
      <MemberHistory lines={history} requests={data.requests} />
    </Page>
  );
});
