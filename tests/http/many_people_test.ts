import { assert, assertEquals } from "@std/assert";
import {
  ALFA,
  manyPerson,
  seedPeople,
  seedRegistries,
  seedRepresentative,
} from "@/tests/fixtures/mod.ts";
import { testApp } from "../support/app.ts";
import { Client } from "../support/client.ts";
import { countTrips, RoundTrips } from "../support/round_trips.ts";

const PEOPLE = 10_000;

Deno.test("10,000 people: paging and search take a few round trips, whatever is typed", async (t) => {
  using deps = await seedRegistries();
  const session = await seedRepresentative(deps);
  await seedPeople(deps, ALFA, PEOPLE);
  const client = await new Client(deps, await testApp(deps, { budget: false })).enter(session);
  const rows = (text: string) => text.match(/<a href="\/usuarios\/\w{26}"/g)?.length ?? 0;
  const nextOf = (text: string) =>
    /href="(\/usuarios\?[^"]*a-partir-de[^"]*)"/.exec(text)?.[1]?.replaceAll("&amp;", "&");

  const ask = async (path: string) => {
    const trips = new RoundTrips();
    const { status, text } = await countTrips(deps.kv, trips, () => client.get(path));
    assertEquals(status, 200);
    return { text, found: rows(text), trips: trips.count };
  };
  // What every page asks: the session, then who it is and what they may do. Twice, because the first
  // answer reads what the next ones know already.
  await ask("/usuarios/novo");
  const { trips: everyPage } = await ask("/usuarios/novo");
  const search = async (typed: string) =>
    ask((await client.post("/usuarios", { busca: typed })).location!);

  const counts: Record<string, number> = {};
  await t.step("the first page and the two hundredth cost the same", async () => {
    const first = await ask("/usuarios");
    const second = await ask(nextOf(first.text)!);
    assertEquals([first.found, second.found], [50, 50]);
    // A page far down: after somebody near the end, as the cursor of the page before would say.
    const near = await search(manyPerson(PEOPLE - 60).cpf);
    const id = /\/usuarios\/(\w{26})/.exec(near.text)![1];
    const last = await ask(`/usuarios?a-partir-de=${id}`);
    assertEquals(last.found, 50);
    assertEquals(last.trips, second.trips);
    Object.assign(counts, { first: first.trips, next: second.trips });
  });

  await t.step("one by CPF, ten by a rare name, a page by a common one", async () => {
    const byCpf = await search(manyPerson(4_321).cpf);
    assert(byCpf.text.includes(manyPerson(4_321).name));
    const rare = await search(manyPerson(4_321).name.split(" ")[1]!);
    const common = await search("maria");
    assertEquals([byCpf.found, rare.found, common.found], [1, 10, 50]);
    Object.assign(counts, { cpf: byCpf.trips, rare: rare.trips, common: common.trips });
  });

  await t.step("two common names that few have together, and nobody at all", async () => {
    const { name } = manyPerson(9_870);
    const both = await search(`${name.split(" ")[0]} ${name.split(" ")[1]}`);
    const together = await search("inventada maria");
    const nobody = await search("inventada zzz");
    assertEquals([both.found, nobody.found], [1, 0]);
    assertEquals(together.found, 50);
    Object.assign(counts, { together: together.trips, nobody: nobody.trips });
  });

  // The list and its people; a cursor takes one more, a search the one that says what was typed, and
  // more of them when it skips many.
  const own = Object.entries(counts).map(([page, count]) => [page, count - everyPage]);
  assertEquals(Object.fromEntries(own), {
    first: 2,
    next: 3,
    cpf: 3,
    rare: 3,
    common: 3,
    together: 5,
    nobody: 4,
  });
});
