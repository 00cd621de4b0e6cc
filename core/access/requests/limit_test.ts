import { UNLIMITED } from "@/tests/fixtures/people.ts";
import { assertEquals } from "@std/assert";
import type { AccountId } from "../../store/records/account.ts";
import { cancelRequest, createRequest } from "./create.ts";
import { askWithin } from "./computer.ts";
import {
  codeOf,
  DAY,
  idOf,
  lia,
  messages,
  must,
  personOf,
  seedWorld,
  zeca,
} from "@/tests/fixtures/mod.ts";

type Town = Awaited<ReturnType<typeof seedWorld>>;

const cnesAt = (index: number) => String(1_000_000 + index);

/** Makes a request at an establishment as the page does, and takes it back. */
async function askAndCancel(deps: Town, cnes = "0000001"): Promise<string> {
  const person = await personOf(deps, zeca);
  const asked = await askWithin(
    deps,
    { account: person.id, cnes },
    () => createRequest(deps, person, { cnes, profile: "OPERADOR" }, UNLIMITED),
  );
  if (asked.ok) must(await cancelRequest(deps, person, asked.data.id));
  return codeOf(asked);
}

const nothing = () => Promise.resolve({ ok: true as const, data: null });

Deno.test("nobody's chat is filled by asking and taking back; the next day one may ask again", async () => {
  using deps = await seedWorld();
  for (let i = 0; i < 12; i++) assertEquals(await askAndCancel(deps), "ok", String(i));
  const told = (await messages(deps)).length;
  assertEquals(await askAndCancel(deps), "too_many_attempts");
  assertEquals((await messages(deps)).length, told);
  assertEquals(await askAndCancel(deps, "0000002"), "ok");
  deps.advance(DAY);
  assertEquals(await askAndCancel(deps), "ok");
});

Deno.test("what was refused does not count", async () => {
  using deps = await seedWorld();
  const ask = () => askAndCancel(deps, "0000009");
  for (let i = 0; i < 15; i++) assertEquals(await ask(), "establishment_inactive", String(i));
});

Deno.test("nor are all establishments asked; others may still ask", async () => {
  using deps = await seedWorld();
  const at = (account: AccountId, i: number) =>
    askWithin(deps, { account, cnes: cnesAt(i) }, nothing);
  const [one, other] = [await idOf(deps, zeca), await idOf(deps, lia)];
  for (let i = 0; i < 120; i++) must(await at(one, i));
  assertEquals(codeOf(await at(one, 120)), "too_many_attempts");
  assertEquals(codeOf(await at(other, 120)), "ok");
});
