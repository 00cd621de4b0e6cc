import { UNLIMITED } from "@/tests/fixtures/people.ts";
import { keys } from "../store/keys.ts";
import { assert, assertEquals } from "@std/assert";
import {
  ALFA,
  approve,
  ask,
  askComputer,
  BETA,
  caio,
  CNES,
  codeOf,
  eventsOf,
  idOf,
  interrupted,
  ivo,
  lia,
  mailsTo,
  must,
  nair,
  personOf,
  reject,
  rosa,
  SECOND_CNES,
  seedComputer,
  seedMember,
  seedTie,
  seedWorld,
  soundLog,
  type TestPerson,
  zeca,
} from "@/tests/fixtures/mod.ts";
import { listComputersOf } from "./computers.ts";
import { endMembership, makeAdministrator } from "./change_membership.ts";
import {
  administersAny,
  getMembership,
  listAdministrators,
  listChanges,
  listMembers,
  listMembershipsOf,
} from "./membership.ts";
import { getRequest, listPending } from "./requests/request.ts";
import { readAccessStatus } from "./establishment_access.ts";

type World = Awaited<ReturnType<typeof seedWorld>>;

async function operador(): Promise<World> {
  const deps = await seedWorld();
  await seedMember(deps, zeca, "OPERADOR");
  return deps;
}

async function end(deps: Parameters<typeof endMembership>[0], by: TestPerson, {
  of = zeca,
  represents,
  ...more
}: { of?: TestPerson; represents?: string; cnes?: string; reason?: string } = {}) {
  const whom = { cnes: CNES, account: await idOf(deps, of), reason: "Mudou de unidade", ...more };
  return await endMembership(deps, {
    account: await idOf(deps, by),
    represents,
    standing: UNLIMITED,
  }, whom);
}

const isIn = async (deps: World) =>
  (await listMembershipsOf(deps, await idOf(deps, zeca))).some(({ cnes }) => cnes === CNES);

Deno.test("who may not end a membership, and which not", async () => {
  using deps = await operador();
  for (const reason of ["", " \n ", "ab", "a".repeat(501)]) {
    assertEquals(codeOf(await end(deps, lia, { reason })), "justification_missing");
  }
  for (
    const [by, choices, code] of [
      [nair, {}, "not_allowed"],
      [zeca, {}, "not_allowed"],
      [rosa, {}, "not_allowed"],
      [ivo, { represents: BETA }, "not_allowed"],
      [ivo, { represents: ALFA }, "not_allowed"],
      [lia, { cnes: SECOND_CNES }, "not_allowed"],
      [lia, { of: nair }, "member_not_found"],
      [lia, { of: caio }, "administrator_by_representative"],
      [lia, { of: lia }, "member_own"],
    ] as const
  ) {
    assertEquals(codeOf(await end(deps, by, choices)), code, `${by.name} ${code}`);
  }
  assertEquals(await isIn(deps), true);
  assertEquals(await eventsOf(deps), []);
});

Deno.test("ended: computers gone, off every list but that of who was there, told why, kept", async () => {
  using deps = await operador();
  for (const key of ["a", "b"]) await seedComputer(deps, zeca, key);
  await seedMember(deps, nair, "OPERADOR");
  await seedComputer(deps, nair, "n");
  const before = (await getMembership(deps, CNES, await idOf(deps, zeca)))!;
  deps.advance(1);
  must(await end(deps, lia));
  assertEquals(await isIn(deps), false);
  assertEquals(await listComputersOf(deps, CNES, await idOf(deps, zeca)), []);
  assertEquals((await listComputersOf(deps, CNES, await idOf(deps, nair))).length, 1);
  const listed = (await listMembers(deps, CNES)).find(({ account }) => account === before.account);
  assertEquals(listed?.ended?.reason, "Mudou de unidade");
  assertEquals((await listChanges(deps, CNES, await idOf(deps, zeca)))[0]?.before, before);
  const mail = (await mailsTo(deps, zeca.email)).at(-1)!;
  assertEquals(mail.subject, "Seu acesso a um estabelecimento foi desativado");
  assert(mail.text.includes("Motivo: Mudou de unidade"));
  const record = (await soundLog(deps)).at(-1)!;
  assertEquals([record.event, record.subject, record.detail], [
    "membership.ended",
    (await personOf(deps, zeca)).id,
    {},
  ]);
  assertEquals(codeOf(await end(deps, caio)), "member_not_found");
});

Deno.test("what waits is rejected with the same reason; a profile and a computer at once fit one commit", async () => {
  using deps = await seedWorld();
  await seedTie(deps, zeca, ALFA);
  const asked = must(await ask(deps, zeca));
  const [actor, person] = [await personOf(deps, rosa), await personOf(deps, zeca)];
  must(await makeAdministrator(deps, actor, ALFA, person, CNES));
  const computer = must(await askComputer(deps, zeca));
  must(await end(deps, rosa, { represents: ALFA, reason: "Saiu da empresa" }));
  for (const id of [asked.id, asked.establishmentRequest!, computer.id]) {
    const request = (await getRequest(deps, id))!;
    assertEquals([request.state, request.reason], ["reprovada", "Saiu da empresa"]);
  }
  assertEquals(await listPending(deps, [CNES]), []);
  for (const step of ["perfil", "computador"] as const) {
    assertEquals(
      (await deps.kv.get(keys.requestOpen(await idOf(deps, zeca), CNES, step))).value,
      null,
    );
  }
  assertEquals((await eventsOf(deps)).slice(-3), [
    "request.reprovada",
    "request.reprovada",
    "membership.ended",
  ]);
});

Deno.test("what waits is decided and asked for anew in the very moment: the new one is rejected", async () => {
  using deps = await seedWorld();
  await seedTie(deps, zeca, ALFA);
  const profile = must(await ask(deps, zeca));
  const [actor, person] = [await personOf(deps, rosa), await personOf(deps, zeca)];
  must(await makeAdministrator(deps, actor, ALFA, person, CNES));
  const first = must(await askComputer(deps, zeca));
  let second = "";
  const meanwhile = interrupted(deps, 1, async () => {
    must(await reject(deps, first.id, lia));
    second = must(await askComputer(deps, zeca)).id;
  });
  must(await end(meanwhile, rosa, { represents: ALFA }));
  for (const id of [profile.id, profile.establishmentRequest!, second]) {
    const request = (await getRequest(deps, id))!;
    assertEquals([request.state, request.reason], ["reprovada", "Mudou de unidade"]);
  }
  assertEquals(await listPending(deps, [CNES]), []);
});

Deno.test("an ADMINISTRADOR who was deactivated decides nothing more", async () => {
  using deps = await seedWorld();
  const { id } = must(await ask(deps, zeca));
  must(await end(deps, rosa, { of: lia, represents: ALFA }));
  assertEquals((await listAdministrators(deps, CNES)).map(({ cpf }) => cpf), [caio.cpf]);
  assertEquals(await administersAny(deps, await idOf(deps, lia)), false);
  assertEquals((await deps.kv.get(keys.administrator(CNES, await idOf(deps, lia)))).value, null);
  assertEquals(codeOf(await approve(deps, id, lia)), "not_allowed");
});

Deno.test("a membership elsewhere goes on", async () => {
  using deps = await operador();
  await seedMember(deps, zeca, "CADASTRADOR", SECOND_CNES);
  must(await end(deps, lia));
  assertEquals((await listMembershipsOf(deps, await idOf(deps, zeca))).map(({ cnes }) => cnes), [
    SECOND_CNES,
  ]);
});

Deno.test("to come back: the three steps anew, the old computer among them", async () => {
  using deps = await operador();
  await seedComputer(deps, zeca, "a");
  must(await end(deps, lia));
  deps.advance(1);
  assertEquals(codeOf(await askComputer(deps, zeca, "a")), "profile_first");
  const asked = must(await ask(deps, zeca, "CADASTRADOR"));
  assertEquals(typeof asked.establishmentRequest, "string");
  must(await approve(deps, asked.establishmentRequest!, caio));
  assertEquals((await getMembership(deps, CNES, await idOf(deps, zeca)))?.ended, undefined);
  assertEquals((await getMembership(deps, CNES, await idOf(deps, zeca)))?.profile, null);
  must(await approve(deps, asked.id, caio));
  assertEquals(
    (await readAccessStatus(deps, await idOf(deps, zeca), CNES, "a")).next,
    "computador",
  );
  await seedComputer(deps, zeca, "a");
  const [before] = (await listChanges(deps, CNES, await idOf(deps, zeca)))
    .filter(({ before }) => before.ended);
  assertEquals(before?.before.ended?.reason, "Mudou de unidade");
});

Deno.test("somebody who was only let into the establishment can be deactivated too", async () => {
  using deps = await seedWorld();
  const { id, establishmentRequest } = must(await ask(deps, zeca));
  must(await approve(deps, establishmentRequest!, lia));
  must(await end(deps, lia));
  assertEquals((await getRequest(deps, id))?.state, "reprovada");
  assertEquals(
    (await readAccessStatus(deps, await idOf(deps, zeca), CNES)).next,
    "estabelecimento",
  );
});

Deno.test("made ADMINISTRADOR in the very moment: an administrator ends it no more", async () => {
  using deps = await operador();
  const meanwhile = interrupted(deps, 1, () => seedMember(deps, zeca, "ADMINISTRADOR"));
  assertEquals(codeOf(await end(meanwhile, lia)), "administrator_by_representative");
  assertEquals(await isIn(deps), true);
});

Deno.test("twice at once: ended once, told once", async () => {
  using deps = await operador();
  const codes = (await Promise.all([lia, caio].map((by) => end(deps, by)))).map(codeOf);
  assertEquals(codes.sort(), ["member_not_found", "ok"]);
  assertEquals((await mailsTo(deps, zeca.email)).length, 1);
  assertEquals(await eventsOf(deps), ["membership.ended"]);
});

Deno.test("a person who is gone from the portal is no obstacle", async () => {
  using deps = await operador();
  const account = await idOf(deps, zeca);
  await deps.kv.delete(keys.account(account));
  must(await end(deps, lia));
  assertEquals((await soundLog(deps)).at(-1)?.subject, account);
});
