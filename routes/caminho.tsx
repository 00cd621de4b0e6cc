import { define } from "@/app.ts";
import { Notice } from "@/components/Notice.tsx";
import { placeName } from "@/components/places.tsx";
import type { Caller } from "@/core/access/caller.ts";
import { checklistFrom, PREREQUISITES, readChecklistFacts } from "@/core/access/checklist.ts";
import { directorAt } from "@/core/access/requests/create.ts";
import {
  type EstablishmentAccess,
  listEstablishmentAccess,
} from "@/core/access/establishment_access.ts";
import { describeCpf } from "@/core/account/proof_texts.ts";
import type { Deps } from "@/core/deps.ts";
import { thisComputer } from "@/http/caller.ts";
import { show } from "@/http/page.ts";
import { ChecklistView } from "./(_components)/prerequisites.tsx";
import ComputerCheck from "@/islands/ComputerCheck.tsx";

const TITLE = "Seu caminho até o CadSUS Web";

/** J19: the six prerequisites, for every visitor; ticked for a person who is logged in. */
export const handler = define.handlers({
  async GET(ctx) {
    const { caller, deps } = ctx.state;
    const way = caller?.termsAccepted
      ? await readWay(deps, caller, ctx.url.searchParams.get("cnes"))
      : null;
    return show(ctx, TITLE, { way });
  },
});

type Way = Awaited<ReturnType<typeof readWay>>;

async function readWay(deps: Deps, caller: Caller, chosen: string | null) {
  const { person, operadora, isRepresentative } = caller;
  const me = thisComputer(caller);
  const places = await listEstablishmentAccess(deps, { account: person.id, computer: me.computer });
  // The one that the way leads to.
  const place = places.find(({ cnes }) => cnes === chosen) ?? places[0] ?? null;
  const director = place && await directorAt(deps, person, place, caller.session.state);
  const facts = await readChecklistFacts(deps, person, {
    access: place,
    director,
    operadora: operadora?.cnpj ?? null,
  });
  const cpf = describeCpf(deps, person, operadora !== null);
  return { checklist: checklistFrom(facts), places, place, isRepresentative, me, cpf };
}

export default define.page<typeof handler>(function WayPage({ data: { way }, state }) {
  const { systems, govbr } = state.deps.config;
  const handoffSystems = systems.filter(({ access }) => access === "steps");
  return (
    <div class="container narrow">
      <h1>{TITLE}</h1>
      <p class="lead">
        São seis pré-requisitos do Ministério da Saúde. Cada um diz quem precisa fazer o quê.
      </p>
      {way ? <Standing data={way} /> : <SignInCards govbr={govbr !== null} />}
      <ChecklistView
        checklist={way?.checklist ?? null}
        context={way && { ...way, handoffSystems }}
      />
    </div>
  );
});

/** How far one is, and at which establishment. */
function Standing({ data: { checklist, places, place, me, cpf } }: { data: Way }) {
  const done = PREREQUISITES.filter((one) => checklist[one].state === "feito").length;
  return (
    <>
      {place && <ComputerCheck {...me} reload />}
      {places.length > 1 && <Choice places={places} chosen={place!.cnes} />}
      {place && (
        <p>
          Em <a href={`/solicitar/${place.cnes}`}>{placeName(place)}</a> (CNES {place.cnes}):
        </p>
      )}
      <Notice kind={done === PREREQUISITES.length ? "success" : "info"}>
        {done === PREREQUISITES.length
          ? "Tudo pronto: os seis pré-requisitos estão cumpridos."
          : `${done} de ${PREREQUISITES.length} cumpridos.`}
      </Notice>
      <p class="muted">Sua identificação: {cpf}.</p>
    </>
  );
}

function Choice({ places, chosen }: { places: readonly EstablishmentAccess[]; chosen: string }) {
  return (
    <nav aria-label="Escolha o estabelecimento">
      <ul class="actions choice-list">
        {places.map((one) => (
          <li key={one.cnes}>
            <a
              href={`/caminho?cnes=${one.cnes}`}
              aria-current={one.cnes === chosen ? "true" : undefined}
              class={`button small ${one.cnes === chosen ? "primary" : "secondary"}`}
            >
              {placeName(one)}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function SignInCards({ govbr }: { govbr: boolean }) {
  return (
    <>
      <p>Entre no portal, e esta página marca o que você já cumpriu.</p>
      <div class="actions">
        {govbr && <a class="button primary" href="/govbr">Entrar com gov.br</a>}
        <a class="button secondary" href="/entrar">Entrar com senha</a>
        <a class="button secondary" href="/cadastro?de=/caminho">Cadastrar-me</a>
      </div>
    </>
  );
}
