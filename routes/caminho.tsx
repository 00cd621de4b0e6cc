import { page } from "fresh";
import { define } from "@/app.ts";
import { Notice } from "@/components/Notice.tsx";
import { placeName } from "@/components/StepPlaceCard.tsx";
import { ChecklistView } from "@/components/ChecklistView.tsx";
import type { Caller } from "@/core/access/caller.ts";
import { directorAt } from "@/core/access/requests/create.ts";
import {
  type EstablishmentAccess,
  listEstablishmentAccess,
} from "@/core/access/establishment_access.ts";
import {
  type Checklist,
  checklistFrom,
  PREREQUISITES,
  readChecklistFacts,
} from "@/core/access/checklist.ts";
import type { Deps } from "@/core/deps.ts";
import { isProvenByGovbr } from "@/http/establishment.ts";
import ComputerCheck from "@/islands/ComputerCheck.tsx";

/** Null for a visitor. */
type Data = {
  checklist: Checklist;
  places: EstablishmentAccess[];
  /** Of the places the one that the way leads to. */
  place: EstablishmentAccess | null;
  isRepresentative: boolean;
  me: { personId: string; computer: string | null };
} | null;

const TITLE = "Seu caminho até o CadSUS Web";

/** J19: the six prerequisites, for anybody; ticked for who is logged in. */
export const handler = define.handlers<Data>({
  async GET(ctx) {
    ctx.state.title = TITLE;
    const { caller, deps } = ctx.state;
    if (!caller?.termsAccepted) return page(null);
    return page(await readWay(deps, caller, ctx.url.searchParams.get("cnes")));
  },
});

async function readWay(deps: Deps, caller: Caller, chosen: string | null) {
  const { person, session, operadora, isRepresentative } = caller;
  const computer = session.state.computer ?? null;
  const places = await listEstablishmentAccess(deps, { cpf: person.cpf, computer });
  const place = places.find(({ cnes }) => cnes === chosen) ?? places[0] ?? null;
  const provenByGovbr = isProvenByGovbr(caller);
  const director = place && await directorAt(deps, person, place, { provenByGovbr });
  const facts = await readChecklistFacts(deps, person, {
    access: place,
    director,
    operadora: operadora?.cnpj ?? null,
  });
  const me = { personId: person.id, computer };
  return { checklist: checklistFrom(facts), places, place, isRepresentative, me };
}

export default define.page<typeof handler>(function WayPage({ data, state }) {
  const { systems, govbr } = state.deps.config;
  const doors = systems.filter(({ access }) => access === "steps");
  return (
    <div class="container narrow">
      <h1>{TITLE}</h1>
      <p class="lead">
        São seis pré-requisitos do Ministério da Saúde. Cada um diz quem precisa fazer o quê.
      </p>
      {data ? <Standing data={data} /> : <Doors govbr={govbr !== null} />}
      <ChecklistView
        checklist={data && {
          steps: data.checklist,
          circumstances: { place: data.place, isRepresentative: data.isRepresentative, doors },
        }}
      />
    </div>
  );
});

/** How far one is, and at which establishment. */
function Standing({ data: { checklist, places, place, me } }: { data: NonNullable<Data> }) {
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

function Doors({ govbr }: { govbr: boolean }) {
  return (
    <>
      <p>Entre no portal, e esta página marca o que você já cumpriu.</p>
      <div class="actions">
        {govbr && <a class="button primary" href="/govbr">Entrar com gov.br</a>}
        <a class="button secondary" href="/entrar">Entrar com CPF e senha</a>
        <a class="button secondary" href="/cadastro?de=/caminho">Cadastrar-me</a>
      </div>
    </>
  );
}
