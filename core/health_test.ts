import { assert, assertEquals } from "@std/assert";
import { checkHealth } from "./health.ts";
import { enqueue } from "./outbox/enqueue.ts";
import { drainOutbox } from "./outbox/drain.ts";
import { transact } from "./store/transact.ts";
import { importCadop } from "./registry/cadop_import.ts";
import { sampleCadopCsv } from "../tools/sample/world.ts";
import { openPki } from "../tools/pki/mod.ts";
import { trustingPortal } from "../tools/pki/testing.ts";
import { type TestPortal, testPortal } from "./testing.ts";

const DAY = 24 * 60 * 60_000;

async function stateOf(portal: TestPortal, part: string): Promise<string> {
  const finding = (await checkHealth(portal)).find((one) => one.part.includes(part));
  return finding!.state;
}

Deno.test("an empty portal says what is missing", async () => {
  using portal = await testPortal();
  assertEquals(await stateOf(portal, "CADOP"), "failing");
  assertEquals(await stateOf(portal, "ICP-Brasil"), "failing");
  assertEquals(await stateOf(portal, "a enviar"), "ok");
  assertEquals(await stateOf(portal, "E-mail"), "warning");
});

Deno.test("an edition of CADOP grows old", async () => {
  using portal = await testPortal();
  await importCadop(portal, new Blob([sampleCadopCsv()]).stream());
  assertEquals(await stateOf(portal, "CADOP"), "ok");
  portal.advance(61 * DAY);
  assertEquals(await stateOf(portal, "CADOP"), "warning");
});

Deno.test("messages that wait too long, and those never delivered, are noticed", async () => {
  using portal = await testPortal();
  const mail = { channel: "mail", to: "a@b.example", subject: "", text: "" } as const;
  await transact(portal.kv, (tx) => enqueue(portal, tx, mail));
  assertEquals(await stateOf(portal, "a enviar"), "ok");
  portal.advance(11 * 60_000);
  assertEquals(await stateOf(portal, "a enviar"), "warning");
  await drainOutbox(portal, () => Promise.resolve({ outcome: "never", error: "550" }));
  assertEquals(await stateOf(portal, "a enviar"), "ok");
  assertEquals(await stateOf(portal, "não entregues"), "warning");
});

Deno.test("a part that cannot be looked at fails alone", async () => {
  const portal = await testPortal();
  portal[Symbol.dispose]();
  const consoleError = console.error;
  console.error = () => {};
  try {
    const findings = await checkHealth(portal);
    assertEquals(findings.filter(({ state }) => state === "failing").length, 4);
    assert(findings.every(({ detail }) => !/closed|resource/i.test(detail)));
  } finally {
    console.error = consoleError;
  }
});

Deno.test("authorities that end within 60 days", async () => {
  const folder = await Deno.makeTempDir();
  try {
    using portal = await trustingPortal(await openPki(folder));
    assertEquals(await stateOf(portal, "ICP-Brasil"), "ok");
    portal.advance(Date.UTC(2044, 11, 1) - portal.now());
    assertEquals(await stateOf(portal, "ICP-Brasil"), "warning");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
