import { keys } from "../store/keys.ts";
import { assert, assertEquals } from "@std/assert";
import {
  ALFA,
  BETA,
  caio,
  CNES,
  codeOf,
  deactivate,
  interrupted,
  ivo,
  lia,
  mailsTo,
  MINUTE,
  must,
  nair,
  rosa,
  SECOND_CNES,
  type WorldPerson,
  zeca,
} from "../testing_world.ts";
import { changeProfile, tidy } from "./change_profile.ts";
import { getMembership, listAdministrators, listChanges } from "./membership.ts";
import { ask, eventsOf, join, rebuild, soundLog, town } from "./town_testing.ts";

type World = Awaited<ReturnType<typeof town>>;

async function operador(): Promise<World> {
  const portal = await town();
  await join(portal, zeca, "OPERADOR");
  return portal;
}

type Change = Partial<{ cnes: string; profile: string; justification: string; represents: string }>;

function change(portal: Parameters<typeof changeProfile>[0], by: WorldPerson, {
  of = zeca,
  represents,
  ...more
}: Change & { of?: WorldPerson } = {}) {
  return changeProfile(portal, { cpf: by.cpf, represents }, {
    cnes: CNES,
    cpf: of.cpf,
    profile: "CONSULTADOR",
    justification: "Só consulta agora",
    ...more,
  });
}

const profileOf = async (portal: World, { cpf } = zeca) =>
  (await getMembership(portal, CNES, cpf))?.profile;

Deno.test("no change without a profile of the list and a justification", async () => {
  using portal = await operador();
  for (const profile of ["ADMINISTRADOR", "operador", "", "constructor"]) {
    assertEquals(codeOf(await change(portal, lia, { profile })), "profile_unknown", profile);
  }
  for (const justification of ["", "  \n\t ", "ab", "\u0000\u0000\u0000", "a".repeat(501)]) {
    assertEquals(codeOf(await change(portal, lia, { justification })), "justification_missing");
  }
  assertEquals(await profileOf(portal), "OPERADOR");
  assertEquals(await eventsOf(portal), []);
});

Deno.test("who may not: strangers, members, administrators elsewhere, other representatives, the gone", async () => {
  using portal = await operador();
  await join(portal, ivo, "OPERADOR");
  await deactivate(portal, caio);
  const refused: [WorldPerson, Change][] = [
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
    assertEquals(codeOf(await change(portal, by, choices)), "not_allowed", by.name);
  }
  await rebuild(portal, { operadora: null });
  assertEquals(codeOf(await change(portal, rosa, { represents: ALFA })), "not_allowed");
  assertEquals(await profileOf(portal), "OPERADOR");
});

Deno.test("an administrator touches no ADMINISTRADOR, nobody themselves", async () => {
  using portal = await operador();
  assertEquals(
    codeOf(await change(portal, lia, { of: caio })),
    "administrator_by_representative",
  );
  assertEquals(codeOf(await change(portal, lia, { of: lia })), "member_own");
  await join(portal, rosa, "OPERADOR");
  const own = { of: rosa, represents: ALFA };
  assertEquals(codeOf(await change(portal, rosa, own)), "member_own");
});

Deno.test("what is no change: no member, ended, no profile yet, the same profile", async () => {
  using portal = await operador();
  assertEquals(codeOf(await change(portal, lia, { of: nair })), "member_not_found");
  assertEquals(codeOf(await change(portal, lia, { profile: "OPERADOR" })), "profile_same");
  await join(portal, zeca, null);
  assertEquals(codeOf(await change(portal, lia)), "profile_first");
  await portal.kv.delete(keys.membership(CNES, zeca.cpf));
  must(await ask(portal, zeca));
  assertEquals(codeOf(await change(portal, lia)), "member_not_found");
});

Deno.test("changed: it holds, what was before is kept, the person reads why, the log tells no words", async () => {
  using portal = await operador();
  const before = (await getMembership(portal, CNES, zeca.cpf))!;
  portal.advance(MINUTE);
  const justification = ` Só consulta,\n conforme ${zeca.cpf} `;
  const after = must(await change(portal, lia, { justification }));
  assertEquals([after.profile, after.since], ["CONSULTADOR", portal.now()]);
  assertEquals(after.justification, `Só consulta, conforme ${zeca.cpf}`);
  assertEquals(await listChanges(portal, CNES, zeca.cpf), [{ at: portal.now(), before }]);
  portal.advance(MINUTE);
  must(await change(portal, caio, { profile: "CADASTRADOR" }));
  const profiles = (await listChanges(portal, CNES, zeca.cpf)).map(({ before }) => before.profile);
  assertEquals(profiles, ["CONSULTADOR", "OPERADOR"], "newest first");
  const mails = await mailsTo(portal, zeca.email);
  assertEquals(mails.map(({ subject }) => subject), Array(2).fill("Seu perfil foi alterado"));
  assert(mails.some(({ text }) => text.includes("Justificativa: Só consulta, conforme")));
  const [record] = await soundLog(portal);
  assertEquals(record?.detail, { before: "OPERADOR", after: "CONSULTADOR" });
});

Deno.test("the representative takes ADMINISTRADOR away: no administrator from then on", async () => {
  using portal = await town();
  must(await change(portal, rosa, { of: caio, represents: ALFA, profile: "OPERADOR" }));
  assertEquals((await listAdministrators(portal, CNES)).map(({ cpf }) => cpf), [lia.cpf]);
  await join(portal, zeca, "OPERADOR");
  assertEquals(codeOf(await change(portal, caio)), "not_allowed");
});

Deno.test("taken from the administrator in the very moment of their change: nothing is changed", async () => {
  using portal = await operador();
  const meanwhile = interrupted(portal, 1, () => join(portal, lia, "OPERADOR"));
  assertEquals(codeOf(await change(meanwhile, lia)), "not_allowed");
  assertEquals(await profileOf(portal), "OPERADOR");
});

Deno.test("two administrators change at once: both on record, the later one from the earlier one's", async () => {
  using portal = await operador();
  const meanwhile = interrupted(portal, 1, async () => must(await change(portal, caio)));
  must(await change(meanwhile, lia, { profile: "CADASTRADOR" }));
  const befores = (await listChanges(portal, CNES, zeca.cpf)).map(({ before }) => before.profile);
  assertEquals(befores.sort(), ["CONSULTADOR", "OPERADOR"]);
  assertEquals((await soundLog(portal)).at(-1)?.detail.before, "CONSULTADOR");
  assertEquals(codeOf(await change(portal, lia, { profile: "CADASTRADOR" })), "profile_same");
});

Deno.test("words are tidied: blanks, letters of two marks, ends", () => {
  assertEquals(tidy("  a \n\u0007 b "), "a b");
  assertEquals(tidy("e\u0301te"), "éte");
  assertEquals([tidy("ab"), tidy("a".repeat(500)).length, tidy("a".repeat(501))], ["", 500, ""]);
});
