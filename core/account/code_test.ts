import { assert, assertEquals, assertNotEquals } from "@std/assert";
import type { Deps } from "../deps.ts";
import { transact } from "../store/transact.ts";
import { codeOf, must, testDeps } from "@/tests/fixtures/mod.ts";
import { CODE_LIFE, consumeCode, makeCode, storeCode, tryCode } from "./code.ts";

const CODE = "ABCD2345";
const purpose = "test";
const owner = "session-one";

function store(deps: Deps, code = CODE) {
  return transact(deps.kv, (tx) => storeCode(deps, tx, { purpose, owner, code }));
}

function attempt(deps: Deps, typed: string, other: { purpose?: string; owner?: string } = {}) {
  return tryCode(deps, { purpose, owner, typed, ...other });
}

function spend(deps: Deps, typed = CODE) {
  return transact(deps.kv, (tx) => consumeCode(deps, tx, { purpose, owner, typed }));
}

Deno.test("a code is right as sent, in lower case, with blanks and a hyphen", async () => {
  using deps = await testDeps();
  await store(deps);
  for (const typed of [CODE, "abcd2345", " abcd-2345 ", "ab cd 23 45"]) {
    assertEquals(codeOf(await attempt(deps, typed)), "ok", typed);
  }
});

Deno.test("a wrong code tells how many attempts are left; then nothing opens it", async () => {
  using deps = await testDeps();
  await store(deps);
  for (const restam of [4, 3, 2, 1]) {
    assertEquals(await attempt(deps, "ZZZZZZZZ"), {
      ok: false,
      code: "code_wrong",
      detail: { restam },
    });
  }
  assertEquals(codeOf(await attempt(deps, "")), "code_exhausted");
  assertEquals(codeOf(await attempt(deps, CODE)), "code_exhausted");
});

Deno.test("the fifth attempt may be the right one", async () => {
  using deps = await testDeps();
  await store(deps);
  for (let i = 0; i < 4; i++) await attempt(deps, "ZZZZZZZZ");
  must(await attempt(deps, CODE));
  assert(await spend(deps));
});

Deno.test("guessed in parallel: five are compared, whatever their number", async () => {
  using deps = await testDeps();
  await store(deps);
  const outcomes = await Promise.all(
    Array.from({ length: 20 }, (_, i) => attempt(deps, `ZZZZZZ${String(i).padStart(2, "2")}`)),
  );
  const wrong = outcomes.filter((outcome) => !outcome.ok && outcome.code === "code_wrong");
  assertEquals(wrong.length, 4);
  assertEquals(outcomes.filter((outcome) => codeOf(outcome) === "code_exhausted").length, 16);
  assertEquals(codeOf(await attempt(deps, CODE)), "code_exhausted");
});

Deno.test("a code is no good in another session, for another purpose, or never made", async () => {
  using deps = await testDeps();
  await store(deps);
  assertEquals(codeOf(await attempt(deps, CODE, { owner: "session-two" })), "code_expired");
  assertEquals(codeOf(await attempt(deps, CODE, { purpose: "other" })), "code_expired");
  const foreign = { purpose, owner: "session-two", code: "WXYZ6789" };
  await transact(deps.kv, (tx) => storeCode(deps, tx, foreign));
  assertEquals(codeOf(await attempt(deps, CODE, { owner: "session-two" })), "code_wrong");
});

Deno.test("a code ends after ten minutes", async () => {
  using deps = await testDeps();
  assertEquals(CODE_LIFE, 10 * 60_000);
  await store(deps);
  deps.advance(CODE_LIFE - 1);
  assertEquals(codeOf(await attempt(deps, CODE)), "ok");
  deps.advance(1);
  assertEquals(codeOf(await attempt(deps, CODE)), "code_expired");
});

Deno.test("a second code ends the first", async () => {
  using deps = await testDeps();
  await store(deps);
  await store(deps, "WXYZ6789");
  assertEquals(codeOf(await attempt(deps, CODE)), "code_wrong");
  assertEquals(codeOf(await attempt(deps, "WXYZ6789")), "ok");
});

Deno.test("a code is spent once, by one of two at once", async () => {
  using deps = await testDeps();
  await store(deps);
  const spent = await Promise.all([spend(deps), spend(deps), spend(deps)]);
  assertEquals(spent.filter((won) => won).length, 1);
  assertEquals(codeOf(await attempt(deps, CODE)), "code_expired");
});

Deno.test("a code that was tried cannot spend the one that took its place", async () => {
  using deps = await testDeps();
  await store(deps);
  must(await attempt(deps, CODE));
  await store(deps, "WXYZ6789");
  assertEquals(await spend(deps, CODE), false);
  assertEquals(codeOf(await attempt(deps, "WXYZ6789")), "ok");
});

Deno.test("codes differ, have no look-alikes, and are not in the store", async () => {
  using deps = await testDeps();
  assertNotEquals(makeCode(), makeCode());
  for (let i = 0; i < 100; i++) assert(/^[A-HJKMNP-Z2-9]{8}$/.test(makeCode()));
  await store(deps);
  const entries = await Array.fromAsync(deps.kv.list({ prefix: [] }));
  assertEquals(entries.length, 1);
  assert(!Deno.inspect(entries).includes(CODE));
});
