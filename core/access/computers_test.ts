import { keys } from "../store/keys.ts";
import type { ComputerRecord } from "../store/records/access.ts";
import { assertEquals } from "@std/assert";
import {
  CNES,
  idOf,
  lia,
  nair,
  SECOND_CNES,
  seedComputer,
  seedMember,
  seedWorld,
  zeca,
} from "@/tests/fixtures/mod.ts";
import { listComputersAt, listComputersOf } from "./computers.ts";

type World = Awaited<ReturnType<typeof seedWorld>>;

async function equipped(): Promise<World> {
  const deps = await seedWorld();
  for (const person of [zeca, nair]) {
    await seedMember(deps, person, "OPERADOR");
    for (const key of ["a", "b", "c"]) await seedComputer(deps, person, key);
  }
  const account = await idOf(deps, zeca);
  const elsewhere = { thumbprint: "x", cnes: SECOND_CNES, account };
  await deps.kv.set(keys.computer(SECOND_CNES, account, "x"), elsewhere);
  return deps;
}

const names = (computers: ComputerRecord[]) =>
  computers.map(({ account, thumbprint }) => `${account}.${thumbprint}`);

Deno.test("the computers of one person at one establishment, of nobody else", async () => {
  using deps = await equipped();
  const account = await idOf(deps, zeca);
  assertEquals(
    names(await listComputersOf(deps, CNES, account)),
    ["a", "b", "c"].map((key) => `${account}.${key}`),
  );
  assertEquals(names(await listComputersOf(deps, SECOND_CNES, account)), [`${account}.x`]);
  assertEquals(await listComputersOf(deps, CNES, await idOf(deps, lia)), []);
});

Deno.test("everybody's, page after page, none twice and none left out", async () => {
  using deps = await equipped();
  const all = names(await listComputersAt(deps, CNES));
  assertEquals(all.length, 6);
  for (const limit of [1, 2, 4, 6]) {
    const found: string[] = [];
    // Pages that do not get on would never end.
    for (let pages = 0, after = ""; pages <= all.length; pages++) {
      const page = names(await listComputersAt(deps, CNES, { limit, after }));
      found.push(...page);
      if (page.length < limit) break;
      after = page.at(-1)!;
    }
    assertEquals(found, all, String(limit));
  }
});

Deno.test("a cursor that is none begins at the beginning or shows nothing, never another place", async () => {
  using deps = await equipped();
  for (const after of ["", "x", ".", "99999999999.z", `${await idOf(deps, zeca)}.`]) {
    const page = await listComputersAt(deps, CNES, { after });
    assertEquals(page.every(({ cnes }) => cnes === CNES), true, after);
  }
});
