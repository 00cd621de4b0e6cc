import { assertEquals } from "@std/assert";
import { codeOf, lia, MINUTE, testDeps } from "@/tests/fixtures/mod.ts";
import { consumeAttempt, type Limit, refundAttempt, resetAttempts } from "./throttle.ts";

const LIMIT: Limit = { what: "test", attempts: 3, window: 15 * MINUTE };

Deno.test("attempts made at once count too: no more than the limit get through", async () => {
  using deps = await testDeps();
  const outcomes = await Promise.all(
    Array.from({ length: 12 }, () => consumeAttempt(deps, LIMIT, "a")),
  );
  assertEquals(outcomes.filter((outcome) => outcome.ok).length, LIMIT.attempts);
});

Deno.test("the refusal tells the minutes that are left, never less than one", async () => {
  using deps = await testDeps();
  for (let i = 0; i < LIMIT.attempts; i++) await consumeAttempt(deps, LIMIT, "a");
  deps.advance(4 * MINUTE + 1);
  const refused = await consumeAttempt(deps, LIMIT, "a");
  assertEquals(refused, { ok: false, code: "too_many_attempts", detail: { minutos: 11 } });
  deps.advance(11 * MINUTE - 2);
  assertEquals(await consumeAttempt(deps, LIMIT, "a"), {
    ok: false,
    code: "too_many_attempts",
    detail: { minutos: 1 },
  });
});

Deno.test("refused attempts do not lengthen the wait", async () => {
  using deps = await testDeps();
  for (let i = 0; i < 10; i++) await consumeAttempt(deps, LIMIT, "a");
  deps.advance(LIMIT.window);
  assertEquals(codeOf(await consumeAttempt(deps, LIMIT, "a")), "ok");
});

Deno.test("another person and another limit are counted on their own", async () => {
  using deps = await testDeps();
  for (let i = 0; i < 4; i++) await consumeAttempt(deps, LIMIT, "a");
  assertEquals(codeOf(await consumeAttempt(deps, LIMIT, "b")), "ok");
  assertEquals(codeOf(await consumeAttempt(deps, { ...LIMIT, what: "other" }, "a")), "ok");
  assertEquals(codeOf(await consumeAttempt(deps, LIMIT, "a")), "too_many_attempts");
});

Deno.test("clearing starts the count again", async () => {
  using deps = await testDeps();
  for (let i = 0; i < 4; i++) await consumeAttempt(deps, LIMIT, "a");
  await resetAttempts(deps, LIMIT, "a");
  assertEquals(codeOf(await consumeAttempt(deps, LIMIT, "a")), "ok");
});

Deno.test("an attempt given back leaves the others counted, and is given back once", async () => {
  using deps = await testDeps();
  await refundAttempt(deps, LIMIT, "a");
  for (let i = 0; i < LIMIT.attempts; i++) await consumeAttempt(deps, LIMIT, "a");
  await refundAttempt(deps, LIMIT, "a");
  assertEquals(codeOf(await consumeAttempt(deps, LIMIT, "a")), "ok");
  assertEquals(codeOf(await consumeAttempt(deps, LIMIT, "a")), "too_many_attempts");
});

Deno.test("neither CPF nor address can be read in the store", async () => {
  using deps = await testDeps();
  await consumeAttempt(deps, LIMIT, `${lia.cpf} 192.0.2.1`);
  const entries = await Array.fromAsync(deps.kv.list({ prefix: [] }));
  assertEquals(entries.length, 1);
  const text = JSON.stringify(entries[0]!.key);
  assertEquals(text.includes(lia.cpf) || text.includes("192.0.2.1"), false);
});
