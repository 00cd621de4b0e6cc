import { keys } from "../../store/keys.ts";
import { assertEquals } from "@std/assert";
import { transact } from "../../store/transact.ts";
import {
  ALFA,
  BETA,
  CNES,
  deactivate,
  ivo,
  lia,
  nair,
  rosa,
  SECOND_CNES,
  zeca,
} from "../../testing_world.ts";
import { join, represent, town } from "../town_testing.ts";
import { type Actor, readAuthority } from "./authority.ts";

async function powers(
  portal: Awaited<ReturnType<typeof town>>,
  actor: Actor,
  operadora: string | null = ALFA,
  cnes = CNES,
) {
  const { person, administers, represents } = await transact(
    portal.kv,
    (tx) => readAuthority(tx, actor, { cnes, operadora }),
  );
  return `${person ? "known" : "nobody"}${administers ? " administers" : ""}${
    represents ? " represents" : ""
  }`;
}

Deno.test("no powers: a stranger, a claim to represent, another operadora or establishment", async () => {
  using portal = await town();
  const { cpf } = rosa;
  assertEquals(await powers(portal, { cpf: "00000000000", represents: ALFA }), "nobody");
  assertEquals(await powers(portal, zeca), "known");
  assertEquals(await powers(portal, { cpf: zeca.cpf, represents: ALFA }), "known");
  assertEquals(await powers(portal, { cpf }), "known");
  assertEquals(await powers(portal, { cpf, represents: null }), "known");
  assertEquals(await powers(portal, { cpf, represents: "" }, ""), "known");
  assertEquals(await powers(portal, { cpf, represents: BETA }), "known");
  assertEquals(await powers(portal, { cpf, represents: ALFA }, BETA), "known");
  assertEquals(await powers(portal, { cpf, represents: ALFA }, null), "known");
  assertEquals(await powers(portal, { cpf: ivo.cpf, represents: ALFA }), "known");
  assertEquals(await powers(portal, nair), "known");
  assertEquals(await powers(portal, lia, ALFA, SECOND_CNES), "known");
});

Deno.test("the powers that are there", async () => {
  using portal = await town();
  assertEquals(await powers(portal, lia), "known administers");
  assertEquals(await powers(portal, { cpf: rosa.cpf, represents: ALFA }), "known represents");
  await join(portal, rosa, "ADMINISTRADOR");
  assertEquals(
    await powers(portal, { cpf: rosa.cpf, represents: ALFA }),
    "known administers represents",
  );
});

Deno.test("powers end with the person, the membership, another profile, another representative", async () => {
  using portal = await town();
  await join(portal, lia, "OPERADOR");
  assertEquals(await powers(portal, lia), "known");
  const ended = { at: 1, by: "x", reason: "y" };
  const member = { cnes: CNES, cpf: lia.cpf, profile: "ADMINISTRADOR", since: 1, by: "x", ended };
  await portal.kv.set(keys.membership(CNES, lia.cpf), member);
  assertEquals(await powers(portal, lia), "known");
  await represent(portal, nair, ALFA);
  assertEquals(await powers(portal, { cpf: rosa.cpf, represents: ALFA }), "known");
  assertEquals(await powers(portal, { cpf: nair.cpf, represents: ALFA }), "known represents");
  await deactivate(portal, nair);
  assertEquals(await powers(portal, { cpf: nair.cpf, represents: ALFA }), "nobody");
});
