import { assertEquals, assertRejects } from "@std/assert";
import { refuse } from "../result.ts";
import { keys } from "../store/keys.ts";
import type { AuditRecord } from "../store/records/audit.ts";
import { transact } from "../store/transact.ts";
import { type TestPortal, testPortal } from "../testing.ts";
import { interrupted } from "../testing_world.ts";
import { appendAudit } from "./append.ts";
import { verifyStream } from "./chain.ts";

const entry = (subject: string, stream = "portal") =>
  ({ stream, event: "test.happened", actor: "system", subject }) as const;

async function subjects(portal: TestPortal, stream = "portal"): Promise<string[]> {
  const list = portal.kv.list<AuditRecord>({ prefix: keys.audit.under(stream) });
  return (await Array.fromAsync(list)).map(({ value }) => value.subject);
}

Deno.test("what is refused, or fails, leaves no record", async () => {
  using portal = await testPortal();
  await transact(portal.kv, async (tx) => {
    await appendAudit(portal, tx, entry("a"));
    return refuse("no");
  });
  await assertRejects(() =>
    transact(portal.kv, async (tx) => {
      await appendAudit(portal, tx, entry("a"));
      throw new Error("broken");
    })
  );
  assertEquals(await subjects(portal), []);
  assertEquals(await verifyStream(portal.kv, "portal"), { records: 0, brokenAt: null });
});

Deno.test("several records of one commit follow each other in the chain, and the next commit them", async () => {
  using portal = await testPortal();
  for (const letters of ["a", "bcd", "ef"]) {
    await transact(portal.kv, async (tx) => {
      for (const letter of letters) await appendAudit(portal, tx, entry(letter));
    });
  }
  assertEquals(await subjects(portal), [..."abcdef"]);
  assertEquals(await verifyStream(portal.kv, "portal"), { records: 6, brokenAt: null });
});

Deno.test("two streams in one commit are two chains", async () => {
  using portal = await testPortal();
  await transact(portal.kv, async (tx) => {
    for (const [letter, stream] of [["a", "x"], ["b", "y"], ["c", "x"]] as const) {
      await appendAudit(portal, tx, entry(letter, stream));
    }
  });
  assertEquals([await subjects(portal, "x"), await subjects(portal, "y")], [["a", "c"], ["b"]]);
  for (const stream of ["x", "y"]) {
    assertEquals((await verifyStream(portal.kv, stream)).brokenAt, null);
  }
});

Deno.test("a commit that is done again appends once, after what came in between", async () => {
  using portal = await testPortal();
  const other = () => transact(portal.kv, (tx) => appendAudit(portal, tx, entry("other")));
  await transact(interrupted(portal, 1, other).kv, async (tx) => {
    await appendAudit(portal, tx, entry("a"));
    await appendAudit(portal, tx, entry("b"));
  });
  assertEquals(await subjects(portal), ["other", "a", "b"]);
  assertEquals(await verifyStream(portal.kv, "portal"), { records: 3, brokenAt: null });
});

Deno.test("many at once: one chain", async () => {
  using portal = await testPortal();
  await Promise.all(Array.from({ length: 10 }, (_, i) =>
    transact(portal.kv, async (tx) => {
      await appendAudit(portal, tx, entry(`${i}a`));
      await appendAudit(portal, tx, entry(`${i}b`));
    })));
  assertEquals(await verifyStream(portal.kv, "portal"), { records: 20, brokenAt: null });
  const pairs = (await subjects(portal)).filter((_, i) => i % 2 === 0);
  assertEquals(pairs.every((subject) => subject.endsWith("a")), true);
});

Deno.test("a stream costs a commit one check, however much is appended", async () => {
  using portal = await testPortal();
  const read = (others: number) =>
    transact(portal.kv, async (tx) => {
      for (let i = 0; i < others; i++) await tx.get(keys.outboxLane(`${i}`));
      for (const letter of "abc") await appendAudit(portal, tx, entry(letter));
    });
  await read(9);
  await assertRejects(() => read(10), RangeError);
});
