import { assert, assertEquals } from "@std/assert";
import { checkHealth } from "./health.ts";
import { enqueue } from "./outbox/enqueue.ts";
import { runOutbox } from "./outbox/testing.ts";
import { transact } from "./store/transact.ts";
import { importCadop } from "./registry/cadop_import.ts";
import { sampleCadopCsv } from "../tools/sample/world.ts";
import { openPki } from "../tools/pki/mod.ts";
import { trustingPortal } from "@/tests/fixtures/pki.ts";
import { type TestDeps, testDeps } from "@/tests/fixtures/deps.ts";

const DAY = 24 * 60 * 60_000;

async function stateOf(deps: TestDeps, part: string): Promise<string> {
  const finding = (await checkHealth(deps)).find((one) => one.part.includes(part));
  return finding!.state;
}

Deno.test("an empty portal says what is missing", async () => {
  using deps = await testDeps();
  assertEquals(await stateOf(deps, "CADOP"), "failing");
  assertEquals(await stateOf(deps, "ICP-Brasil"), "failing");
  assertEquals(await stateOf(deps, "a enviar"), "ok");
  assertEquals(await stateOf(deps, "E-mail"), "warning");
});

Deno.test("an edition of CADOP grows old", async () => {
  using deps = await testDeps();
  await importCadop(deps, new Blob([sampleCadopCsv()]).stream());
  assertEquals(await stateOf(deps, "CADOP"), "ok");
  deps.advance(61 * DAY);
  assertEquals(await stateOf(deps, "CADOP"), "warning");
});

Deno.test("messages that wait too long, and those never delivered, are noticed", async () => {
  using deps = await testDeps();
  const mail = { channel: "mail", to: "a@b.example", subject: "", text: "" } as const;
  await transact(deps.kv, (tx) => enqueue(deps, tx, mail));
  assertEquals(await stateOf(deps, "a enviar"), "ok");
  deps.advance(11 * 60_000);
  assertEquals(await stateOf(deps, "a enviar"), "warning");
  await runOutbox(deps, () => Promise.resolve({ outcome: "never", error: "550" }));
  assertEquals(await stateOf(deps, "a enviar"), "ok");
  assertEquals(await stateOf(deps, "não entregues"), "warning");
});

Deno.test("a part that cannot be looked at fails alone", async () => {
  const deps = await testDeps();
  deps[Symbol.dispose]();
  const consoleError = console.error;
  console.error = () => {};
  try {
    const findings = await checkHealth(deps);
    assertEquals(findings.filter(({ state }) => state === "failing").length, 4);
    assert(findings.every(({ detail }) => !/closed|resource/i.test(detail)));
  } finally {
    console.error = consoleError;
  }
});

Deno.test("authorities that end within 60 days", async () => {
  const folder = await Deno.makeTempDir();
  try {
    using deps = await trustingPortal(await openPki(folder));
    assertEquals(await stateOf(deps, "ICP-Brasil"), "ok");
    deps.advance(Date.UTC(2044, 11, 1) - deps.now());
    assertEquals(await stateOf(deps, "ICP-Brasil"), "warning");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
