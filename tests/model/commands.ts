import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { type Action, COMPANIES, KEYS, type Name, PEOPLE, PLACES } from "./actions.ts";
import { aim } from "./aim.ts";
import type { Model } from "./model.ts";
import type { PortalTown } from "./town.ts";

/** How often each answer was given: action -> answer -> times. */
export type Counts = Record<string, Record<string, number>>;

/** Lets one action happen in the model and in the portal; both have to answer the same. */
class Step implements fc.AsyncCommand<Model, PortalTown> {
  #played: Action;

  /** @param choice which of the possible actions to aim at; null: the action as it is */
  constructor(
    readonly action: Action,
    readonly choice: number | null,
    readonly counts: Counts,
  ) {
    this.#played = action;
  }

  check(model: Readonly<Model>): boolean {
    return model.can(this.action);
  }

  async run(model: Model, town: PortalTown): Promise<void> {
    const played = this.choice === null ? this.action : aim(this.action, model, this.choice);
    this.#played = played;
    const expected = model.act(played);
    const answer = await town.act(played);
    const counts = this.counts[played.do] ??= {};
    counts[answer] = (counts[answer] ?? 0) + 1;
    assertEquals({ portal: answer }, { portal: expected }, `after ${this}`);
  }

  toString(): string {
    const { do: what, ...how } = this.#played;
    const text = Object.entries(how).map(([name, value]) => `${name}: ${JSON.stringify(value)}`);
    return `${what}(${text.join(", ")})`;
  }
}

/** More often those who can do something, or there would be little but refusals. */
const anybody = fc.constantFrom<Name>(...PEOPLE, "lia", "lia", "zeca", "zeca", "caio");
const place = fc.constantFrom(...PLACES, "first" as const, "first" as const);
const key = fc.constantFrom(...KEYS);
const profile = fc.constantFrom(
  ...["ADMINISTRADOR", "OPERADOR", "CONSULTADOR", "CADASTRADOR"] as const,
);
/** Mostly the right person with the right certificate. */
const representative = fc.oneof(
  { weight: 4, arbitrary: fc.constant({ by: "rosa", certificate: "alfa" } as const) },
  { weight: 2, arbitrary: fc.constant({ by: "nair", certificate: "alfa" } as const) },
  { weight: 2, arbitrary: fc.constant({ by: "ivo", certificate: "beta" } as const) },
  { weight: 1, arbitrary: fc.record({ by: anybody, certificate: fc.constantFrom(...COMPANIES) }) },
);
const acting = fc.oneof(
  { weight: 3, arbitrary: fc.constant({ by: "lia", certificate: null } as const) },
  { weight: 3, arbitrary: fc.record({ by: anybody, certificate: fc.constant(null) }) },
  { weight: 3, arbitrary: representative },
);
const back = fc.nat(4);
const member = { of: anybody, place };

const change = fc.oneof(
  fc.record({ active: fc.boolean() }),
  ...Array(2).fill(fc.record({ active: fc.constant(true), listed: fc.constant(true) })),
  fc.record({ listed: fc.boolean() }),
  fc.record({ director: fc.option(anybody) }),
  fc.record({ cnpj: fc.option(fc.constantFrom(...COMPANIES)) }),
);

type Fields = Record<string, fc.Arbitrary<unknown>>;

/** An action with these fields, and those of who acts. */
function action(
  name: Action["do"],
  fields: Fields,
  who?: fc.Arbitrary<object>,
): fc.Arbitrary<Action> {
  const arbitrary = fc.tuple(fc.record(fields), who ?? fc.constant({}));
  return arbitrary.map(([how, by]) => ({ do: name, ...how, ...by }) as Action);
}

const ask = action("ask", { by: anybody, place, profile, govbr: fc.boolean() });
const decide = action("decide", {
  back,
  outcome: fc.constantFrom("aprovada", "aprovada", "reprovada"),
  via: fc.constantFrom("portal", "portal", "telegram"),
}, acting);
const askComputer = action("askComputer", {
  by: anybody,
  place,
  key: fc.option(key, { freq: 9 }),
  replaces: fc.oneof({ weight: 3, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: key }),
});

const ACTIONS: readonly fc.Arbitrary<Action>[] = [
  // As often as they stand here.
  ...Array(3).fill(ask),
  ...Array(5).fill(decide),
  ...Array(3).fill(askComputer),
  action("cancel", { by: anybody, back }),
  action("removeComputer", { ...member, key }, acting),
  action("changeProfile", { ...member, profile }, acting),
  action("changeProfile", { ...member, profile }, acting),
  action("removeComputer", { ...member, key }, acting),
  action("endMembership", member, acting),
  action("appoint", member, representative),
  action("switchTie", { of: anybody, active: fc.boolean() }, representative),
  action("bind", { place }, representative),
  action("unbind", { place }, representative),
  action("firstAccess", {}, representative),
  action("switchPerson", { of: anybody, active: fc.constantFrom(true, true, false) }),
  action("importCnes", { place, change }),
  action("importCadop", {
    company: fc.constantFrom("alfa", "alfa", "beta"),
    names: fc.constantFrom("rosa", "nair", "ivo"),
  }),
  action("days", { count: fc.constantFrom(1, 1, 1, 2, 3, 15) }),
];

/** A third of what is tried is tried blindly. */
const CHOICE = fc.option(fc.nat(99), { freq: 3 });

/** Sequences of up to `length` actions. */
export function sequences(length: number, counts: Counts) {
  const steps = ACTIONS.map((one) =>
    fc.tuple(one, CHOICE).map(([action, choice]) => new Step(action, choice, counts))
  );
  return fc.commands<Model, PortalTown, false>(steps, { maxCommands: length, size: "max" });
}
