import { assertEquals } from "@std/assert";
import { testPortal } from "../testing.ts";
import { codeOf, lia, MINUTE } from "../testing_world.ts";
import { clearAttempts, type Limit, returnAttempt, takeAttempt } from "./throttle.ts";

const LIMIT: Limit = { what: "test", attempts: 3, window: 15 * MINUTE };

Deno.test("attempts made at once count too: no more than the limit get through", async () => {
  using portal = await testPortal();
  const outcomes = await Promise.all(
    Array.from({ length: 12 }, () => takeAttempt(portal, LIMIT, "a")),
  );
  assertEquals(outcomes.filter((outcome) => outcome.ok).length, LIMIT.attempts);
});

Deno.test("the refusal tells the minutes that are left, never less than one", async () => {
  using portal = await testPortal();
  for (let i = 0; i < LIMIT.attempts; i++) await takeAttempt(portal, LIMIT, "a");
  portal.advance(4 * MINUTE + 1);
  const refused = await takeAttempt(portal, LIMIT, "a");
  assertEquals(refused, { ok: false, code: "too_many_attempts", detail: { minutos: 11 } });
  portal.advance(11 * MINUTE - 2);
  assertEquals(await takeAttempt(portal, LIMIT, "a"), {
    ok: false,
    code: "too_many_attempts",
    detail: { minutos: 1 },
  });
});

Deno.test("refused attempts do not lengthen the wait", async () => {
  using portal = await testPortal();
  for (let i = 0; i < 10; i++) await takeAttempt(portal, LIMIT, "a");
  portal.advance(LIMIT.window);
  assertEquals(codeOf(await takeAttempt(portal, LIMIT, "a")), "ok");
});

Deno.test("another person and another limit are counted on their own", async () => {
  using portal = await testPortal();
  for (let i = 0; i < 4; i++) await takeAttempt(portal, LIMIT, "a");
  assertEquals(codeOf(await takeAttempt(portal, LIMIT, "b")), "ok");
  assertEquals(codeOf(await takeAttempt(portal, { ...LIMIT, what: "other" }, "a")), "ok");
  assertEquals(codeOf(await takeAttempt(portal, LIMIT, "a")), "too_many_attempts");
});

Deno.test("clearing starts the count again", async () => {
  using portal = await testPortal();
  for (let i = 0; i < 4; i++) await takeAttempt(portal, LIMIT, "a");
  await clearAttempts(portal, LIMIT, "a");
  assertEquals(codeOf(await takeAttempt(portal, LIMIT, "a")), "ok");
});

Deno.test("an attempt given back leaves the others counted, and is given back once", async () => {
  using portal = await testPortal();
  await returnAttempt(portal, LIMIT, "a");
  for (let i = 0; i < LIMIT.attempts; i++) await takeAttempt(portal, LIMIT, "a");
  await returnAttempt(portal, LIMIT, "a");
  assertEquals(codeOf(await takeAttempt(portal, LIMIT, "a")), "ok");
  assertEquals(codeOf(await takeAttempt(portal, LIMIT, "a")), "too_many_attempts");
});

Deno.test("neither CPF nor address can be read in the store", async () => {
  using portal = await testPortal();
  await takeAttempt(portal, LIMIT, `${lia.cpf} 192.0.2.1`);
  const entries = await Array.fromAsync(portal.kv.list({ prefix: [] }));
  assertEquals(entries.length, 1);
  const text = JSON.stringify(entries[0]!.key);
  assertEquals(text.includes(lia.cpf) || text.includes("192.0.2.1"), false);
});
