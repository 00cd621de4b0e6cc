import { assertEquals, assertStringIncludes } from "@std/assert";
import { getEstablishment, listEstablishmentsOfOperadora } from "../registry/establishment.ts";
import { keys } from "../store/keys.ts";
import { bindEstablishment, unbindEstablishment } from "./establishments.ts";
import { getMembership } from "./membership.ts";
import { makeAdministrator } from "./change_membership.ts";
import {
  ALFA,
  approve,
  ask,
  auditRecords,
  BETA,
  BETA_CNES,
  caio,
  CNES,
  codeOf,
  idOf,
  importEdition,
  lia,
  longAgo,
  mailsTo,
  must,
  personOf,
  rosa,
  seedDirector,
  seedEstablishment,
  seedPerson,
  seedRegistries,
  seedRepresentative,
  seedUser,
  UNKNOWN_CNPJ,
} from "@/tests/fixtures/mod.ts";

const FREE = "0000021";

/** Rosa represents ALFA; `FREE` has the CNPJ of a hospital that is no operadora. */
async function prepare() {
  const deps = await seedRegistries();
  await seedRepresentative(deps);
  await seedEstablishment(deps, { nome: "Hospital Livre", cnpj: UNKNOWN_CNPJ }, FREE);
  return { deps, actor: await personOf(deps, rosa) };
}

async function listed(deps: { kv: Deno.Kv }, cnpj: string) {
  const { items } = await listEstablishmentsOfOperadora(deps, cnpj);
  return items.map(({ cnes }) => cnes);
}

Deno.test("those who administer the establishment are told who may manage it from now on", async () => {
  const { deps, actor } = await prepare();
  using _ = deps;
  for (const who of [lia, caio]) await seedPerson(deps, who);
  await seedDirector(deps, lia, FREE);
  await longAgo(deps, async () => {
    must(await approve(deps, must(await ask(deps, caio, "OPERADOR", { cnes: FREE })).id, lia));
  });
  must(await bindEstablishment(deps, actor, ALFA, FREE));
  assertEquals(codeOf(await bindEstablishment(deps, actor, ALFA, FREE)).slice(-5), "yours");
  const told = (await mailsTo(deps, lia.email)).map(({ text }) => text);
  assertEquals(told.length, 1);
  assertStringIncludes(told[0]!, `ALFABETA PLANOS LTDA ligou Hospital Livre (CNES ${FREE})`);
  assertEquals(await mailsTo(deps, caio.email), []);
});

Deno.test("a representative binds an establishment that is no operadora's; the log says who", async () => {
  const { deps, actor } = await prepare();
  using _ = deps;
  const bound = must(await bindEstablishment(deps, actor, ALFA, "000.002-1"));
  assertEquals(bound, (await getEstablishment(deps, FREE))!);
  assertEquals(bound.operadora, ALFA);
  assertEquals((await listed(deps, ALFA)).includes(FREE), true);
  const { event, subject, detail, actor: by } = (await auditRecords(deps))
    .find((record) => record.event === "establishment.bound")!;
  assertEquals({ event, subject, detail, by }, {
    event: "establishment.bound",
    subject: FREE,
    detail: { operadora: ALFA },
    by: actor.id,
  });
  // Bound, it takes part: its administrator can be appointed.
  const appointed = await makeAdministrator(deps, actor, ALFA, actor, FREE);
  assertEquals(codeOf(appointed), "user_not_found");
});

Deno.test("what cannot be bound is refused and nothing is written", async () => {
  const { deps, actor } = await prepare();
  using _ = deps;
  await seedEstablishment(deps, { active: false }, "0000022");
  await seedEstablishment(deps, { cnpj: BETA }, "0000023");
  const records = (await auditRecords(deps)).length;
  for (
    const [typed, code] of [
      ["", "establishment_invalid"],
      ["123", "establishment_invalid"],
      ["7777777", "establishment_not_found"],
      ["0000022", "establishment_inactive"],
      ["0000023", "establishment_of_other"],
      [BETA_CNES, "establishment_of_other"],
      [CNES, "establishment_already_yours"],
    ]
  ) {
    assertEquals(codeOf(await bindEstablishment(deps, actor, ALFA, typed!)), code, typed);
  }
  assertEquals((await auditRecords(deps)).length, records);
  assertEquals((await deps.kv.get(keys.establishmentBinding("0000023"))).value, null);
  assertEquals(await listed(deps, BETA), [BETA_CNES, "0000023"]);
});

Deno.test("two representatives at once: one binding, the other is told", async () => {
  const { deps, actor } = await prepare();
  using _ = deps;
  const codes = (await Promise.all(
    [ALFA, BETA, ALFA, BETA].map((cnpj) => bindEstablishment(deps, actor, cnpj, FREE)),
  )).map(codeOf);
  const winner = (await getEstablishment(deps, FREE))!.operadora!;
  assertEquals(codes.filter((code) => code === "ok").length, 1);
  assertEquals(codes.toSorted(), [
    "establishment_already_yours",
    "establishment_of_other",
    "establishment_of_other",
    "ok",
  ]);
  assertEquals((await listed(deps, winner)).includes(FREE), true);
  assertEquals((await listed(deps, winner === ALFA ? BETA : ALFA)).includes(FREE), false);
});

Deno.test("a binding of an operadora that left CADOP gives way", async () => {
  const { deps, actor } = await prepare();
  using _ = deps;
  must(await bindEstablishment(deps, actor, BETA, FREE));
  assertEquals(
    codeOf(await bindEstablishment(deps, actor, ALFA, FREE)),
    "establishment_of_other",
  );
  await importEdition(deps, { [BETA]: null });
  must(await bindEstablishment(deps, actor, ALFA, FREE));
  await importEdition(deps);
  assertEquals((await getEstablishment(deps, FREE))?.operadora, ALFA);
  assertEquals(await listed(deps, BETA), [BETA_CNES]);
  assertEquals(
    await Array.fromAsync(deps.kv.list({ prefix: keys.establishmentByBinding.under(BETA) }), (
      { key },
    ) => key.at(-1)),
    [],
  );
});

Deno.test("what was bound by hand is unbound, logged, and free for another; what is there stays", async () => {
  const { deps, actor } = await prepare();
  using _ = deps;
  must(await bindEstablishment(deps, actor, ALFA, FREE));
  await seedUser(deps, lia);
  must(await makeAdministrator(deps, actor, ALFA, await personOf(deps, lia), FREE));
  assertEquals(must(await unbindEstablishment(deps, actor, ALFA, "000.002-1")).operadora, null);
  assertEquals((await getEstablishment(deps, FREE))?.operadora, null);
  assertEquals((await listed(deps, ALFA)).includes(FREE), false);
  const record = (await auditRecords(deps)).find(({ event }) => event === "establishment.unbound");
  assertEquals([record?.subject, record?.actor], [FREE, actor.id]);
  assertEquals((await getMembership(deps, FREE, await idOf(deps, lia)))?.profile, "ADMINISTRADOR");
  must(await bindEstablishment(deps, actor, BETA, FREE));
});

Deno.test("not unbound: by CNPJ, another operadora's, unknown, free, twice at once", async () => {
  const { deps, actor } = await prepare();
  using _ = deps;
  await seedEstablishment(deps, { cnpj: ALFA }, "0000022");
  await seedEstablishment(deps, { cnpjMantenedora: ALFA }, "0000023");
  const records = (await auditRecords(deps)).length;
  for (
    const [typed, code] of [
      ["123", "establishment_invalid"],
      ["7777777", "establishment_not_yours"],
      [FREE, "establishment_not_yours"],
      [BETA_CNES, "establishment_not_yours"],
      ["0000022", "establishment_bound_by_cnpj"],
      // Bound by hand before the CNES came to say so: taking that away would change nothing.
      ["0000023", "establishment_bound_by_cnpj"],
    ]
  ) {
    assertEquals(codeOf(await unbindEstablishment(deps, actor, ALFA, typed!)), code, typed);
  }
  assertEquals((await auditRecords(deps)).length, records);
  assertEquals(await listed(deps, BETA), [BETA_CNES]);

  must(await bindEstablishment(deps, actor, ALFA, FREE));
  const codes = await Promise.all([1, 2].map(() => unbindEstablishment(deps, actor, ALFA, FREE)));
  assertEquals(codes.map(codeOf).sort(), ["establishment_not_yours", "ok"]);
});
