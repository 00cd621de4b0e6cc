import { loadCaller } from "@/core/access/caller.ts";
import { bindEstablishment, unbindEstablishment } from "@/core/access/establishments.ts";
import {
  changeProfile,
  endMembership,
  makeAdministrator,
} from "@/core/access/change_membership.ts";
import { removeComputer } from "@/core/access/computers.ts";
import { setMembership } from "@/core/access/membership.ts";
import { runAlarms } from "@/core/access/requests/alarms.ts";
import { cancelRequest, createRequest } from "@/core/access/requests/create.ts";
import { askForComputer } from "@/core/access/requests/computer.ts";
import { decideRequest } from "@/core/access/requests/decide.ts";
import { setUserActive } from "@/core/access/users/deactivate_user.ts";
import { bindRepresentative } from "@/core/onboarding/first_access/bind_representative.ts";
import { accept, type Result } from "@/core/result.ts";
import { keys } from "@/core/store/keys.ts";
import { transact } from "@/core/store/transact.ts";
import * as fixtures from "@/tests/fixtures/mod.ts";
import { codeOf, DAY, personOf, type TestDeps, testDeps } from "@/tests/fixtures/mod.ts";
import { seedEstablishments } from "@/tests/fixtures/registry.ts";
import { type Action, BEGINNING, type CnesChange, COMPANIES, type Company } from "./actions.ts";
import { type Name, numberOf, PEOPLE, type Place, PLACES } from "./actions.ts";

const { ALFA, BETA, caio, ivo, lia, nair, rosa, zeca } = fixtures;
/** What the actions' names stand for. */
export const PERSON = { rosa, ivo, nair, lia, caio, zeca };
export const CNPJ: Record<Company, string> = { alfa: ALFA, beta: BETA };
export const CNES: Record<Place, string> = {
  first: "0000001",
  second: "0000002",
  third: "0000003",
};

type ByPerson = Extract<Action, { by: Name }>;
type FromOutside = Exclude<Action, { by: Name }>;

/** The same town in the portal: each action is what a page, the bot or the cron does. */
export class PortalTown {
  /** Ids of the requests in the order in which they were made. */
  readonly requests: string[] = [];
  readonly #cnes: Record<Place, Required<CnesChange>> = structuredClone(BEGINNING.cnes);
  readonly #cadop: Record<Company, Name> = { ...BEGINNING.cadop };

  constructor(readonly deps: TestDeps) {}

  /** Lets it happen. @returns `ok`, or the code of the refusal */
  async act(action: Action): Promise<string> {
    this.deps.advance(1);
    return codeOf(await ("by" in action ? this.#try(action) : this.#happen(action)));
  }

  async #try(action: ByPerson): Promise<Result<unknown>> {
    if (action.do === "firstAccess") return await this.#firstAccess(action);
    const { deps } = this;
    const company = "certificate" in action && action.certificate;
    const powers = company ? { represents: CNPJ[company] } : {};
    const session = await fixtures.seedSession(deps, PERSON[action.by], powers);
    const caller = await loadCaller(deps, session);
    const represents = caller?.isRepresentative ? caller.operadora!.cnpj : null;
    const actor = { cpf: PERSON[action.by].cpf, represents };
    if (action.do === "decide" && (caller || action.via === "telegram")) {
      const { outcome, via } = action;
      const decision = { requestId: this.#at(action.back), outcome, via, reason: "Setor errado" };
      return await decideRequest(deps, { ...decision, by: actor.cpf, represents });
    }
    if (!caller) return { ok: false, code: "logged_out" };
    const { person, operadora } = caller;
    const cnes = "place" in action ? CNES[action.place] : "";
    const other = "of" in action ? await personOf(deps, PERSON[action.of]) : person;
    const member = { cnes, cpf: other.cpf };
    switch (action.do) {
      case "ask": {
        const form = { cnes, profile: action.profile };
        const made = await createRequest(deps, person, form, { provenByGovbr: action.govbr });
        if (made.ok && made.data.establishmentRequest) {
          this.requests.push(made.data.establishmentRequest);
        }
        if (made.ok) this.requests.push(made.data.id);
        return made;
      }
      case "askComputer": {
        const form = { cnes, label: "PAT-1", place: "Sala", replaces: action.replaces ?? "" };
        const made = await askForComputer(deps, person, action.key, form);
        if (made.ok) this.requests.push(made.data.id);
        return made;
      }
      case "cancel":
        return await cancelRequest(deps, person, this.#at(action.back));
      case "removeComputer":
        return await removeComputer(deps, actor, { ...member, thumbprint: action.key });
      case "changeProfile": {
        const change = { ...member, profile: action.profile, justification: "Rodízio" };
        return await changeProfile(deps, actor, change);
      }
      case "endMembership":
        return await endMembership(deps, actor, { ...member, reason: "Saiu" });
    }
    // The page would not be there.
    if (!represents) return { ok: false, code: "no_representative" };
    switch (action.do) {
      case "appoint":
        return await makeAdministrator(deps, person, represents, other, cnes);
      case "switchTie":
        return await setUserActive(deps, person, operadora!, other, action.active);
      case "bind":
        return await bindEstablishment(deps, person, represents, cnes);
    }
    return await unbindEstablishment(deps, person, represents, cnes);
  }

  #at(back: number): string {
    return this.requests[numberOf(back, this.requests.length)]!;
  }

  /** The end of a first access: the person is who CADOP named when it began. */
  #firstAccess({ by, certificate }: Extract<Action, { do: "firstAccess" }>) {
    const { deps } = this;
    const cnpj = CNPJ[certificate];
    const shown = { ...fixtures.certificate(deps, cnpj), operadora: cnpj };
    const person = { ...PERSON[by], certificate: shown };
    return transact(deps.kv, (tx) => bindRepresentative(deps, tx, person));
  }

  async #happen(action: FromOutside): Promise<Result<unknown>> {
    const { deps } = this;
    if (action.do === "switchPerson") {
      const person = await personOf(deps, PERSON[action.of]);
      await deps.kv.set(keys.person(person.cpf), { ...person, active: action.active });
    } else if (action.do === "importCnes") {
      Object.assign(this.#cnes[action.place], action.change);
      await this.#importPlaces();
    } else if (action.do === "importCadop") {
      this.#cadop[action.company] = action.names;
      await fixtures.importEdition(deps, {
        [ALFA]: { Representante: PERSON[this.#cadop.alfa].name.toUpperCase() },
        [BETA]: { Representante: PERSON[this.#cadop.beta].name.toUpperCase() },
      });
    } else {
      deps.advance(action.count * DAY);
      while (await runAlarms(deps) > 0);
    }
    return accept(null);
  }

  /** A new edition of the CNES, with one more establishment that nobody has to do with. */
  async #importPlaces(): Promise<void> {
    const rows = PLACES.filter((place) => this.#cnes[place].listed).map((place) => {
      const { active, director, cnpj } = this.#cnes[place];
      const directorCpf = director && PERSON[director].cpf;
      return { cnes: CNES[place], cnpj: cnpj && CNPJ[cnpj], directorCpf, active };
    });
    await seedEstablishments(this.deps, [{ cnes: "0000099" }, ...rows], { whole: true });
  }
}

type Entries = readonly Deno.KvEntry<unknown>[];

/** The town as it begins, built once and then copied into an empty store each time. */
export async function buildTown(): Promise<Entries> {
  using deps = await testDeps();
  const town = new PortalTown(deps);
  await town.act({ do: "importCadop", company: "alfa", names: BEGINNING.cadop.alfa });
  await town.act({ do: "importCnes", place: "first", change: {} });
  for (const name of PEOPLE) {
    const declared = (BEGINNING.declared as readonly Name[]).includes(name);
    await (declared ? fixtures.selfRegister : fixtures.seedPerson)(deps, PERSON[name]);
  }
  for (const certificate of COMPANIES) {
    const by = BEGINNING.cadop[certificate];
    await town.act({ do: "firstAccess", by, certificate });
  }
  for (const [name, companies] of Object.entries(BEGINNING.ties)) {
    for (const one of companies) await fixtures.seedTie(deps, PERSON[name as Name], CNPJ[one]);
  }
  const by = (await personOf(deps, rosa)).id;
  for (const { of, place, profile } of BEGINNING.members) {
    const { cpf } = PERSON[of];
    // Without the requests that led to it: of these the model knows nothing.
    const membership = { cnes: CNES[place], cpf, profile, since: deps.now(), by };
    await transact(deps.kv, (tx) => setMembership(tx, membership));
  }
  return await Array.fromAsync(deps.kv.list({ prefix: [] }));
}

export async function openTown(entries: Entries): Promise<TestDeps> {
  const deps = await testDeps();
  const atomic = deps.kv.atomic();
  for (const { key, value } of entries) atomic.set(key, value);
  await atomic.commit();
  return deps;
}
