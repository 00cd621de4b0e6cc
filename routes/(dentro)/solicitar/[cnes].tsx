import { type Context, HttpError } from "fresh";
import { define, type State } from "@/app.ts";
import { FormError, Notice } from "@/components/Notice.tsx";
import { placeName, StepLine, StepNext } from "@/components/places.tsx";
import type { Caller } from "@/core/access/caller.ts";
import { cancelRequest, createRequest, directorAt } from "@/core/access/requests/create.ts";
import {
  getEstablishmentAccess,
  isKnownEstablishment,
} from "@/core/access/establishment_access.ts";
import type { AccessCode } from "@/core/access/messages.ts";
import { removeComputer } from "@/core/access/computers.ts";
import { askForComputer, askWithin } from "@/core/access/requests/computer.ts";
import { listRequestsOf } from "@/core/access/requests/request.ts";
import type { AccountCode } from "@/core/account/messages.ts";
import type { Deps } from "@/core/deps.ts";
import { parseCnes } from "@/core/registry/numbers.ts";
import { accept, type Refusal, type Result } from "@/core/result.ts";
import { requireCaller, thisComputer } from "@/http/caller.ts";
import { type Form, noticeOf, readForm } from "@/http/form.ts";
import { show } from "@/http/page.ts";
import { NextForm, type Typed } from "./(_components)/next_form.tsx";
import { RequestList } from "./(_components)/requests.tsx";
import { begunSteps, StepComputers, StepDetails } from "./(_components)/steps.tsx";
import ComputerCheck from "@/islands/ComputerCheck.tsx";

const NOTICES: Record<string, string> = {
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
    const acted = await act(ctx.state.deps, requireCaller(ctx.state), cnes, form);
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

/** @throws {HttpError} 400 when the form asks for nothing that there is */
async function act(
  deps: Deps,
  caller: Caller,
  cnes: string,
  form: Form,
): Promise<Result<string, AccessCode | AccountCode>> {
  const { person, session: { state } } = caller;
  const { id: account } = person;
  switch (form.text("acao")) {
    case "perfil": {
      const wish = { cnes, profile: form.text("perfil") };
      const ask = () => createRequest(deps, person, wish, state);
      const asked = await askWithin(deps, { account, cnes }, ask);
      return asked.ok
        ? accept(asked.data.state === "aprovada" ? "administrador" : "pedido")
        : asked;
    }
    case "computador": {
      const wish = {
        cnes,
        label: form.text("etiqueta"),
        place: form.text("local"),
        replaces: form.id("substitui"),
      };
      const ask = () => askForComputer(deps, person, state.computer ?? null, wish);
      const asked = await askWithin(deps, { account, cnes }, ask);
      return asked.ok ? accept("computador") : asked;
    }
    case "cancelar": {
      const cancelled = await cancelRequest(deps, person, form.id("pedido"));
      return cancelled.ok ? accept("cancelado") : cancelled;
    }
    case "retirar": {
      const computer = { cnes, account, thumbprint: form.id("computador") };
      const removed = await removeComputer(deps, { account, standing: state }, computer);
      return removed.ok ? accept("retirado") : removed;
    }
    default:
      throw new HttpError(400);
  }
}

/**
 * @param typed what was typed before a refusal
 * @throws {HttpError} 404 when there is no such establishment and never was one for the person
 */
async function showPlace(
  ctx: Context<State>,
  typed: Typed | null,
  refusal: Refusal | null = null,
) {
  const { deps } = ctx.state;
  const cnes = ctx.params.cnes!;
  if (parseCnes(cnes) !== cnes) throw new HttpError(404);
  const caller = requireCaller(ctx.state);
  const { person } = caller;
  const me = thisComputer(caller);
  const [place, requests] = await Promise.all([
    getEstablishmentAccess(deps, { account: person.id, computer: me.computer }, cnes),
    listRequestsOf(deps, person.id, 100),
  ]);
  if (!isKnownEstablishment(place)) throw new HttpError(404);
  // Those that the steps are about are shown with them.
  const shown = begunSteps(place).map((step) => place.status.steps[step].request?.id);
  const data = {
    place,
    history: requests.filter((one) => one.cnes === cnes && !shown.includes(one.id)),
    director: await directorAt(deps, person, place, caller.session.state),
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
      {establishment?.active && <NextForm {...data} />}
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
