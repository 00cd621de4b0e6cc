import { UNLIMITED } from "@/tests/fixtures/people.ts";
import { keys } from "../store/keys.ts";
import { assert, assertEquals } from "@std/assert";
import { changeProfile, endMembership, tidy } from "./change_membership.ts";
import {
  ALFA,
  approve,
  ask,
  BETA,
  caio,
  CNES,
  codeOf,
  deactivate,
  eventsOf,
  idOf,
  interrupted,
  ivo,
  lia,
  longAgo,
  mailsTo,
  MINUTE,
  must,
  nair,
  rosa,
  SECOND_CNES,
  seedEstablishment,
  seedMember,
  seedVisitor,
  seedWorld,
  soundLog,
  type TestPerson,
  zeca,
} from "@/tests/fixtures/mod.ts";
import { getMembership, listAdministrators, listChanges } from "./membership.ts";

type World = Awaited<ReturnType<typeof seedWorld>>;

async function operador(): Promise<World> {
  const deps = await seedWorld();
  await longAgo(deps, async () => {
    must(await approve(deps, must(await ask(deps, zeca)).id, lia));
  });
  return deps;
}

type Change = Partial<{ cnes: string; profile: string; justification: string; represents: string }>;

async function change(deps: Parameters<typeof changeProfile>[0], by: TestPerson, {
  of = zeca,
  represents,
  ...more
}: Change & { of?: TestPerson } = {}) {
  return await changeProfile(deps, {
    account: await idOf(deps, by),
    represents,
    standing: UNLIMITED,
  }, {
    cnes: CNES,
    account: await idOf(deps, of),
    profile: "CONSULTADOR",
    justification: "Só consulta agora",
    ...more,
  });
}

const profileOf = async (deps: World) =>
  (await getMembership(deps, CNES, await idOf(deps, zeca)))?.profile;

Deno.test("no change without a profile of the list and a justification", async () => {
  using deps = await operador();
  for (const profile of ["ADMINISTRADOR", "operador", "", "constructor"]) {
    assertEquals(codeOf(await change(deps, lia, { profile })), "profile_unknown", profile);
  }
  for (const justification of ["", "  \n\t ", "ab", "\u0000\u0000\u0000", "a".repeat(501)]) {
    assertEquals(codeOf(await change(deps, lia, { justification })), "justification_missing");
  }
  assertEquals(await profileOf(deps), "OPERADOR");
  assertEquals(await eventsOf(deps), []);
});

Deno.test("who may not: strangers, members, administrators elsewhere, other representatives, the gone", async () => {
  using deps = await operador();
  await seedMember(deps, ivo, "OPERADOR");
  await deactivate(deps, caio);
  const refused: [TestPerson, Change][] = [
    [nair, {}],
    [ivo, {}],
    [zeca, {}],
    [rosa, {}],
    [caio, {}],
    [rosa, { represents: BETA }],
    [ivo, { represents: BETA }],
    [lia, { cnes: SECOND_CNES }],
    [lia, { cnes: "7777777" }],
  ];
  for (const [by, choices] of refused) {
    assertEquals(codeOf(await change(deps, by, choices)), "not_allowed", by.name);
  }
  await seedEstablishment(deps, { cnpjMantenedora: null });
  assertEquals(codeOf(await change(deps, rosa, { represents: ALFA })), "not_allowed");
  assertEquals(await profileOf(deps), "OPERADOR");
});

Deno.test("an administrator touches no ADMINISTRADOR, nobody themselves", async () => {
  using deps = await operador();
  assertEquals(
    codeOf(await change(deps, lia, { of: caio })),
    "administrator_by_representative",
  );
  assertEquals(codeOf(await change(deps, lia, { of: lia })), "member_own");
  must(await approve(deps, must(await ask(deps, rosa)).id, lia));
  const own = { of: rosa, represents: ALFA };
  assertEquals(codeOf(await change(deps, rosa, own)), "member_own");
});

Deno.test("what is no change: no member, ended, no profile yet, the same profile", async () => {
  using deps = await operador();
  assertEquals(codeOf(await change(deps, lia, { of: nair })), "member_not_found");
  assertEquals(codeOf(await change(deps, lia, { profile: "OPERADOR" })), "profile_same");
  const end = { cnes: CNES, account: await idOf(deps, zeca), reason: "Saiu" };
  must(await endMembership(deps, { account: await idOf(deps, lia), standing: UNLIMITED }, end));
  await seedVisitor(deps, zeca, lia);
  assertEquals(codeOf(await change(deps, lia)), "profile_first");
  await deps.kv.delete(keys.membership(CNES, await idOf(deps, zeca)));
  must(await ask(deps, zeca));
  assertEquals(codeOf(await change(deps, lia)), "member_not_found");
});

Deno.test("changed: it holds, what was before is kept, the person reads why, the log tells no words", async () => {
  using deps = await operador();
  const before = (await getMembership(deps, CNES, await idOf(deps, zeca)))!;
  deps.advance(MINUTE);
  const justification = ` Só consulta,\n conforme ${zeca.cpf} `;
  const after = must(await change(deps, lia, { justification }));
  assertEquals([after.profile, after.since], ["CONSULTADOR", deps.now()]);
  assertEquals(after.justification, `Só consulta, conforme ${zeca.cpf}`);
  assertEquals(await listChanges(deps, CNES, await idOf(deps, zeca)), [{ at: deps.now(), before }]);
  deps.advance(MINUTE);
  must(await change(deps, caio, { profile: "CADASTRADOR" }));
  const profiles = (await listChanges(deps, CNES, await idOf(deps, zeca))).map(({ before }) =>
    before.profile
  );
  assertEquals(profiles, ["CONSULTADOR", "OPERADOR"], "newest first");
  const mails = await mailsTo(deps, zeca.email);
  assertEquals(mails.map(({ subject }) => subject), Array(2).fill("Seu perfil foi alterado"));
  assert(mails.some(({ text }) => text.includes("Justificativa: Só consulta, conforme")));
  const [record] = await soundLog(deps);
  assertEquals(record?.detail, { before: "OPERADOR", after: "CONSULTADOR" });
});

Deno.test("the representative takes ADMINISTRADOR away: no administrator from then on", async () => {
  using deps = await seedWorld();
  must(await change(deps, rosa, { of: caio, represents: ALFA, profile: "OPERADOR" }));
  assertEquals((await listAdministrators(deps, CNES)).map(({ cpf }) => cpf), [lia.cpf]);
  await seedMember(deps, zeca, "OPERADOR");
  assertEquals(codeOf(await change(deps, caio)), "not_allowed");
});

Deno.test("taken from the administrator in the very moment of their change: nothing is changed", async () => {
  using deps = await operador();
  const meanwhile = interrupted(deps, 1, () => seedMember(deps, lia, "OPERADOR"));
  assertEquals(codeOf(await change(meanwhile, lia)), "not_allowed");
  assertEquals(await profileOf(deps), "OPERADOR");
});

Deno.test("two administrators change at once: both on record, the later one from the earlier one's", async () => {
  using deps = await operador();
  const meanwhile = interrupted(deps, 1, async () => must(await change(deps, caio)));
  must(await change(meanwhile, lia, { profile: "CADASTRADOR" }));
  const befores = (await listChanges(deps, CNES, await idOf(deps, zeca))).map(({ before }) =>
    before.profile
  );
  assertEquals(befores.sort(), ["CONSULTADOR", "OPERADOR"]);
  assertEquals((await soundLog(deps)).at(-1)?.detail.before, "CONSULTADOR");
  assertEquals(codeOf(await change(deps, lia, { profile: "CADASTRADOR" })), "profile_same");
});

Deno.test("words are tidied: blanks, letters of two marks, ends", () => {
  assertEquals(tidy("  a \n\u0007 b "), "a b");
  assertEquals(tidy("e\u0301te"), "éte");
  assertEquals([tidy("ab"), tidy("a".repeat(500)).length, tidy("a".repeat(501))], ["", 500, ""]);
});
