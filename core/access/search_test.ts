import { assertEquals, assertMatch, assertNotEquals } from "@std/assert";
import {
  lia,
  MINUTE,
  rosa,
  seedPerson,
  seedSession,
  type TestDeps,
  testDeps,
  type TestPerson,
  zeca,
} from "@/tests/fixtures/mod.ts";
import { keepSearch, readSearch } from "./search.ts";

async function sessionOf(deps: TestDeps, person: TestPerson) {
  await seedPerson(deps, person);
  return await seedSession(deps, person);
}

Deno.test("a search is found by its id in its session, for half an hour", async () => {
  using deps = await testDeps();
  const [session, other] = [await sessionOf(deps, rosa), await sessionOf(deps, lia)];
  const id = (await keepSearch(deps, session, ` ${zeca.cpf} `))!;
  assertMatch(id, /^[\w-]{22}$/);
  assertEquals(await readSearch(deps, session, id), zeca.cpf);
  assertEquals(await readSearch(deps, other, id), null);
  assertEquals(await readSearch(deps, session, zeca.cpf), null);
  assertNotEquals(await keepSearch(deps, other, zeca.cpf), id, "an id tells nothing elsewhere");
  deps.advance(29 * MINUTE);
  assertEquals(await keepSearch(deps, session, zeca.cpf), id, "the same search has the same id");
  deps.advance(29 * MINUTE);
  assertEquals(await readSearch(deps, session, id), zeca.cpf);
  deps.advance(MINUTE);
  assertEquals(await readSearch(deps, session, id), null);
});

Deno.test("nothing typed is no search; what is too long is cut", async () => {
  using deps = await testDeps();
  const session = await sessionOf(deps, rosa);
  assertEquals(await keepSearch(deps, session, "  "), null);
  const id = (await keepSearch(deps, session, "a".repeat(70_000)))!;
  assertEquals((await readSearch(deps, session, id))?.length, 120);
});
