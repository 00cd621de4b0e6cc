import { loadCaller } from "@/core/access/caller.ts";
import { bindEstablishment, unbindEstablishment } from "@/core/access/establishments.ts";
import * as memberships from "@/core/access/change_membership.ts";
import { removeComputer } from "@/core/access/computers.ts";
import { setMembership } from "@/core/access/membership.ts";
import { runAlarms } from "@/core/access/requests/alarms.ts";
import { cancelRequest } from "@/core/access/requests/create.ts";
import { setUserActive } from "@/core/access/users/deactivate_user.ts";
import { bindRepresentative } from "@/core/onboarding/first_access/bind_representative.ts";
import { accept, type Result } from "@/core/result.ts";
import { keys } from "@/core/store/keys.ts";
import { transact } from "@/core/store/transact.ts";
import * as fixtures from "@/tests/fixtures/mod.ts";
import type { TestDeps } from "@/tests/fixtures/mod.ts";
import { type Action, BEGINNING, type CnesChange, COMPANIES, type Company } from "./actions.ts";
import { type Name, numberOf, PEOPLE, type Place, PLACES } from "./actions.ts";

const { ALFA, BETA, caio, certificate, idOf, ivo, lia, nair, personOf, rosa, testDeps, zeca } =
  fixtures;
/** What the actions' names stand for. */
export const PERSON = { rosa, ivo, nair, lia, caio, zeca };
export const CNPJ = { alfa: ALFA, beta: BETA };
export const CNES = { first: "0000001", second: "0000002", third: "0000003" };

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
    return fixtures.codeOf(await ("by" in action ? this.#try(action) : this.#happen(action)));
  }

  async #try(action: Extract<Action, { by: Name }>): Promise<Result<unknown>> {
    const { deps, requests } = this;
    const by = PERSON[action.by];
    if (action.do === "firstAccess") {
      // Its end: the person is who CADOP named when it began.
      const cnpj = CNPJ[action.certificate];
      const shown = {
        person: await personOf(deps, by),
        name: by.name,
        certificate: { ...certificate(deps, cnpj), operadora: cnpj },
      };
      return await transact(deps.kv, (tx) => bindRepresentative(deps, tx, shown));
    }
    const company = "certificate" in action && action.certificate;
    const powers = company ? { represents: CNPJ[company] } : {};
    const caller = await loadCaller(deps, await fixtures.seedSession(deps, by, powers));
    const represents = caller?.isRepresentative ? caller.operadora!.cnpj : null;
    const request = "back" in action ? requests[numberOf(action.back, requests.length)]! : "";
    if (action.do === "decide" && (caller || action.via === "telegram")) {
      const decide = action.outcome === "aprovada" ? fixtures.approve : fixtures.reject;
      return await decide(deps, request, by, { represents, via: action.via });
    }
    if (!caller) return { ok: false, code: "logged_out" };
    const { person, operadora } = caller;
    const standing = caller.session.state;
    const actor = { account: person.id, represents, standing };
    const cnes = "place" in action ? CNES[action.place] : "";
    const other = "of" in action ? await personOf(deps, PERSON[action.of]) : person;
    const member = { cnes, account: other.id };
    switch (action.do) {
      case "ask": {
        const proof = { cnes, provenByGovbr: action.govbr };
        const made = await fixtures.ask(deps, by, action.profile, proof);
        if (!made.ok) return made;
        const { establishmentRequest: first, id } = made.data;
        requests.push(...first ? [first, id] : [id]);
        return made;
      }
      case "askComputer": {
        const how = { cnes, replaces: action.replaces ?? "" };
        const made = await fixtures.askComputer(deps, by, action.key, how);
        if (made.ok) requests.push(made.data.id);
        return made;
      }
      case "cancel":
        return await cancelRequest(deps, person, request);
      case "removeComputer":
        return await removeComputer(deps, actor, { ...member, thumbprint: action.key });
      case "changeProfile": {
        const change = { ...member, profile: action.profile, justification: "Rodízio" };
        return await memberships.changeProfile(deps, actor, change);
      }
      case "endMembership":
        return await memberships.endMembership(deps, actor, { ...member, reason: "Saiu" });
    }
    // The page would not be there.
    if (!represents) return { ok: false, code: "no_representative" };
    switch (action.do) {
      case "appoint":
        return await memberships.makeAdministrator(deps, person, represents, other, cnes);
      case "switchTie":
        return await setUserActive(deps, person, operadora!, other, action.active);
      case "bind":
        return await bindEstablishment(deps, person, represents, cnes);
    }
    return await unbindEstablishment(deps, person, represents, cnes);
  }

  async #happen(action: Exclude<Action, { by: Name }>): Promise<Result<unknown>> {
    const { deps } = this;
    if (action.do === "switchPerson") {
      const person = await personOf(deps, PERSON[action.of]);
      await deps.kv.set(keys.account(person.id), { ...person, active: action.active });
    } else if (action.do === "importCnes") {
      Object.assign(this.#cnes[action.place], action.change);
      const rows = PLACES.filter((place) => this.#cnes[place].listed).map((place) => {
        const { active, director, cnpj } = this.#cnes[place];
        const directorCpf = director && PERSON[director].cpf;
        return { cnes: CNES[place], cnpj: cnpj && CNPJ[cnpj], directorCpf, active };
      });
      // With one more establishment that nobody has to do with.
      await fixtures.seedEstablishments(deps, [{ cnes: "0000099" }, ...rows], { whole: true });
    } else if (action.do === "importCadop") {
      this.#cadop[action.company] = action.names;
      await fixtures.importEdition(deps, {
        [ALFA]: { Representante: PERSON[this.#cadop.alfa].name.toUpperCase() },
        [BETA]: { Representante: PERSON[this.#cadop.beta].name.toUpperCase() },
      });
    } else {
      deps.advance(action.count * fixtures.DAY);
      while (await runAlarms(deps) > 0);
    }
    return accept(null);
  }
}

/** The town as it begins, built once and then copied into an empty store each time. */
export async function buildTown() {
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
    const account = await idOf(deps, PERSON[of]);
    // Without the requests that led to it: of these the model knows nothing.
    const membership = {
      ...{ cnes: CNES[place], account, profile, since: deps.now(), by },
      ...{ mailbox: PERSON[of].email, origin: { kind: "approved", by } as const },
    };
    await transact(deps.kv, (tx) => setMembership(tx, membership));
  }
  return await Array.fromAsync(deps.kv.list({ prefix: [] }));
}

export async function openTown(entries: Deno.KvEntry<unknown>[]): Promise<TestDeps> {
  const deps = await testDeps();
  const sets = entries.map(({ key, value }) => ({ type: "set", key, value }) as const);
  await deps.kv.atomic().mutate(...sets).commit();
  return deps;
}
