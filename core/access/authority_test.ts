import { standingOf } from "@/tests/fixtures/seed.ts";
import { UNLIMITED } from "@/tests/fixtures/people.ts";
import { keys } from "../store/keys.ts";
import { assertEquals } from "@std/assert";
import { newAccountId } from "../account/account.ts";
import { getMembership } from "./membership.ts";
import { transact } from "../store/transact.ts";
import { type Actor, authorityFrom, authorityKeys } from "./authority.ts";
import {
  ALFA,
  BETA,
  CNES,
  deactivate,
  idOf,
  ivo,
  lia,
  nair,
  personOf,
  rosa,
  SECOND_CNES,
  seedDirector,
  seedMember,
  seedSuccessor,
  seedWorld,
  type TestPerson,
  zeca,
} from "@/tests/fixtures/mod.ts";

async function powers(
  deps: Awaited<ReturnType<typeof seedWorld>>,
  { represents, ...who }: Pick<TestPerson, "cpf"> & Pick<Actor, "represents">,
  operadora: string | null = ALFA,
  cnes = CNES,
) {
  const found = await personOf(deps, who) ?? null;
  const actor = {
    account: found?.id ?? newAccountId(deps.now()),
    represents,
    standing: found ? standingOf(found) : UNLIMITED,
  };
  const powers = await transact(
    deps.kv,
    async (tx) =>
      authorityFrom(deps, actor, operadora, await tx.getMany(authorityKeys(actor, cnes))),
  );
  return `${powers.person ? "known" : "nobody"}${powers.administers ? " administers" : ""}${
    powers.represents ? " represents" : ""
  }`;
}

Deno.test("no powers: a stranger, a claim to represent, another operadora or establishment", async () => {
  using deps = await seedWorld();
  const { cpf } = rosa;
  assertEquals(await powers(deps, { cpf: "00000000000", represents: ALFA }), "nobody");
  assertEquals(await powers(deps, zeca), "known");
  assertEquals(await powers(deps, { ...zeca, represents: ALFA }), "known");
  assertEquals(await powers(deps, { cpf }), "known");
  assertEquals(await powers(deps, { cpf, represents: null }), "known");
  assertEquals(await powers(deps, { cpf, represents: "" }, ""), "known");
  assertEquals(await powers(deps, { cpf, represents: BETA }), "known");
  assertEquals(await powers(deps, { cpf, represents: ALFA }, BETA), "known");
  assertEquals(await powers(deps, { cpf, represents: ALFA }, null), "known");
  assertEquals(await powers(deps, { ...ivo, represents: ALFA }), "known");
  assertEquals(await powers(deps, nair), "known");
  assertEquals(await powers(deps, lia, ALFA, SECOND_CNES), "known");
});

Deno.test("the powers that are there", async () => {
  using deps = await seedWorld();
  assertEquals(await powers(deps, lia), "known administers");
  assertEquals(await powers(deps, { ...rosa, represents: ALFA }), "known represents");
  await seedDirector(deps, rosa);
  assertEquals(await powers(deps, { ...rosa, represents: ALFA }), "known administers represents");
});

Deno.test("powers end with the person, the membership, another profile, another representative", async () => {
  using deps = await seedWorld();
  await seedMember(deps, lia, "OPERADOR");
  assertEquals(await powers(deps, lia), "known");
  const ended = { at: 1, by: "x", reason: "y" };
  const member = (await getMembership(deps, CNES, await idOf(deps, lia)))!;
  const former = { ...member, profile: "ADMINISTRADOR", ended };
  await deps.kv.set(keys.membership(CNES, member.account), former);
  assertEquals(await powers(deps, lia), "known");
  await seedSuccessor(deps, nair);
  assertEquals(await powers(deps, { ...rosa, represents: ALFA }), "known");
  assertEquals(await powers(deps, { ...nair, represents: ALFA }), "known represents");
  await deactivate(deps, nair);
  assertEquals(await powers(deps, { ...nair, represents: ALFA }), "nobody");
});
