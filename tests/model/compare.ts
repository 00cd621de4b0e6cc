import { assertEquals } from "@std/assert";
import { listComputersAt } from "@/core/access/computers.ts";
import {
  administersAny,
  getMembership,
  listAdministrators,
  listChanges,
  listMembershipsOf,
} from "@/core/access/membership.ts";
import {
  getRequest,
  listDecided,
  listPending,
  listPendingOfOperadora,
} from "@/core/access/requests/request.ts";
import { listCnesOf, readAccessStatus } from "@/core/access/establishment_access.ts";
import type { AccessRequest } from "@/core/store/records/access.ts";
import type { AccountId } from "@/core/store/records/account.ts";
import { idOf } from "@/tests/fixtures/mod.ts";
import { COMPANIES, KEYS, type Name, PEOPLE, type Place, PLACES } from "./actions.ts";
import type { Model, ModelRequest } from "./model.ts";
import type { PortalTown } from "./town.ts";
import { CNES, CNPJ, PERSON } from "./town.ts";

const MANY = { limit: 1_000 };

/** Everything that somebody can see of the town, in the portal and as the model has it, is the same. */
export async function compare(model: Model, town: PortalTown): Promise<void> {
  assertEquals(await seenInPortal(town), seenInModel(model));
}

function seenInModel(model: Model) {
  const number = (request: ModelRequest) => model.requests.indexOf(request);
  const waiting = model.requests.filter(({ state, step }) =>
    state === "pendente" && step !== "estabelecimento"
  );
  return {
    requests: model.requests.map(({ state, step, ...one }) => {
      const request = step === "estabelecimento" ? model.requests[one.other!]! : one;
      return [state, request.toRepresentative ? CNPJ[request.toRepresentative] : null];
    }),
    places: PLACES.map((place) => ({
      pending: waiting.filter((one) => one.place === place && one.toAdministrators).map(number),
      decided: model.requests
        .filter(({ step, state, ...one }) =>
          one.place === place && step !== "estabelecimento" && state !== "pendente"
        ).map(number),
      administrators: model.administrators(place),
      computers: PEOPLE.flatMap((name) =>
        KEYS.filter((key) => model.member(name, place)?.computers.has(key))
          .map((key) => `${name} ${key}`)
      ),
      people: PEOPLE.map((name) => personInModel(model, name, place)),
    })),
    representatives: COMPANIES.map((company) => model.waitingFor(company).map(number)),
    people: PEOPLE.map((name) =>
      PLACES.filter((place) => model.member(name, place)?.ended === false)
    ),
    menus: PEOPLE.map((name) =>
      PLACES.some((place) => {
        const member = model.member(name, place);
        return member?.ended === false && member.profile === "ADMINISTRADOR";
      })
    ),
  };
}

function personInModel(model: Model, name: Name, place: Place) {
  const member = model.member(name, place);
  const inside = member?.ended === false;
  const last = (step: ModelRequest["step"]) =>
    model.requests.findLast((one) => one.by === name && one.place === place && one.step === step)
      ?.state ?? "nenhum";
  const shown = (step: ModelRequest["step"], approved: boolean) => {
    if (approved) return "aprovada";
    const state = last(step);
    return state === "aprovada" ? "nenhum" : state;
  };
  const profiled = inside && member.profile !== null;
  if (!member && last("perfil") === "nenhum") return null;
  return {
    profile: member?.profile,
    ended: member?.ended,
    changes: member?.changes ?? 0,
    steps: KEYS.map((key) => {
      const steps = [
        shown("estabelecimento", inside),
        shown("perfil", profiled),
        shown("computador", profiled && member.computers.has(key)),
      ];
      const open = ["estabelecimento", "perfil", "computador"].find((_, i) =>
        steps[i] !== "aprovada"
      );
      const next = steps.includes("pendente") ? "none" : open ?? "none";
      return `${steps.join(" ")}: ${next}`;
    }),
  };
}

async function seenInPortal({ deps, requests }: PortalTown) {
  const numbers = new Map(requests.map((id, i) => [id, i]));
  const ids = await Promise.all(PEOPLE.map((name) => idOf(deps, PERSON[name])));
  const names = new Map(PEOPLE.map((name, i) => [ids[i]!, name]));
  const number = ({ id }: AccessRequest) => numbers.get(id)!;
  const all = await Promise.all(requests.map((id) => getRequest(deps, id)));
  const walked = await Promise.all(ids.map((id) => listCnesOf(deps, id)));
  const inOrder = <T>(found: Iterable<T>, order: readonly T[]) =>
    [...found].sort((a, b) => order.indexOf(a) - order.indexOf(b));
  return {
    requests: all.map((one) => [
      one!.state,
      one!.to.includes("representante") ? representedBy(one!, all) : null,
    ]),
    places: await Promise.all(PLACES.map(async (place) => {
      const cnes = CNES[place];
      return {
        pending: (await listPending(deps, [cnes], MANY)).map(number),
        decided: (await listDecided(deps, [cnes], MANY.limit)).map(number).sort((a, b) => a - b),
        administrators: inOrder(
          (await listAdministrators(deps, cnes)).map(({ id }) => names.get(id)!),
          PEOPLE,
        ),
        computers: (await listComputersAt(deps, cnes, MANY)).map(({ account, thumbprint }) =>
          `${names.get(account)} ${thumbprint}`
        ).sort(byPerson),
        people: await Promise.all(
          ids.map((id, i) => walked[i]!.includes(cnes) ? personInPortal(deps, id, cnes) : null),
        ),
      };
    })),
    representatives: await Promise.all(
      COMPANIES.map(async (company) =>
        (await listPendingOfOperadora(deps, CNPJ[company], MANY)).map(number)
      ),
    ),
    people: await Promise.all(ids.map(async (id) => {
      const found = (await listMembershipsOf(deps, id)).map(({ cnes }) => cnes);
      return PLACES.filter((place) => found.includes(CNES[place]));
    })),
    menus: await Promise.all(ids.map((id) => administersAny(deps, id))),
  };
}

const byPerson = (a: string, b: string) => {
  const place = (text: string) => PEOPLE.indexOf(text.split(" ")[0] as Name);
  return place(a) - place(b) || (a < b ? -1 : 1);
};

/** A request for an establishment is found through the one for the profile. */
function representedBy(request: AccessRequest, all: readonly (AccessRequest | null)[]) {
  if (request.step !== "estabelecimento") return request.operadora;
  return all.find((one) => one?.id === request.profileRequest)!.operadora;
}

async function personInPortal(deps: PortalTown["deps"], account: AccountId, cnes: string) {
  const membership = await getMembership(deps, cnes, account);
  return {
    profile: membership?.profile,
    ended: membership ? membership.ended !== undefined : undefined,
    changes: (await listChanges(deps, cnes, account, MANY.limit)).length,
    steps: await Promise.all(KEYS.map(async (key) => {
      const { steps, next } = await readAccessStatus(deps, account, cnes, key);
      const { estabelecimento, perfil, computador } = steps;
      return `${estabelecimento.state} ${perfil.state} ${computador.state}: ${next ?? "none"}`;
    })),
  };
}
