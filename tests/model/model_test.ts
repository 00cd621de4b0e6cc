import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { keys } from "@/core/store/keys.ts";
import type { AccountId } from "@/core/store/records/account.ts";
import { idOf } from "@/tests/fixtures/mod.ts";
import { type Action, ACTION_NAMES } from "./actions.ts";
import { compare } from "./compare.ts";
import { findFaults } from "./invariants.ts";
import { Model } from "./model.ts";
import { PortalTown } from "./town.ts";
import { playSequences } from "./run.ts";
import { buildTown, CNES, openTown, PERSON } from "./town.ts";

const entries = await buildTown();

Deno.test("200 random sequences of requests, decisions and imports: as the model has it", async () => {
  const { counts, difference } = await playSequences({ count: 200, seed: 20261103 });
  assertEquals(difference, null);
  // Each action was tried with success, and each but what comes from outside without.
  for (const name of ACTION_NAMES) {
    const { ok = 0, ...refused } = counts[name] ?? {};
    assert(ok > 0, `${name} was never accepted`);
    const outside = ["days", "importCadop", "importCnes", "switchPerson"].includes(name);
    assertEquals(Object.keys(refused).length === 0, outside, `${name} was never refused`);
  }
});

Deno.test("what seldom meets: appointed and changed while requests wait, all ended in one commit", async () => {
  using deps = await openTown(entries);
  const [model, town] = [new Model(), new PortalTown(deps)];
  const rosa = { by: "rosa", certificate: "alfa" } as const;
  const zeca = { of: "zeca", place: "first" } as const;
  const approval = { outcome: "aprovada", via: "portal", by: "lia", certificate: null } as const;
  const answers: string[] = [];
  for (
    const action of [
      { do: "ask", by: "zeca", place: "first", profile: "OPERADOR", govbr: false },
      { do: "appoint", ...zeca, ...rosa },
      { do: "askComputer", by: "zeca", place: "first", key: "a", replaces: null },
      { do: "changeProfile", ...zeca, profile: "CONSULTADOR", ...rosa },
      { do: "decide", back: 1, ...approval },
      { do: "decide", back: 2, ...approval },
      { do: "endMembership", ...zeca, ...rosa },
    ] satisfies Action[]
  ) {
    answers.push(model.act(action));
    assertEquals(await town.act(action), answers.at(-1), action.do);
    await compare(model, town);
  }
  assertEquals(answers, [
    ...Array(4).fill("ok"),
    ...Array(2).fill("member_has_profile"),
    "ok",
  ]);
  assertEquals(await findFaults(deps), []);
});

Deno.test("a rule that differs is found, with the short sequence that shows it", async () => {
  const cancelsForAll = { cancel: () => undefined };
  const { difference } = await playSequences({ count: 200, seed: 1, change: cancelsForAll });
  assertMatch(difference!, /Counterexample: \[.*cancel\(/);
});

Deno.test("a state that differs is found, whatever was answered", async () => {
  using deps = await openTown(entries);
  const town = new PortalTown(deps);
  const model = new Model();
  await compare(model, town);
  const request: Action = {
    do: "ask",
    by: "zeca",
    place: "first",
    profile: "OPERADOR",
    govbr: false,
  };
  assertEquals([model.act(request), await town.act(request)], ["ok", "ok"]);
  await compare(model, town);
  model.requests[1]!.state = "expirada";
  await assertRejects(() => compare(model, town));
});

Deno.test("a broken store is found: indexes, alarms, computers, the chain, a CPF in the log", async () => {
  const { cpf } = PERSON.lia;
  const breaks: [string, (kv: Deno.Kv, lia: AccountId, zeca: AccountId) => Promise<unknown>][] = [
    ["administrator", (kv, _, zeca) => kv.set(keys.administrator(CNES.first, zeca), 1)],
    ["administrator", (kv, lia) => kv.delete(keys.administrator(CNES.first, lia))],
    ["request_pending", (kv) => kv.set(keys.requestPending(CNES.first, "x"), 1)],
    ["request_open", (kv, lia) => kv.set(keys.requestOpen(lia, CNES.first, "perfil"), "x")],
    ["a computer of", (kv, _, zeca) => kv.set(keys.computer(CNES.first, zeca, "a"), {})],
    ["the chain of", (kv) => kv.set(keys.audit(CNES.first, 1), { subject: "x" })],
    ["a CPF in", (kv) => kv.set(keys.audit(CNES.first, 1), { subject: cpf })],
  ];
  for (const [fault, damage] of breaks) {
    using deps = await openTown(entries);
    assertEquals(await findFaults(deps), []);
    await damage(deps.kv, await idOf(deps, PERSON.lia), await idOf(deps, PERSON.zeca));
    assert((await findFaults(deps)).some((one) => one.startsWith(fault)), fault);
  }
});
