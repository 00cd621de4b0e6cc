import { type Caller, loadCaller } from "@/core/access/caller.ts";
import { bindEstablishment, unbindEstablishment } from "@/core/access/establishments.ts";
import {
  changeProfile,
  endMembership,
  makeAdministrator,
} from "@/core/access/change_membership.ts";
import { removeComputer } from "@/core/access/computers.ts";
import { runAlarms } from "@/core/access/requests/alarms.ts";
import { cancelRequest, createRequest } from "@/core/access/requests/create.ts";
import { askForComputer } from "@/core/access/requests/computer.ts";
import { decideRequest } from "@/core/access/requests/decide.ts";
import { setUserActive } from "@/core/access/users/deactivate_user.ts";
import { bindRepresentative } from "@/core/onboarding/first_access/bind_representative.ts";
import type { Result } from "@/core/result.ts";
import { keys } from "@/core/store/keys.ts";
import type { ProfileRequest } from "@/core/store/records/access.ts";
import type { Person } from "@/core/store/records/account.ts";
import type { LoggedIn, SeenCertificate, Session } from "@/core/store/records/session.ts";
import { transact } from "@/core/store/transact.ts";
import {
  certificate,
  codeOf,
  DAY,
  importEdition,
  personOf,
  type TestDeps,
} from "@/tests/fixtures/mod.ts";
import { type Action, BEGINNING, type CnesChange, type Company, type Name } from "./actions.ts";
import { numberOf, type Place } from "./actions.ts";
import { CNES, CNPJ, importPlaces, PERSON } from "./town.ts";

type Of<D extends Action["do"]> = Extract<Action, { do: D }>;
type Answer = Promise<Result<unknown>>;

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
    if (!("by" in action) || action.do === "firstAccess") return await this.#happen(action, null);
    const company = "certificate" in action ? action.certificate : null;
    const caller = await loadCaller(this.deps, sessionOf(this.deps, action.by, company));
    const byChat = action.do === "decide" && action.via === "telegram";
    if (!caller && !byChat) return "logged_out";
    return await this.#happen(action, caller);
  }

  async #happen(action: Action, caller: Caller | null): Promise<string> {
    // deno-lint-ignore no-explicit-any
    const answer: Result<unknown> | void = await (this as any)[action.do](action, caller);
    return answer ? codeOf(answer) : "ok";
  }

  async ask({ place, profile, govbr }: Of<"ask">, { person }: Caller): Answer {
    const form = { cnes: CNES[place], profile };
    const made = await createRequest(this.deps, person, form, { provenByGovbr: govbr });
    if (made.ok) this.#remember(made.data);
    return made;
  }

  #remember({ id, establishmentRequest }: ProfileRequest): void {
    if (establishmentRequest) this.requests.push(establishmentRequest);
    this.requests.push(id);
  }

  async askComputer(
    { place, key, replaces }: Of<"askComputer">,
    { person }: Caller,
  ): Answer {
    const form = { cnes: CNES[place], label: "PAT-1", place: "Sala", replaces: replaces ?? "" };
    const made = await askForComputer(this.deps, person, key, form);
    if (made.ok) this.requests.push(made.data.id);
    return made;
  }

  cancel({ back }: Of<"cancel">, { person }: Caller): Answer {
    return cancelRequest(this.deps, person, this.#at(back));
  }

  decide({ by, back, outcome, via }: Of<"decide">, caller: Caller | null): Answer {
    return decideRequest(this.deps, {
      requestId: this.#at(back),
      outcome,
      reason: "Setor errado",
      by: PERSON[by].cpf,
      represents: represents(caller),
      via,
    });
  }

  removeComputer({ of, place, key }: Of<"removeComputer">, caller: Caller): Answer {
    const which = { cnes: CNES[place], cpf: PERSON[of].cpf, thumbprint: key };
    return removeComputer(this.deps, actor(caller), which);
  }

  changeProfile({ of, place, profile }: Of<"changeProfile">, caller: Caller): Answer {
    const change = { cnes: CNES[place], cpf: PERSON[of].cpf, profile, justification: "Rodízio" };
    return changeProfile(this.deps, actor(caller), change);
  }

  endMembership({ of, place }: Of<"endMembership">, caller: Caller): Answer {
    const whom = { cnes: CNES[place], cpf: PERSON[of].cpf, reason: "Saiu" };
    return endMembership(this.deps, actor(caller), whom);
  }

  async appoint({ of, place }: Of<"appoint">, caller: Caller): Answer {
    const cnpj = represents(caller);
    if (!cnpj) return STRANGER;
    return await makeAdministrator(
      this.deps,
      caller.person,
      cnpj,
      await this.#person(of),
      CNES[place],
    );
  }

  async switchTie({ of, active }: Of<"switchTie">, caller: Caller): Answer {
    if (!represents(caller)) return STRANGER;
    const { person, operadora } = caller;
    return await setUserActive(this.deps, person, operadora!, await this.#person(of), active);
  }

  async bind({ place }: Of<"bind">, caller: Caller): Answer {
    const cnpj = represents(caller);
    if (!cnpj) return STRANGER;
    return await bindEstablishment(this.deps, caller.person, cnpj, CNES[place]);
  }

  async unbind({ place }: Of<"unbind">, caller: Caller): Answer {
    const cnpj = represents(caller);
    if (!cnpj) return STRANGER;
    return await unbindEstablishment(this.deps, caller.person, cnpj, CNES[place]);
  }

  /** The end of a first access: the person is who CADOP named when it began. */
  async firstAccess({ by, certificate: company }: Of<"firstAccess">): Answer {
    const { cpf, name } = PERSON[by];
    return await transact(this.deps.kv, (tx) =>
      bindRepresentative(this.deps, tx, {
        cpf,
        name,
        certificate: seen(this.deps, company),
      }));
  }

  async switchPerson({ of, active }: Of<"switchPerson">): Promise<void> {
    const key = keys.person(PERSON[of].cpf);
    const { value } = await this.deps.kv.get<object>(key);
    await this.deps.kv.set(key, { ...value, active });
  }

  async importCnes({ place, change }: Of<"importCnes">): Promise<void> {
    Object.assign(this.#cnes[place], change);
    await importPlaces(this.deps, this.#cnes);
  }

  async importCadop({ company, names }: Of<"importCadop">): Promise<void> {
    this.#cadop[company] = names;
    await importEdition(this.deps, {
      [CNPJ.alfa]: { Representante: PERSON[this.#cadop.alfa].name.toUpperCase() },
      [CNPJ.beta]: { Representante: PERSON[this.#cadop.beta].name.toUpperCase() },
    });
  }

  async days({ count }: Of<"days">): Promise<void> {
    this.deps.advance(count * DAY);
    while (await runAlarms(this.deps) > 0);
  }

  #person(name: Name): Promise<Person> {
    return personOf(this.deps, PERSON[name]);
  }

  #at(back: number): string {
    return this.requests[numberOf(back, this.requests.length)]!;
  }
}

/** The page would not be there. */
const STRANGER = { ok: false, code: "no_representative" } as const;

function represents(caller: Caller | null): string | null {
  return caller?.isRepresentative ? caller.operadora!.cnpj : null;
}

function actor(caller: Caller) {
  return { cpf: caller.person.cpf, represents: represents(caller) };
}

function seen(deps: TestDeps, company: Company): SeenCertificate {
  const cnpj = CNPJ[company];
  return { ...certificate(deps, cnpj), operadora: cnpj };
}

/** A session as the login leaves it. */
function sessionOf(deps: TestDeps, by: Name, company: Company | null): Session<LoggedIn> {
  const now = deps.now();
  return {
    id: "session",
    createdAt: now,
    lastSeenAt: now,
    expiresAt: now + DAY,
    agent: "test",
    state: {
      kind: "person",
      cpf: PERSON[by].cpf,
      certificate: company && seen(deps, company),
      operadora: company && CNPJ[company],
      authenticatedAt: now,
    },
  };
}
