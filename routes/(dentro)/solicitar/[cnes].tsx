import { HttpError, page } from "fresh";
import { define } from "@/app.ts";
import { FormError, Notice } from "@/components/Notice.tsx";
import { RequestList } from "@/components/RequestList.tsx";
import { RequestProfileForm } from "@/components/RequestProfileForm.tsx";
import { StepComputers } from "@/components/StepComputers.tsx";
import { begunSteps, StepDetails } from "@/components/StepDetails.tsx";
import { StepLine } from "@/components/StepLine.tsx";
import { StepNext } from "@/components/StepNext.tsx";
import { placeName } from "@/components/StepPlaceCard.tsx";
import type { Caller } from "@/core/access/caller.ts";
import { directorAt } from "@/core/access/requests/create.ts";
import {
  type EstablishmentAccess,
  getEstablishmentAccess,
  isKnownEstablishment,
} from "@/core/access/establishment_access.ts";
import { listRequestsOf } from "@/core/access/requests/request.ts";
import { explain } from "@/core/messages.ts";
import type { Deps } from "@/core/deps.ts";
import { parseCnes } from "@/core/registry/numbers.ts";
import type { AccessRequest } from "@/core/store/records/access.ts";
import { requireCaller } from "@/http/caller.ts";
import { readForm } from "@/http/form.ts";
import { actAtEstablishment, type Done, isProvenByGovbr } from "@/http/establishment.ts";
import ComputerCheck from "@/islands/ComputerCheck.tsx";
import ComputerRequest from "@/islands/ComputerRequest.tsx";

interface Data {
  place: EstablishmentAccess;
  history: AccessRequest[];
  director: "atOnce" | "unproven" | null;
  me: { personId: string; computer: string | null };
  error: string | null;
  /** What was typed before a refusal. */
  typed: { perfil: string; etiqueta: string; local: string; substitui: string } | null;
}

const NOTICES: Record<Done, string> = {
  pedido: "Pedido enviado. Você recebe a resposta por e-mail.",
  administrador: "Você agora é ADMINISTRADOR deste estabelecimento.",
  computador: "Pedido do computador enviado. Você recebe a resposta por e-mail.",
  cancelado: "Pedido cancelado.",
  retirado: "Computador retirado. O acesso por ele acabou.",
};

/** J10: the three steps of a person at one establishment. */
export const handler = define.handlers<Data>({
  async GET(ctx) {
    const caller = requireCaller(ctx.state);
    const data = await readPlace(ctx.state.deps, caller, ctx.params.cnes!);
    ctx.state.title = placeName(data.place);
    return page({ ...data, error: null, typed: null });
  },
  async POST(ctx) {
    const caller = requireCaller(ctx.state);
    const { deps } = ctx.state;
    const cnes = ctx.params.cnes!;
    if (parseCnes(cnes) !== cnes) throw new HttpError(404);
    const form = await readForm(ctx.req);
    const acted = await actAtEstablishment(deps, caller, cnes, form);
    if (!acted) throw new HttpError(400);
    if (acted.ok) return ctx.redirect(`/solicitar/${cnes}?aviso=${acted.data}`, 303);
    const data = await readPlace(deps, caller, cnes);
    ctx.state.title = placeName(data.place);
    const typed = {
      perfil: form.text("perfil"),
      etiqueta: form.text("etiqueta"),
      local: form.text("local"),
      substitui: form.text("substitui"),
    };
    const status = acted.code === "request_not_found" ? 404 : 422;
    return page({ ...data, error: explain(acted), typed }, { status });
  },
});

/** @throws {HttpError} 404 when there is no such establishment and never was one for the person */
async function readPlace(deps: Deps, caller: Caller, cnes: string) {
  if (parseCnes(cnes) !== cnes) throw new HttpError(404);
  const { person, session } = caller;
  const computer = session.state.computer ?? null;
  const [place, requests] = await Promise.all([
    getEstablishmentAccess(deps, { cpf: person.cpf, computer }, cnes),
    listRequestsOf(deps, person.cpf, 100),
  ]);
  if (!isKnownEstablishment(place)) throw new HttpError(404);
  // Those that the steps are about are shown with them.
  const shown = begunSteps(place).map((step) => place.status.steps[step].request?.id);
  return {
    place,
    history: requests.filter((one) => one.cnes === cnes && !shown.includes(one.id)),
    director: await directorAt(deps, person, place, { provenByGovbr: isProvenByGovbr(caller) }),
    me: { personId: person.id, computer },
  };
}

export default define.page<typeof handler>(function PlacePage({ data, state, url }) {
  const { place, history, me, error } = data;
  const { establishment, status, computers, cnes } = place;
  const done = url.searchParams.get("aviso") ?? "";
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
      {error === null && Object.hasOwn(NOTICES, done) && (
        <Notice kind="success">{NOTICES[done as Done]}</Notice>
      )}
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
      <RequestProfileForm
        chosen={typed?.perfil ?? ""}
        withEstablishment={next === "estabelecimento"}
        director={director}
        bound={establishment?.operadora != null}
      />
    </section>
  );
}
