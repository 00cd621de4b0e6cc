import { UNLIMITED } from "@/tests/fixtures/people.ts";
import { assertEquals } from "@std/assert";
import { getComputer, removeComputer } from "./computers.ts";
import { readAccessStatus } from "./establishment_access.ts";
import {
  ALFA,
  askComputer,
  BETA,
  caio,
  CNES,
  codeOf,
  deactivate,
  idOf,
  interrupted,
  ivo,
  lia,
  mailsTo,
  must,
  nair,
  rosa,
  SECOND_CNES,
  seedComputer,
  seedMember,
  seedWorld,
  soundLog,
  type TestPerson,
  zeca,
} from "@/tests/fixtures/mod.ts";

type World = Awaited<ReturnType<typeof seedWorld>>;

/** Zeca and Nair have a computer each at CNES, with their names' first letter as its key. */
async function equipped(): Promise<World> {
  const deps = await seedWorld();
  for (const [person, key] of [[zeca, "z"], [nair, "n"]] as const) {
    await seedMember(deps, person, "OPERADOR");
    await seedComputer(deps, person, key);
  }
  return deps;
}

async function remove(deps: Parameters<typeof removeComputer>[0], by: TestPerson, {
  of = zeca,
  represents,
  ...more
}: { of?: TestPerson; represents?: string; cnes?: string; thumbprint?: string } = {}) {
  const which = { cnes: CNES, account: await idOf(deps, of), thumbprint: "z", ...more };
  return await removeComputer(deps, {
    account: await idOf(deps, by),
    represents,
    standing: UNLIMITED,
  }, which);
}

Deno.test("who may not take a computer away, and which is none", async () => {
  using deps = await equipped();
  for (
    const [by, choices, code] of [
      [nair, {}, "not_allowed"],
      [rosa, {}, "not_allowed"],
      [ivo, { represents: BETA }, "not_allowed"],
      [ivo, { represents: ALFA }, "not_allowed"],
      [lia, { cnes: SECOND_CNES }, "not_allowed"],
      [zeca, { of: nair, thumbprint: "n" }, "not_allowed"],
      [zeca, { thumbprint: "n" }, "computer_unknown"],
      [zeca, { cnes: SECOND_CNES }, "computer_unknown"],
      [lia, { of: nair }, "computer_unknown"],
      [lia, { thumbprint: "" }, "computer_unknown"],
    ] as const
  ) {
    assertEquals(codeOf(await remove(deps, by, choices)), code, `${by.name} ${code}`);
  }
  await deactivate(deps, zeca);
  assertEquals(codeOf(await remove(deps, zeca)), "not_allowed");
  assertEquals((await getComputer(deps, CNES, await idOf(deps, zeca), "z"))?.thumbprint, "z");
});

for (
  const [who, by, represents] of [
    ["oneself", zeca, undefined],
    ["an administrator", caio, undefined],
    ["the representative", rosa, ALFA],
  ] as const
) {
  Deno.test(`taken away by ${who}: gone for the next request, told, logged; others stay`, async () => {
    using deps = await equipped();
    must(await remove(deps, by, represents ? { represents } : {}));
    assertEquals(await getComputer(deps, CNES, await idOf(deps, zeca), "z"), null);
    const other = await idOf(deps, nair);
    assertEquals((await getComputer(deps, CNES, other, "n"))?.account, other);
    const { steps, next } = await readAccessStatus(deps, await idOf(deps, zeca), CNES, "z");
    assertEquals([steps.perfil.state, steps.computador.state, next], [
      "aprovada",
      "nenhum",
      "computador",
    ]);
    const subjects = (await mailsTo(deps, zeca.email)).map(({ subject }) => subject);
    assertEquals(subjects.at(-1), "Um computador seu foi retirado");
    const record = (await soundLog(deps)).at(-1)!;
    assertEquals([record.event, record.detail], ["computer.removed", { computer: "z" }]);
    assertEquals(codeOf(await remove(deps, lia)), "computer_unknown");
    must(await askComputer(deps, zeca, "z"));
  });
}

Deno.test("twice at once, or by one who is administrator no more: once, or not at all", async () => {
  using deps = await equipped();
  const meanwhile = interrupted(deps, 1, () => seedMember(deps, caio, "OPERADOR"));
  assertEquals(codeOf(await remove(meanwhile, caio)), "not_allowed");
  const codes = (await Promise.all([zeca, lia].map((by) => remove(deps, by)))).map(codeOf);
  assertEquals(codes.sort(), ["computer_unknown", "ok"]);
});
