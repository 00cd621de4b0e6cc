import { assertEquals, assertRejects } from "@std/assert";
import { refuse } from "../result.ts";
import { keys } from "../store/keys.ts";
import type { AuditRecord } from "../store/records/audit.ts";
import { transact } from "../store/transact.ts";
import { interrupted, type TestDeps, testDeps } from "@/tests/fixtures/mod.ts";
import { appendAudit } from "./append.ts";
import { verifyStream } from "./chain.ts";

const entry = (subject: string, stream = "portal") =>
  ({ stream, event: "test.happened", actor: "system", subject }) as const;

async function subjects(deps: TestDeps, stream = "portal"): Promise<string[]> {
  const list = deps.kv.list<AuditRecord>({ prefix: keys.audit.under(stream) });
  return (await Array.fromAsync(list)).map(({ value }) => value.subject);
}

Deno.test("what is refused, or fails, leaves no record", async () => {
  using deps = await testDeps();
  await transact(deps.kv, async (tx) => {
    await appendAudit(deps, tx, entry("a"));
    return refuse("no");
  });
  await assertRejects(() =>
    transact(deps.kv, async (tx) => {
      await appendAudit(deps, tx, entry("a"));
      throw new Error("broken");
    })
  );
  assertEquals(await subjects(deps), []);
  assertEquals(await verifyStream(deps.kv, "portal"), { records: 0, brokenAt: null });
});

Deno.test("several records of one commit follow each other in the chain, and the next commit them", async () => {
  using deps = await testDeps();
  for (const letters of ["a", "bcd", "ef"]) {
    await transact(deps.kv, async (tx) => {
      for (const letter of letters) await appendAudit(deps, tx, entry(letter));
    });
  }
  assertEquals(await subjects(deps), [..."abcdef"]);
  assertEquals(await verifyStream(deps.kv, "portal"), { records: 6, brokenAt: null });
});

Deno.test("two streams in one commit are two chains", async () => {
  using deps = await testDeps();
  await transact(deps.kv, async (tx) => {
    for (const [letter, stream] of [["a", "x"], ["b", "y"], ["c", "x"]] as const) {
      await appendAudit(deps, tx, entry(letter, stream));
    }
  });
  assertEquals([await subjects(deps, "x"), await subjects(deps, "y")], [["a", "c"], ["b"]]);
  for (const stream of ["x", "y"]) {
    assertEquals((await verifyStream(deps.kv, stream)).brokenAt, null);
  }
});

Deno.test("a commit that is done again appends once, after what came in between", async () => {
  using deps = await testDeps();
  const other = () => transact(deps.kv, (tx) => appendAudit(deps, tx, entry("other")));
  await transact(interrupted(deps, 1, other).kv, async (tx) => {
    await appendAudit(deps, tx, entry("a"));
    await appendAudit(deps, tx, entry("b"));
  });
  assertEquals(await subjects(deps), ["other", "a", "b"]);
  assertEquals(await verifyStream(deps.kv, "portal"), { records: 3, brokenAt: null });
});

Deno.test("many at once: one chain", async () => {
  using deps = await testDeps();
  await Promise.all(Array.from({ length: 10 }, (_, i) =>
    transact(deps.kv, async (tx) => {
      await appendAudit(deps, tx, entry(`${i}a`));
      await appendAudit(deps, tx, entry(`${i}b`));
    })));
  assertEquals(await verifyStream(deps.kv, "portal"), { records: 20, brokenAt: null });
  const pairs = (await subjects(deps)).filter((_, i) => i % 2 === 0);
  assertEquals(pairs.every((subject) => subject.endsWith("a")), true);
});

Deno.test("a stream costs a commit one check, however much is appended", async () => {
  using deps = await testDeps();
  const read = (others: number) =>
    transact(deps.kv, async (tx) => {
      for (let i = 0; i < others; i++) await tx.get(keys.outboxPartition(`${i}`));
      for (const letter of "abc") await appendAudit(deps, tx, entry(letter));
    });
  // The tenth check is that of the maintenance.
  await read(8);
  await assertRejects(() => read(9), RangeError);
});
