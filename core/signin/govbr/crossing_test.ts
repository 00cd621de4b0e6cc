/** Reaching the level set is a new proof, whatever was proved below it. */
import { assertEquals } from "@std/assert";
import { speaksForProof } from "../../account/credentials.ts";
import type { LoggedIn } from "../../store/records/session.ts";
import {
  lia,
  must,
  personOf,
  seedRepresentative,
  seedUser,
  type TestDeps,
} from "@/tests/fixtures/mod.ts";
import { enter, govbrWorld } from "./world_testing.ts";

/** Lia has proved her CPF at silver, and from now on it takes gold. */
async function risen() {
  const world = await govbrWorld([lia]);
  const { deps } = world;
  await seedRepresentative(deps);
  await seedUser(deps, lia);
  assertEquals(must(await enter(deps, { cpf: lia.cpf })).next, "logged_in");
  const { govbr } = deps.config;
  const gold: TestDeps = {
    ...deps,
    config: { ...deps.config, govbr: { ...govbr!, level: "gold" } },
  };
  return { ...world, deps: gold, before: await personOf(deps, lia) };
}

Deno.test("a proof below the level set is not lifted by an entry: it takes a joining", async () => {
  await using world = await risen();
  const { deps, before } = world;
  // Another gov.br address, so that nothing says that it is the same person.
  const entry = must(await enter(deps, { cpf: lia.cpf, level: "gold", email: false }));
  assertEquals(entry.next, "joining");
  assertEquals(await personOf(deps, lia), before);
});

Deno.test("below it gov.br signs in, and speaks for nothing", async () => {
  await using world = await risen();
  const { deps, before } = world;
  const entry = must(await enter(deps, { cpf: lia.cpf }));
  assertEquals(entry.next, "logged_in");
  assertEquals(speaksForProof(deps, before, entry.session.state as LoggedIn), false);
});

Deno.test("the same address joins again, under a new number", async () => {
  await using world = await risen();
  const { deps, before } = world;
  const entry = must(await enter(deps, { cpf: lia.cpf, level: "gold" }));
  assertEquals(entry.next, "logged_in");
  const person = await personOf(deps, lia);
  assertEquals(person.proof, { by: "govbr", level: "gold", at: deps.now() });
  assertEquals(person.proofNumber, before.proofNumber + 1);
  assertEquals(speaksForProof(deps, person, entry.session.state as LoggedIn), true);
});
