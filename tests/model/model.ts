import {
  type Action,
  BEGINNING,
  type CnesChange,
  type Company,
  type Key,
  type Name,
  numberOf,
  PEOPLE,
  type Place,
  PLACES,
  type ProfileName,
} from "./actions.ts";

type State = "pendente" | "aprovada" | "reprovada" | "cancelada" | "expirada";
type StepName = "estabelecimento" | "perfil" | "computador";

export interface ModelRequest {
  step: StepName;
  by: Name;
  place: Place;
  profile: ProfileName;
  state: State;
  toAdministrators: boolean;
  /** The company whose representative finds it; undefined when it is none of theirs to decide. */
  toRepresentative: Company | null | undefined;
  /** Number of the request that was made together with it. */
  other: number | null;
  key: Key | null;
  replaces: Key | null;
  made: number;
  /** How many reminders there were: after one day, after three. */
  reminders: number;
}

export interface ModelMember {
  profile: ProfileName | null;
  ended: boolean;
  computers: Set<Key>;
  /** How many times it was something else before. */
  changes: number;
}

type Of<D extends Action["do"]> = Extract<Action, { do: D }>;
type Acting = { by: Name; certificate: Company | null };

const DAY = 24 * 60 * 60_000;

/** The rules of the SGOP as a person would play them on paper: maps, and no store. */
export class Model {
  readonly requests: ModelRequest[] = [];
  readonly #members = new Map<string, ModelMember>();
  readonly #inactive = new Set<Name>();
  readonly #cnes: Record<Place, Required<CnesChange>> = structuredClone(BEGINNING.cnes);
  readonly #cadop: Record<Company, Name> = { ...BEGINNING.cadop };
  readonly #bound: Record<Company, Name> = { ...BEGINNING.cadop };
  readonly #bindings = new Map<Place, Company>();
  readonly #ties = new Map<string, boolean>();
  #now = 0;

  constructor() {
    for (const { of, place, profile } of BEGINNING.members) {
      this.#members.set(`${of} ${place}`, newMember(profile));
    }
    for (const [name, companies] of Object.entries(BEGINNING.ties)) {
      for (const company of companies) this.#ties.set(`${name} ${company}`, true);
    }
  }

  /** Can this happen at all? */
  can(action: Action): boolean {
    return !("back" in action) || this.requests.length > 0;
  }

  /** Lets it happen. @returns `ok`, or why not */
  act(action: Action): string {
    this.#now++;
    // What one does oneself at the portal, one does logged in.
    const atPortal = "by" in action && (action.do !== "decide" || action.via === "portal");
    if (atPortal && action.do !== "firstAccess" && this.#inactive.has(action.by)) {
      return "logged_out";
    }
    // deno-lint-ignore no-explicit-any
    return (this as any)[action.do](action) ?? "ok";
  }

  // Steps of who asks

  ask({ by, place, profile, govbr }: Of<"ask">): string | void {
    const closed = this.#closed(place);
    if (closed) return closed;
    if (this.#open(by, place, "perfil")) return "request_already_pending";
    const before = this.member(by, place);
    const inside = before !== undefined && !before.ended;
    if (inside && before.profile) return "already_member";
    const company = this.companyOf(place);
    // Who came last with its certificate the company answers for, as for those it has registered.
    const known = govbr || this.isTied(by, company) && !this.#declared(by) ||
      company !== null && this.#bound[company] === by;
    const director = this.#cnes[place].director === by && known;
    const administrator = profile === "ADMINISTRADOR";
    const atOnce = administrator && director && !before;
    if (administrator && !atOnce && !company) return "establishment_without_operadora";
    const draft: ModelRequest = {
      step: "perfil",
      by,
      place,
      profile,
      state: atOnce ? "aprovada" : "pendente",
      toAdministrators: !administrator,
      toRepresentative: administrator ? company : undefined,
      other: null,
      key: null,
      replaces: null,
      made: this.#now,
      reminders: 0,
    };
    if (!inside) {
      const number = this.requests.length;
      this.requests.push({ ...draft, step: "estabelecimento", other: number + 1 });
      this.requests.push({ ...draft, other: number });
    } else this.requests.push(draft);
    if (atOnce) this.#members.set(`${by} ${place}`, newMember(profile));
  }

  askComputer({ by, place, key, replaces }: Of<"askComputer">): string | void {
    if (!key) return "computer_not_proven";
    const closed = this.#closed(place);
    if (closed) return closed;
    const member = this.member(by, place);
    if (!member || member.ended || !member.profile) return "profile_first";
    if (this.#open(by, place, "computador")) return "computer_already_pending";
    if (member.computers.has(key)) return "computer_already_approved";
    if (replaces && !member.computers.has(replaces)) return "computer_unknown";
    const powerful = member.profile === "ADMINISTRADOR";
    this.requests.push({
      step: "computador",
      by,
      place,
      profile: member.profile,
      state: "pendente",
      toAdministrators: true,
      toRepresentative: powerful ? this.companyOf(place) : undefined,
      other: null,
      key,
      replaces,
      made: this.#now,
      reminders: 0,
    });
  }

  cancel({ by, back }: Of<"cancel">): string | void {
    const request = this.#at(back);
    if (request.by !== by || request.step === "estabelecimento") return "request_not_found";
    if (request.state !== "pendente") return "request_not_pending";
    this.#end(request, "cancelada");
  }

  // Decisions

  decide(action: Of<"decide">): string | void {
    const asked = this.#at(action.back);
    const approves = action.outcome === "aprovada";
    const both = asked.step === "estabelecimento" && !approves;
    const request = both ? this.requests[asked.other!]! : asked;
    const refusal = this.#whyNotDecide(asked, action) ?? this.#whyNotDecide(request, action) ??
      (approves ? this.#whyNotApprove(request, action.via) : undefined);
    if (refusal) return refusal;
    if (approves && request.step === "estabelecimento") request.state = "aprovada";
    else this.#end(request, action.outcome);
    if (approves) this.#grant(request);
  }

  #whyNotDecide(request: ModelRequest, action: Of<"decide">): string | undefined {
    const { by, via } = action;
    const { administers, represents } = this.#powers(action, request.place);
    const mine = request.toAdministrators && administers;
    const theirs = request.toRepresentative !== undefined && represents && via === "portal";
    if (!mine && !theirs) {
      if (!administers) return "not_allowed";
      return via === "portal" ? "representative_decides" : "administrator_on_site";
    }
    if (request.by === by) return "request_own";
    switch (request.state) {
      case "pendente":
        return undefined;
      case "expirada":
        return "request_expired";
      case "cancelada":
        return "request_cancelled";
      default:
        return "request_already_decided";
    }
  }

  #whyNotApprove({ step, by, place, profile }: ModelRequest, via: string): string | undefined {
    if (this.#closed(place)) return "establishment_inactive";
    const member = this.member(by, place);
    const held = member && !member.ended ? member.profile : null;
    if (step === "computador") return held ? undefined : "membership_ended";
    if (profile === "ADMINISTRADOR" && via === "telegram") return "administrator_on_site";
    if (!held) return undefined;
    return held === "ADMINISTRADOR" ? "already_administrator" : "member_has_profile";
  }

  #grant({ step, by, place, profile, key, replaces }: ModelRequest): void {
    const member = this.member(by, place);
    if (step === "computador") {
      if (replaces) member!.computers.delete(replaces);
      member!.computers.add(key!);
    } else this.#give(by, place, step === "perfil" ? profile : null);
  }

  // Members

  changeProfile({ of, place, profile, ...acting }: Of<"changeProfile">): string | void {
    if (profile === "ADMINISTRADOR") return "profile_unknown";
    const refusal = this.#whyNotManage(acting, of, place);
    if (refusal) return refusal;
    const { profile: before } = this.member(of, place)!;
    if (!before) return "profile_first";
    if (before === profile) return "profile_same";
    this.#give(of, place, profile);
  }

  endMembership({ of, place, ...acting }: Of<"endMembership">): string | void {
    const refusal = this.#whyNotManage(acting, of, place);
    if (refusal) return refusal;
    const member = this.member(of, place)!;
    member.ended = true;
    member.changes++;
    member.computers.clear();
    for (const step of ["perfil", "computador"] as const) {
      const request = this.#open(of, place, step);
      if (request) this.#end(request, "reprovada");
    }
  }

  removeComputer({ of, place, key, ...acting }: Of<"removeComputer">): string | void {
    const { administers, represents } = this.#powers(acting, place);
    if (acting.by !== of && !administers && !represents) return "not_allowed";
    if (!this.member(of, place)?.computers.delete(key)) return "computer_unknown";
  }

  #whyNotManage(acting: Acting, of: Name, place: Place): string | undefined {
    const { administers, represents } = this.#powers(acting, place);
    if (!administers && !represents) return "not_allowed";
    const member = this.member(of, place);
    if (!member || member.ended) return "member_not_found";
    if (acting.by === of) return "member_own";
    if (member.profile === "ADMINISTRADOR" && !represents) return "administrator_by_representative";
  }

  // The representative's own doings

  appoint({ of, place, ...acting }: Of<"appoint">): string | void {
    const { by, certificate } = acting;
    if (!certificate || !this.representsCompany(by, certificate)) return "no_representative";
    if (this.companyOf(place) !== certificate) return "establishment_not_found";
    if (this.#closed(place)) return "establishment_inactive";
    if (!this.isTied(of, certificate) || this.#inactive.has(of)) return "user_not_found";
    if (this.#administers(of, place)) return "already_administrator";
    this.#give(of, place, "ADMINISTRADOR");
  }

  switchTie({ of, active, by, certificate }: Of<"switchTie">): string | void {
    if (!certificate || !this.representsCompany(by, certificate)) return "no_representative";
    if (of === by) return "member_own";
    const tie = `${of} ${certificate}`;
    if (!this.#ties.has(tie)) return "user_not_found";
    if (this.#ties.get(tie) === active) return;
    if (!active) {
      for (const place of PLACES.filter((one) => this.companyOf(one) === certificate)) {
        const answer = this.endMembership({ do: "endMembership", of, place, by, certificate });
        if (answer && answer !== "member_not_found") return answer;
        if (!answer) continue;
        const waiting = this.#open(of, place, "perfil");
        if (waiting) this.#end(waiting, "reprovada");
      }
    }
    this.#ties.set(tie, active);
  }

  bind({ place, by, certificate }: Of<"bind">): string | void {
    if (!certificate || !this.representsCompany(by, certificate)) return "no_representative";
    if (!this.#cnes[place].listed) return "establishment_not_found";
    const company = this.companyOf(place);
    if (company) {
      return company === certificate ? "establishment_already_yours" : "establishment_of_other";
    }
    if (!this.#cnes[place].active) return "establishment_inactive";
    this.#bindings.set(place, certificate);
  }

  unbind({ place, by, certificate }: Of<"unbind">): string | void {
    if (!certificate || !this.representsCompany(by, certificate)) return "no_representative";
    if (this.companyOf(place) !== certificate) return "establishment_not_yours";
    if (this.#cnes[place].cnpj === certificate) return "establishment_bound_by_cnpj";
    this.#bindings.delete(place);
  }

  firstAccess({ by, certificate }: Of<"firstAccess">): string | void {
    const named = this.#cadop[certificate];
    if (named !== by) return "representative_changed";
    if (this.#bound[certificate] === named) return "representative_already_bound";
    this.#bound[certificate] = by;
    const tie = `${by} ${certificate}`;
    if (this.#ties.has(tie)) this.#ties.set(tie, true);
  }

  // What comes from outside

  switchPerson({ of, active }: Of<"switchPerson">): void {
    if (active) this.#inactive.delete(of);
    else this.#inactive.add(of);
  }

  importCnes({ place, change }: Of<"importCnes">): void {
    Object.assign(this.#cnes[place], change);
  }

  importCadop({ company, names }: Of<"importCadop">): void {
    this.#cadop[company] = names;
  }

  days({ count }: Of<"days">): void {
    this.#now += count * DAY;
    for (const request of this.requests) {
      if (request.state !== "pendente" || request.step === "estabelecimento") continue;
      const days = (this.#now - request.made) / DAY;
      // Once both reminders are out, a move of the place is noticed every day.
      let looks = request.reminders === 2;
      for (const due of [1, 3].slice(request.reminders)) {
        if (days < due) break;
        request.reminders++;
        looks = true;
      }
      if (looks && request.toRepresentative !== undefined) {
        request.toRepresentative = this.companyOf(request.place);
      }
      if (days >= 15) this.#end(request, "expirada");
    }
  }

  // What is so

  member(of: Name, place: Place): ModelMember | undefined {
    return this.#members.get(`${of} ${place}`);
  }

  companyOf(place: Place): Company | null {
    const { listed, cnpj } = this.#cnes[place];
    return listed ? cnpj ?? this.#bindings.get(place) ?? null : null;
  }

  isBoundByHand(place: Place): boolean {
    return !this.#cnes[place].cnpj && this.companyOf(place) !== null;
  }

  /** Whom CADOP names. */
  namedBy(company: Company): Name {
    return this.#cadop[company];
  }

  administrators(place: Place): Name[] {
    return PEOPLE.filter((name) => this.#administers(name, place));
  }

  isInactive(name: Name): boolean {
    return this.#inactive.has(name);
  }

  /** What waits for the representative of a company. */
  waitingFor(company: Company): ModelRequest[] {
    return this.requests.filter(({ state, step, place, toRepresentative }) =>
      state === "pendente" && step !== "estabelecimento" && toRepresentative === company &&
      this.companyOf(place) === company
    );
  }

  #administers(name: Name, place: Place): boolean {
    const member = this.member(name, place);
    return member?.profile === "ADMINISTRADOR" && !member.ended && !this.#inactive.has(name);
  }

  representsCompany(name: Name, company: Company): boolean {
    return this.#bound[company] === name && this.#cadop[company] === name &&
      !this.#inactive.has(name);
  }

  #powers({ by, certificate }: Acting, place: Place) {
    const represents = certificate !== null && certificate === this.companyOf(place) &&
      this.representsCompany(by, certificate);
    return { administers: this.#administers(by, place), represents };
  }

  #closed(place: Place): string | undefined {
    const { listed, active } = this.#cnes[place];
    if (!listed) return "establishment_not_found";
    return active ? undefined : "establishment_inactive";
  }

  isTied(name: Name, company: Company | null): boolean {
    return this.#ties.get(`${name} ${company}`) ?? false;
  }

  #declared(name: Name): boolean {
    return (BEGINNING.declared as readonly Name[]).includes(name);
  }

  #at(back: number): ModelRequest {
    return this.requests[numberOf(back, this.requests.length)]!;
  }

  #open(by: Name, place: Place, step: StepName): ModelRequest | undefined {
    return this.requests.find((one) =>
      one.by === by && one.place === place && one.step === step && one.state === "pendente"
    );
  }

  /** Ends a request that waits, and with a profile's the establishment's, if that waits too. */
  #end(request: ModelRequest, state: State): void {
    request.state = state;
    const other = request.other === null ? null : this.requests[request.other]!;
    if (other?.state === "pendente") other.state = state;
  }

  #give(of: Name, place: Place, profile: ProfileName | null): void {
    const member = this.member(of, place);
    if (!member) this.#members.set(`${of} ${place}`, newMember(profile));
    else {
      member.profile = profile;
      member.ended = false;
      member.changes++;
    }
  }
}

function newMember(profile: ProfileName | null): ModelMember {
  return { profile, ended: false, computers: new Set(), changes: 0 };
}
