import { assert, assertEquals, assertNotEquals } from "@std/assert";
import type { Portal } from "../portal.ts";
import { transact } from "../store/transact.ts";
import { testPortal } from "../testing.ts";
import { codeOf, must } from "../testing_world.ts";
import { CODE_LIFE, consumeCode, makeCode, storeCode, tryCode } from "./code.ts";

const CODE = "ABCD2345";
const purpose = "test";
const owner = "session-one";

function store(portal: Portal, code = CODE) {
  return transact(portal.kv, (tx) => storeCode(portal, tx, { purpose, owner, code }));
}

function attempt(portal: Portal, typed: string, other: { purpose?: string; owner?: string } = {}) {
  return tryCode(portal, { purpose, owner, typed, ...other });
}

function spend(portal: Portal, typed = CODE) {
  return transact(portal.kv, (tx) => consumeCode(portal, tx, { purpose, owner, typed }));
}

Deno.test("a code is right as sent, in lower case, with blanks and a hyphen", async () => {
  using portal = await testPortal();
  await store(portal);
  for (const typed of [CODE, "abcd2345", " abcd-2345 ", "ab cd 23 45"]) {
    assertEquals(codeOf(await attempt(portal, typed)), "ok", typed);
  }
});

Deno.test("a wrong code tells how many attempts are left; then nothing opens it", async () => {
  using portal = await testPortal();
  await store(portal);
  for (const restam of [4, 3, 2, 1]) {
    assertEquals(await attempt(portal, "ZZZZZZZZ"), {
      ok: false,
      code: "code_wrong",
      detail: { restam },
    });
  }
  assertEquals(codeOf(await attempt(portal, "")), "code_exhausted");
  assertEquals(codeOf(await attempt(portal, CODE)), "code_exhausted");
});

Deno.test("the fifth attempt may be the right one", async () => {
  using portal = await testPortal();
  await store(portal);
  for (let i = 0; i < 4; i++) await attempt(portal, "ZZZZZZZZ");
  must(await attempt(portal, CODE));
  assert(await spend(portal));
});

Deno.test("guessed in parallel: five are compared, whatever their number", async () => {
  using portal = await testPortal();
  await store(portal);
  const outcomes = await Promise.all(
    Array.from({ length: 20 }, (_, i) => attempt(portal, `ZZZZZZ${String(i).padStart(2, "2")}`)),
  );
  const wrong = outcomes.filter((outcome) => !outcome.ok && outcome.code === "code_wrong");
  assertEquals(wrong.length, 4);
  assertEquals(outcomes.filter((outcome) => codeOf(outcome) === "code_exhausted").length, 16);
  assertEquals(codeOf(await attempt(portal, CODE)), "code_exhausted");
});

Deno.test("a code is no good in another session, for another purpose, or never made", async () => {
  using portal = await testPortal();
  await store(portal);
  assertEquals(codeOf(await attempt(portal, CODE, { owner: "session-two" })), "code_expired");
  assertEquals(codeOf(await attempt(portal, CODE, { purpose: "other" })), "code_expired");
  const foreign = { purpose, owner: "session-two", code: "WXYZ6789" };
  await transact(portal.kv, (tx) => storeCode(portal, tx, foreign));
  assertEquals(codeOf(await attempt(portal, CODE, { owner: "session-two" })), "code_wrong");
});

Deno.test("a code ends after ten minutes", async () => {
  using portal = await testPortal();
  assertEquals(CODE_LIFE, 10 * 60_000);
  await store(portal);
  portal.advance(CODE_LIFE - 1);
  assertEquals(codeOf(await attempt(portal, CODE)), "ok");
  portal.advance(1);
  assertEquals(codeOf(await attempt(portal, CODE)), "code_expired");
});

Deno.test("a second code ends the first", async () => {
  using portal = await testPortal();
  await store(portal);
  await store(portal, "WXYZ6789");
  assertEquals(codeOf(await attempt(portal, CODE)), "code_wrong");
  assertEquals(codeOf(await attempt(portal, "WXYZ6789")), "ok");
});

Deno.test("a code is spent once, by one of two at once", async () => {
  using portal = await testPortal();
  await store(portal);
  const spent = await Promise.all([spend(portal), spend(portal), spend(portal)]);
  assertEquals(spent.filter((won) => won).length, 1);
  assertEquals(codeOf(await attempt(portal, CODE)), "code_expired");
});

Deno.test("a code that was tried cannot spend the one that took its place", async () => {
  using portal = await testPortal();
  await store(portal);
  must(await attempt(portal, CODE));
  await store(portal, "WXYZ6789");
  assertEquals(await spend(portal, CODE), false);
  assertEquals(codeOf(await attempt(portal, "WXYZ6789")), "ok");
});

Deno.test("codes differ, have no look-alikes, and are not in the store", async () => {
  using portal = await testPortal();
  assertNotEquals(makeCode(), makeCode());
  for (let i = 0; i < 100; i++) assert(/^[A-HJKMNP-Z2-9]{8}$/.test(makeCode()));
  await store(portal);
  const entries = await Array.fromAsync(portal.kv.list({ prefix: [] }));
  assertEquals(entries.length, 1);
  assert(!Deno.inspect(entries).includes(CODE));
});
