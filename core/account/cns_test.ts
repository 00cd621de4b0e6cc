import { assert, assertEquals, assertRejects } from "@std/assert";
import { type CnsEntry, startCnsRegister } from "@/tools/dev/cns_register.ts";
import { syntheticCns } from "@/tools/sample/people.ts";
import type { CnsConfig, Config } from "../config/mod.ts";
import type { Deps } from "../deps.ts";
import { keys } from "../store/keys.ts";
import type { AccountId, PersonCns } from "../store/records/account.ts";
import {
  auditRecords,
  caio,
  codeOf,
  deactivate,
  GOVBR,
  idOf,
  lia,
  MINUTE,
  must,
  personOf,
  seedProof,
  testDeps,
  type TestPerson,
  zeca,
} from "@/tests/fixtures/mod.ts";
import { quietly } from "../signin/govbr/world_testing.ts";
import { createAccount } from "./account.ts";
import { consultCns, creditGovbr, declareCns, gradeCns, proveCns } from "./cns.ts";
import { lookUpCns } from "./cns_lookup.ts";
import { maskCns } from "../registry/numbers.ts";
import { transact } from "../store/transact.ts";

const NUMBER = syntheticCns(201);
const OTHER = syntheticCns(202);
const THIRD = syntheticCns(203);

const ENTRIES: readonly CnsEntry[] = [
  { cpf: lia.cpf, cns: NUMBER, quality: "alta" },
  { cpf: caio.cpf, cns: OTHER, quality: "baixa" },
];

/** Lia, Caio and Zeca are in; with a register the portal asks it. */
async function peopled(cns: CnsConfig | null, more: Partial<Config> = {}) {
  const deps = await testDeps({ cns, ...more });
  for (const { cpf, name, email } of [lia, caio, zeca]) {
    const fields = { cpf, name, email, password: null };
    await transact(deps.kv, (tx) => createAccount(deps, tx, fields));
  }
  return deps;
}

const holderOf = async (deps: Deps, cns: string) =>
  (await deps.kv.get<AccountId>(keys.accountByCns(cns))).value;

const declare = async (deps: Deps, who: TestPerson, typed: string) =>
  await declareCns(deps, await idOf(deps, who), typed);
const consult = async (deps: Deps, who: TestPerson) =>
  await consultCns(deps, await idOf(deps, who));

/** A register that answers what it is told to. */
function answering(answer: (request: Request) => Response | Promise<Response>) {
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, answer);
  return {
    config: { url: `http://127.0.0.1:${server.addr.port}/q`, token: "t" },
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

Deno.test("a declared number is kept as what it is, declared", async () => {
  using deps = await peopled(null);
  must(await declare(deps, lia, ` ${NUMBER.slice(0, 3)} ${NUMBER.slice(3)} `));
  const expected: PersonCns = {
    number: NUMBER,
    quality: "desconhecida",
    source: "declarado",
    at: deps.now(),
  };
  const person = await personOf(deps, lia);
  assertEquals(person.cns, expected);
  assertEquals(await holderOf(deps, NUMBER), null, "nobody's yet");
  const record = (await auditRecords(deps)).at(-1)!;
  assertEquals([record.event, record.subject], ["cns.declared", person.id]);
  assert(!JSON.stringify(record).includes(NUMBER));
});

Deno.test("what is no CNS is refused and changes nothing", async () => {
  using deps = await peopled(null);
  must(await declare(deps, lia, NUMBER));
  const before = await personOf(deps, lia);
  const wrong = ["", "123", NUMBER.slice(1), `${NUMBER}0`, `3${NUMBER.slice(1)}`, "letras"];
  const broken = NUMBER.slice(0, 14) + (Number(NUMBER[14]) + 1) % 10;
  for (const typed of [...wrong, broken]) {
    assertEquals(codeOf(await declare(deps, lia, typed)), "cns_invalid", typed);
  }
  assertEquals(await personOf(deps, lia), before);
});

Deno.test("a declared number is nobody's: it keeps it from no other, proved or not", async () => {
  using deps = await peopled(null, { govbr: GOVBR });
  must(await declare(deps, zeca, NUMBER));
  must(await declare(deps, caio, NUMBER));
  await seedProof(deps, lia);
  must(await declare(deps, lia, NUMBER));
  assertEquals(await holderOf(deps, NUMBER), await idOf(deps, lia));
  for (const who of [zeca, caio]) {
    const { cns } = await personOf(deps, who);
    assertEquals([cns?.number, cns?.source], [NUMBER, "declarado"]);
  }
  // Theirs goes without taking hers along.
  must(await declare(deps, caio, OTHER));
  assertEquals(await holderOf(deps, NUMBER), await idOf(deps, lia));
});

Deno.test("among proved accounts a number belongs to one; a corrected one is free again", async () => {
  using deps = await peopled(null, { govbr: GOVBR });
  for (const who of [lia, caio]) await seedProof(deps, who);
  must(await declare(deps, lia, NUMBER));
  assertEquals(codeOf(await declare(deps, caio, NUMBER)), "cns_taken");
  assertEquals((await personOf(deps, caio)).cns, undefined);
  must(await declare(deps, lia, OTHER));
  const holders = [await holderOf(deps, NUMBER), await holderOf(deps, OTHER)];
  assertEquals(holders, [null, await idOf(deps, lia)]);
  must(await declare(deps, caio, NUMBER));
});

Deno.test("of two proved accounts with one number at once one has it", async () => {
  using deps = await peopled(null, { govbr: GOVBR });
  for (const who of [lia, caio]) await seedProof(deps, who);
  const both = await Promise.all([lia, caio].map((who) => declare(deps, who, NUMBER)));
  assertEquals(both.map(codeOf).sort(), ["cns_taken", "ok"]);
});

Deno.test("the proof takes the declared number; a second account that proves it goes without", async () => {
  using deps = await peopled(null, { govbr: GOVBR });
  for (const who of [lia, caio]) must(await declare(deps, who, NUMBER));
  const prove = async (who: TestPerson) => {
    const proved = await seedProof(deps, who);
    return await transact(deps.kv, (tx) => proveCns(deps, tx, proved));
  };
  assertEquals((await prove(lia)).cns?.number, NUMBER);
  assertEquals(await holderOf(deps, NUMBER), await idOf(deps, lia));
  assertEquals((await prove(caio)).cns, undefined);
  // Whoever loses the proof loses the hold on the number with it.
  const { proof: _, govbr: __, ...fallen } = await personOf(deps, lia);
  await deps.kv.set(keys.account(fallen.id), { ...fallen, proof: null });
  must(await declare(deps, caio, OTHER));
  must(await declare(deps, caio, NUMBER));
  assertEquals(await holderOf(deps, NUMBER), await idOf(deps, caio));
});

Deno.test("ten numbers a day, and none of somebody deactivated", async () => {
  using deps = await peopled(null);
  const numbers = Array.from({ length: 11 }, (_, i) => syntheticCns(300 + i));
  const outcomes: string[] = [];
  for (const number of numbers) outcomes.push(codeOf(await declare(deps, lia, number)));
  assertEquals(outcomes, [...Array(10).fill("ok"), "too_many_attempts"]);
  await deactivate(deps, caio);
  assertEquals(codeOf(await declare(deps, caio, OTHER)), "session_ended");
});

Deno.test("the register's word is kept, with when it was given", async () => {
  const register = startCnsRegister(ENTRIES);
  using deps = await peopled(register.config);
  must(await declare(deps, lia, NUMBER));
  must(await declare(deps, caio, OTHER));
  const [high, low] = [
    must(await consult(deps, lia)),
    must(await consult(deps, caio)),
  ];
  assertEquals([high.quality, high.source], ["alta", "consulta"]);
  assertEquals([low.quality, low.source], ["baixa", "consulta"]);
  assertEquals((await personOf(deps, lia)).cns, high);
  assert(
    (await auditRecords(deps)).some(({ event, detail }) =>
      event === "cns.consulted" && detail.quality === "baixa"
    ),
  );
  // The same number given again is the same number: nothing is forgotten.
  must(await declare(deps, lia, NUMBER));
  assertEquals((await personOf(deps, lia)).cns, high);
  // Another one is another one.
  must(await declare(deps, lia, THIRD));
  assertEquals((await personOf(deps, lia)).cns?.quality, "desconhecida");
  const unknown = must(await consult(deps, lia));
  assertEquals([unknown.quality, unknown.source], ["desconhecida", "declarado"]);
  await register.close();
});

Deno.test("a register that is away, slow in its mind or talkative loses nothing", async (t) => {
  const good = { qualidade: "alta", consultadoEm: "2026-11-03T12:00:00Z" };
  const faults: [string, (request: Request) => Response][] = [
    ["500", () => new Response(null, { status: 500 })],
    ["401", () => new Response(null, { status: 401 })],
    ["not JSON", () => new Response("<html>")],
    ["null", () => Response.json(null)],
    ["an unknown quality", () => Response.json({ ...good, qualidade: "ótima" })],
    ["no date", () => Response.json({ qualidade: "alta" })],
    ["a date that is none", () => Response.json({ ...good, consultadoEm: "ontem" })],
    ["too much", () => Response.json({ ...good, mais: "x".repeat(8_000) })],
    ["another address", ({ url }) => Response.redirect(new URL("/outro", url))],
  ];
  for (const [name, answer] of faults) {
    await t.step(name, async () => {
      let followed = false;
      await using register = answering((request) => {
        if (request.url.endsWith("/outro")) followed = true;
        return followed ? Response.json(good) : answer(request);
      });
      using deps = await peopled(register.config);
      must(await declare(deps, lia, NUMBER));
      const before = await personOf(deps, lia);
      const outcome = await quietly(() => consult(deps, lia));
      assertEquals(codeOf(outcome), "cns_lookup_down");
      assertEquals(await personOf(deps, lia), before);
      assert(!followed);
    });
  }
  await t.step("nobody there", async () => {
    using deps = await peopled({ url: "http://127.0.0.1:9/", token: "t" });
    must(await declare(deps, lia, NUMBER));
    const outcome = await quietly(() => consult(deps, lia));
    assertEquals(codeOf(outcome), "cns_lookup_down");
  });
});

Deno.test("what a broken register echoes does not get into the log", async () => {
  await using register = answering(() => new Response(`CPF ${lia.cpf} ${lia.name}`));
  const asked = () => lookUpCns(register.config, lia.cpf, NUMBER, lia.name);
  assertEquals((await assertRejects(asked, Error)).message, "the register's answer is no JSON");
});

Deno.test("it is asked with the token, and the person is not in the address", async () => {
  let seen: { url: string; token: string | null; body: unknown } | null = null;
  await using register = answering(async (request) => {
    const token = request.headers.get("authorization");
    seen = { url: request.url, token, body: await request.json() };
    return new Response(null, { status: 404 });
  });
  assertEquals(await lookUpCns(register.config, lia.cpf, NUMBER, lia.name), null);
  const body = { cpf: lia.cpf, cns: NUMBER, nome: lia.name };
  assertEquals(seen as unknown, { url: register.config.url, token: "Bearer t", body });
});

Deno.test("without a register nobody is asked; without a number there is nothing to ask", async () => {
  assertEquals(await lookUpCns(null, lia.cpf, NUMBER, lia.name), null);
  using without = await peopled(null);
  assertEquals(codeOf(await consult(without, lia)), "cns_lookup_off");
  using deps = await peopled({ url: "http://127.0.0.1:9/", token: "t" });
  assertEquals(codeOf(await consult(deps, lia)), "cns_missing");
});

Deno.test("five times an hour", async () => {
  const register = startCnsRegister(ENTRIES);
  using deps = await peopled(register.config);
  must(await declare(deps, lia, NUMBER));
  for (let i = 0; i < 5; i++) must(await consult(deps, lia));
  assertEquals(codeOf(await consult(deps, lia)), "too_many_attempts");
  deps.advance(60 * MINUTE);
  must(await consult(deps, lia));
  await register.close();
});

Deno.test("an answer about a number that was corrected meanwhile is not kept", async () => {
  let correct = () => Promise.resolve();
  await using register = answering(async () => {
    await correct();
    return Response.json({ qualidade: "alta", consultadoEm: "2026-11-03T12:00:00Z" });
  });
  using deps = await peopled(register.config);
  must(await declare(deps, lia, NUMBER));
  correct = async () => void must(await declare(deps, lia, THIRD));
  assertEquals(codeOf(await consult(deps, lia)), "cns_missing");
  const { number, quality } = (await personOf(deps, lia)).cns!;
  assertEquals([number, quality], [THIRD, "desconhecida"]);
});

Deno.test("gov.br says who declared the number and never how good it is", () => {
  const at = (level: Parameters<typeof gradeCns>[1]["level"]) =>
    gradeCns(NUMBER, { answer: null, level, now: 1 });
  const sources = [null, "bronze", "silver", "gold"] as const;
  assertEquals(sources.map((level) => at(level).source), [
    "declarado",
    "declarado",
    "govbr",
    "govbr",
  ]);
  assert(sources.every((level) => at(level).quality === "desconhecida"));
  const low: PersonCns = { number: NUMBER, quality: "baixa", source: "consulta", at: 1 };
  assertEquals(creditGovbr(low, "gold", 2), low);
  assertEquals(creditGovbr(at(null), "bronze", 2), at(null));
  assertEquals(creditGovbr(at(null), "gold", 2), { ...at("gold"), at: 2 });
});

Deno.test("its owner knows it by its end", () => {
  assertEquals(maskCns(NUMBER), `*** **** **** ${NUMBER.slice(11)}`);
});
