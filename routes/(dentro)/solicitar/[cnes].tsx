import { type Context, HttpError } from "fresh";
import { define, type State } from "@/app.ts";
import { FormError, Notice } from "@/components/Notice.tsx";
import { placeName, StepLine, StepNext } from "@/components/places.tsx";
import { directorAt } from "@/core/access/director.ts";
import {
  getEstablishmentAccess,
  isKnownEstablishment,
} from "@/core/access/establishment_access.ts";
import { listRequestsOf } from "@/core/access/requests/request.ts";
import { parseCnes } from "@/core/registry/numbers.ts";
import type { Refusal } from "@/core/result.ts";
import { isProvenByGovbr, requireCaller, thisComputer } from "@/http/caller.ts";
import { actAtEstablishment, type Done } from "@/http/establishment.ts";
import { noticeOf, readForm } from "@/http/form.ts";
import { show } from "@/http/page.ts";
import ComputerCheck from "@/islands/ComputerCheck.tsx";
import ComputerRequest from "@/islands/ComputerRequest.tsx";
import { ProfileForm } from "./(_components)/profile_form.tsx";
import { RequestList } from "./(_components)/requests.tsx";
import { begunSteps, StepComputers, StepDetails } from "./(_components)/steps.tsx";

const NOTICES: Record<Done, string> = {
  pedido: "Pedido enviado. Você recebe a resposta por e-mail.",
  administrador: "Você agora é ADMINISTRADOR deste estabelecimento.",
  computador: "Pedido do computador enviado. Você recebe a resposta por e-mail.",
  cancelado: "Pedido cancelado.",
  retirado: "Computador retirado. O acesso por ele acabou.",
};

/** J10: the three steps of a person at one establishment. */
export const handler = define.handlers({
  GET: (ctx) => showPlace(ctx, null),
  async POST(ctx) {
    const cnes = ctx.params.cnes!;
    if (parseCnes(cnes) !== cnes) throw new HttpError(404);
    const form = await readForm(ctx.req);
    const acted = await actAtEstablishment(ctx.state.deps, requireCaller(ctx.state), cnes, form);
    if (!acted) throw new HttpError(400);
    if (acted.ok) return ctx.redirect(`/solicitar/${cnes}?aviso=${acted.data}`, 303);
    const typed = {
      perfil: form.text("perfil"),
      etiqueta: form.text("etiqueta"),
      local: form.text("local"),
      substitui: form.text("substitui"),
    };
    return await showPlace(ctx, typed, acted);
  },
});

type Data = Awaited<ReturnType<typeof showPlace>>["data"];

/**
 * @param typed what was typed before a refusal
 * @throws {HttpError} 404 when there is no such establishment and never was one for the person
 */
async function showPlace(
  ctx: Context<State>,
  typed: { perfil: string; etiqueta: string; local: string; substitui: string } | null,
  refusal: Refusal | null = null,
) {
  const { deps } = ctx.state;
  const cnes = ctx.params.cnes!;
  if (parseCnes(cnes) !== cnes) throw new HttpError(404);
  const caller = requireCaller(ctx.state);
  const { person } = caller;
  const me = thisComputer(caller);
  const [place, requests] = await Promise.all([
    getEstablishmentAccess(deps, { cpf: person.cpf, computer: me.computer }, cnes),
    listRequestsOf(deps, person.cpf, 100),
  ]);
  if (!isKnownEstablishment(place)) throw new HttpError(404);
  // Those that the steps are about are shown with them.
  const shown = begunSteps(place).map((step) => place.status.steps[step].request?.id);
  const data = {
    place,
    history: requests.filter((one) => one.cnes === cnes && !shown.includes(one.id)),
    director: await directorAt(deps, person, place, { provenByGovbr: isProvenByGovbr(caller) }),
    me,
    notice: refusal ? null : noticeOf(ctx.url, NOTICES),
    typed,
  };
  return show(
    ctx,
    placeName(place),
    data,
    refusal,
    refusal?.code === "request_not_found" ? 404 : 422,
  );
}

export default define.page<typeof handler>(function PlacePage({ data, state }) {
  const { place, history, me, notice, error } = data;
  const { establishment, status, computers, cnes } = place;
  const { systems, requests: { expireHours } } = state.deps.config;
  return (
    <div class="container narrow">
      <p>
        <a href="/solicitar">Todos os estabelecimentos</a>
      </p>
      <h1>{placeName(place)}</h1>
      <p class="lead">
        CNES {cnes}
        {establishment?.municipio && ` · ${establishment.municipio}/${establishment.uf}`}
      </p>
      {notice && <Notice kind="success">{notice}</Notice>}
      <FormError message={error} />
      <ComputerCheck {...me} reload={error === null} />
      <section class="card" aria-label="Andamento">
        <StepLine place={place} name={placeName(place)} />
        <StepNext place={place} />
        {status.steps.computador.state === "aprovada" && establishment?.active && (
          <div class="actions">
            {systems.filter(({ access }) => access === "steps").map(({ id, name }) => (
              <a key={id} class="button primary" href={`/acessar/${id}/${cnes}`}>Acessar {name}</a>
            ))}
          </div>
        )}
      </section>
      {establishment?.active && <NextForm data={data} />}
      {begunSteps(place).length > 0 && (
        <section aria-labelledby="passos">
          <h2 id="passos">Situação dos passos</h2>
          <StepDetails place={place} expireHours={expireHours} />
        </section>
      )}
      {computers.length > 0 && (
        <section aria-labelledby="computadores">
          <h2 id="computadores">Meus computadores aqui</h2>
          <StepComputers computers={computers} current={me.computer} />
        </section>
      )}
      {history.length > 0 && (
        <section aria-labelledby="historico">
          <h2 id="historico">Pedidos anteriores</h2>
          <RequestList requests={history} />
        </section>
      )}
    </div>
  );
});

/** The form of what may be asked for next, if anything. */
function NextForm({ data: { place, director, me, typed } }: { data: Data }) {
  const { status: { next }, establishment, computers } = place;
  if (next === null) return null;
  if (next === "computador") {
    return (
      <section aria-labelledby="pedir">
        <h2 id="pedir">Pedir acesso para este computador</h2>
        <ComputerRequest
          personId={me.personId}
          fields={{ acao: "computador" }}
          computers={computers.map(({ thumbprint, label, place }) => ({
            thumbprint,
            label,
            place,
          }))}
          typed={typed ?? undefined}
        />
      </section>
    );
  }
  return (
    <section aria-labelledby="pedir">
      <h2 id="pedir">{next === "perfil" ? "Pedir perfil" : "Pedir acesso e perfil"}</h2>
      <ProfileForm
        chosen={typed?.perfil ?? ""}
        withEstablishment={next === "estabelecimento"}
        director={director}
        bound={establishment?.operadora != null}
      />
    </section>
  );
}
