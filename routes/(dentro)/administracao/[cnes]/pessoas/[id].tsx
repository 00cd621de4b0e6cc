import { HttpError, page } from "fresh";
import { define } from "@/app.ts";
import { MemberChanges } from "@/components/MemberChanges.tsx";
import { MemberComputer } from "@/components/MemberComputer.tsx";
import { MemberFacts } from "@/components/MemberFacts.tsx";
import type { Typed } from "@/components/MemberForms.tsx";
import { MemberHistory } from "@/components/MemberHistory.tsx";
import { placeOf } from "@/components/MemberTabs.tsx";
import { FormError, Notice } from "@/components/Notice.tsx";
import type { Actor, Managed } from "@/core/access/authority.ts";
import { changeProfile, endMembership } from "@/core/access/change_membership.ts";
import { listComputersOf, removeComputer } from "@/core/access/computers.ts";
import { type HistoryLine, listHistory } from "@/core/access/find_members.ts";
import { listRequestsOf } from "@/core/access/requests/request.ts";
import { explain } from "@/core/messages.ts";
import type { Deps } from "@/core/deps.ts";
import type { AccessRequest, ComputerRecord, Membership } from "@/core/store/records/access.ts";
import type { Person } from "@/core/store/records/account.ts";
import { actorOf, requireManaged, requireMember } from "@/http/administration.ts";
import { type Form, noticeOf, readForm } from "@/http/form.ts";

interface Data {
  managed: Managed;
  person: Person;
  membership: Membership;
  computers: ComputerRecord[];
  history: HistoryLine[];
  requests: AccessRequest[];
  /** Is it the person who looks? */
  own: boolean;
  typed: Typed;
  error: string | null;
  notice: string | null;
}

const NOTICES: Record<string, string> = {
  perfil: "Perfil mudado. A mudança já vale, e a pessoa recebeu a justificativa por e-mail.",
  desativar: "Acesso desativado. A mudança já vale, e a pessoa recebeu o motivo por e-mail.",
  retirar: "Computador retirado. A mudança já vale, e a pessoa foi avisada por e-mail.",
};
const UNTYPED: Typed = { profile: "", justification: "", reason: "" };
/** Requests of the person among which those made here are looked for. */
const LOOKED_AT = 100;

/** J17: one person of an establishment, and what may be done with their access. */
export const handler = define.handlers<Data>({
  async GET(ctx) {
    const managed = await requireManaged(ctx.state, ctx.params.cnes!);
    const member = await requireMember(ctx.state, managed.cnes, ctx.params.id!);
    const { person } = member;
    ctx.state.title = person.name;
    const notice = noticeOf(ctx.url, NOTICES);
    const data = await load(ctx.state.deps, managed.cnes, member);
    const own = person.cpf === actorOf(ctx.state).cpf;
    return page({ ...data, managed, own, typed: UNTYPED, error: null, notice });
  },
  async POST(ctx) {
    const { deps } = ctx.state;
    const managed = await requireManaged(ctx.state, ctx.params.cnes!);
    const { cnes } = managed;
    const { person } = await requireMember(ctx.state, cnes, ctx.params.id!);
    const actor = actorOf(ctx.state);
    const form = await readForm(ctx.req);
    const typed: Typed = {
      profile: form.text("perfil"),
      justification: form.text("justificativa"),
      reason: form.text("motivo"),
    };
    const done = await act(deps, actor, { cnes, cpf: person.cpf }, form, typed);
    if (done.ok) {
      const notice = `aviso=${form.text("acao")}`;
      return ctx.redirect(`/administracao/${cnes}/pessoas/${person.id}?${notice}`, 303);
    }
    ctx.state.title = person.name;
    // Read again: what stood in the way may be what somebody else has just done.
    const member = await requireMember(ctx.state, cnes, person.id);
    const data = await load(deps, cnes, member);
    const own = person.cpf === actor.cpf;
    return page({ ...data, managed, own, typed, error: explain(done), notice: null }, {
      status: done.code === "not_allowed" ? 403 : 422,
    });
  },
});

function act(
  deps: Deps,
  actor: Actor,
  member: { cnes: string; cpf: string },
  form: Form,
  { profile, justification, reason }: Typed,
) {
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

async function load(
  deps: Deps,
  cnes: string,
  { person, membership }: { person: Person; membership: Membership },
) {
  const [computers, history, requests] = await Promise.all([
    listComputersOf(deps, cnes, person.cpf),
    listHistory(deps, membership),
    listRequestsOf(deps, person.cpf, LOOKED_AT),
  ]);
  const here = requests.filter((one) => one.cnes === cnes && one.step !== "estabelecimento");
  return { person, membership, computers, history, requests: here };
}

export default define.page<typeof handler>(function OneMember({ data }) {
  const { managed, person, membership, computers, error, notice } = data;
  return (
    <div class="container narrow">
      <p>
        <a href={`/administracao/${managed.cnes}`}>← Pessoas de {placeOf(managed)}</a>
      </p>
      <h1>{person.name}</h1>
      {notice && <Notice kind="success">{notice}</Notice>}
      <FormError message={error} />
      <MemberFacts person={person} membership={membership} by={data.history[0]?.by ?? null} />
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
      <MemberHistory lines={data.history} requests={data.requests} />
    </div>
  );
});
