import { assertEquals, assertNotEquals, assertStringIncludes } from "@std/assert";
import { root } from "../support/portal.ts";

async function mutate(...args: string[]) {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", "tests/mutate/main.ts", ...args],
    cwd: root,
    env: { NO_COLOR: "1" },
  }).output();
  const [output, errors] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  return { code, lines: output!.trim().split("\n"), errors: errors! };
}

Deno.test("the shards of a seed are its mutants, and all are of the files that were named", async () => {
  const list = (...args: string[]) =>
    mutate("--list", "--count", "7", ...args, "core/outbox", "bot/dedupe.ts");
  const [whole, again, other, first, second] = await Promise.all([
    list("--seed", "3"),
    list("--seed", "3"),
    list("--seed", "4"),
    list("--seed", "3", "--shard", "1/2"),
    list("--seed", "3", "--shard", "2/2"),
  ]);
  assertEquals(whole.code, 0);
  assertEquals(whole.lines.length, 7);
  assertEquals(again, whole);
  assertNotEquals(other.lines, whole.lines);
  assertEquals([first.lines.length, second.lines.length], [4, 3]);
  assertEquals([...first.lines, ...second.lines].sort(), whole.lines.toSorted());
  for (const line of whole.lines) {
    assertEquals(/^(core\/outbox\/|bot\/dedupe\.ts:)/.test(line), true);
  }
});

Deno.test("what cannot be done is said, and ends with 2", async () => {
  // The last two are no product: one is a test, one is run by tests only.
  const none = ["core/nada", "core/ids_test.ts", "tests/fixtures/seed.ts"];
  for (const path of none) {
    const { code, errors } = await mutate("--list", path);
    assertEquals(code, 2);
    assertStringIncludes(errors, path);
  }
  for (const args of [["--count", "many"], ["--shard", "3/2"], ["--shard", "0/2"]]) {
    const { code, errors } = await mutate("--list", ...args);
    assertEquals(code, 2);
    assertStringIncludes(errors, "deno task mutate");
  }
});
