import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { DEFAULT_CRL } from "../config/mod.ts";
import { importCadop } from "../registry/cadop_import.ts";
import { enqueue } from "../outbox/enqueue.ts";
import { labelled, runOutbox } from "../outbox/testing.ts";
import { keys } from "../store/keys.ts";
import { transact } from "../store/transact.ts";
import { sampleCadopCsv } from "@/tools/sample/world.ts";
import { openPki } from "@/tools/pki/mod.ts";
import { trustingPortal } from "@/tests/fixtures/pki.ts";
import { DAY, MINUTE, type TestDeps, testDeps } from "@/tests/fixtures/deps.ts";
import { CNES } from "@/tests/fixtures/mod.ts";
import { seedEstablishments } from "@/tests/fixtures/registry.ts";
import type { HealthPart } from "./part.ts";
import { checkParts, PARTS } from "./parts.ts";

const HOUR = 60 * MINUTE;
const WELL = { state: "ok", text: "" } as const;

async function partOf(deps: TestDeps, id: string): Promise<HealthPart> {
  return (await checkParts(deps)).find((one) => one.id === id)!;
}
const stateOf = async (deps: TestDeps, id: string) => (await partOf(deps, id)).state;

Deno.test("an empty portal says what is missing, and what to do about it", async () => {
  using deps = await testDeps();
  const parts = await checkParts(deps);
  const wrong = parts.filter(({ state }) => state !== "ok");
  assertEquals(wrong.map(({ id, state }) => `${id} ${state}`), [
    "mail warning",
    "trust failing",
    "cadop failing",
    "cnes failing",
  ]);
  assert(wrong.every(({ todo }) => todo !== null));
});

for (const id of ["cadop", "cnes"]) {
  Deno.test(`an edition of the registry ${id} grows old; since when is the day it did`, async () => {
    using deps = await testDeps();
    if (id === "cadop") await importCadop(deps, new Blob([sampleCadopCsv()]).stream());
    else await seedEstablishments(deps, [{ cnes: CNES }]);
    assertEquals(await stateOf(deps, id), "ok");
    const imported = deps.now();
    deps.advance(61 * DAY);
    const { state, since } = await partOf(deps, id);
    assertEquals([state, since], ["warning", imported + 60 * DAY]);
  });
}

const mail = labelled("a@b.example");

Deno.test("messages that wait too long, and those never delivered, are noticed", async () => {
  using deps = await testDeps();
  const since = deps.now();
  await transact(deps.kv, (tx) => enqueue(deps, tx, mail));
  assertEquals(await stateOf(deps, "waiting"), "ok");
  deps.advance(31 * MINUTE);
  const waiting = await partOf(deps, "waiting");
  assertEquals([waiting.state, waiting.since], ["warning", since]);
  await runOutbox(deps, () => Promise.resolve({ outcome: "never", error: "550" }));
  assertEquals(await stateOf(deps, "waiting"), "ok");
  assertEquals(await stateOf(deps, "dead-letters"), "warning");
});

Deno.test("what strangers read has no number and no address; the operator's has", async () => {
  using deps = await testDeps();
  for (let i = 0; i < 7; i++) {
    await transact(deps.kv, (tx) => enqueue(deps, tx, labelled(`p${i}@b.example`)));
  }
  deps.advance(7 * HOUR);
  const { text, todo, detail } = await partOf(deps, "waiting");
  assert(!/\d|@/.test(`${text}${todo}`));
  assertEquals(detail, "7 à espera, a mais antiga há 7 h.");
});

Deno.test("a part that cannot be looked at fails alone, and says nothing of the cause", async () => {
  const deps = await testDeps();
  deps[Symbol.dispose]();
  const consoleError = console.error;
  console.error = () => {};
  try {
    const parts = await checkParts(deps);
    const failing = parts.filter(({ state }) => state === "failing").map(({ id }) => id);
    const asked = ["store", "maintenance", "backup", "waiting", "dead-letters", "trust"];
    assertEquals(failing, [...asked, "cadop", "cnes", "clock"]);
    assert(parts.every(({ text, todo }) => !/closed|resource/i.test(`${text}${todo}`)));
  } finally {
    console.error = consoleError;
  }
});

Deno.test("a part that does not answer is failing after two seconds, the others are told", async () => {
  using deps = await testDeps();
  const consoleError = console.error;
  console.error = () => {};
  try {
    const hung = { id: "hung", name: "Parada", look: () => new Promise<never>(() => {}) };
    const begin = performance.now();
    const parts = await checkParts(deps, [hung, PARTS[0]!]);
    assertEquals(parts.map(({ state }) => state), ["failing", "ok"]);
    assert(performance.now() - begin < 10_000);
  } finally {
    console.error = consoleError;
  }
});

Deno.test("authorities that end within 60 days", async () => {
  const folder = await Deno.makeTempDir();
  try {
    using deps = await trustingPortal(await openPki(folder));
    assertEquals(await stateOf(deps, "trust"), "ok");
    deps.advance(Date.UTC(2044, 11, 1) - deps.now());
    const { state, since, detail } = await partOf(deps, "trust");
    assertEquals(state, "warning");
    assert(since! < deps.now());
    assertStringIncludes(detail!, "de 3: ");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("a revocation list that is not renewed: late, then the door is closed", async () => {
  using deps = await testDeps({ crl: { ...DEFAULT_CRL, staleHours: 2 } });
  const nextUpdate = deps.now() + 3 * HOUR;
  await transact(deps.kv, (tx) =>
    tx.set(keys.crl("a"), {
      generation: "1",
      parts: 0,
      thisUpdate: deps.now(),
      nextUpdate,
      number: null,
      scope: { only: null, names: null },
      sha256: "00",
      fetchedAt: deps.now(),
      issuer: new Uint8Array(),
      urls: [],
    }));
  assertEquals(await stateOf(deps, "crl"), "ok");
  deps.advance(2.75 * HOUR);
  assertEquals(await stateOf(deps, "crl"), "warning");
  deps.advance(2 * HOUR);
  assertEquals(await stateOf(deps, "crl"), "warning");
  deps.advance(HOUR);
  const { state, since } = await partOf(deps, "crl");
  assertEquals([state, since], ["failing", nextUpdate]);
});

Deno.test("maintenance and an old backup are told", async () => {
  using deps = await testDeps();
  assertEquals([await stateOf(deps, "maintenance"), await stateOf(deps, "backup")], ["ok", "ok"]);
  const at = deps.now();
  await transact(deps.kv, (tx) => {
    tx.set(keys.maintenance(), { since: at });
    tx.set(keys.backup(), { at, file: "/var/copias/a.habilita", bytes: 1, records: 3 });
  });
  assertEquals((await partOf(deps, "maintenance")).since, at);
  deps.advance(DAY);
  assertEquals(await stateOf(deps, "backup"), "ok");
  deps.advance(DAY);
  const { state, since, detail } = await partOf(deps, "backup");
  assertEquals([state, since], ["warning", at + 1.5 * DAY]);
  assert(!detail!.includes("/var"));
});

Deno.test("a backup that fails is told since its first failure; one that was never made, after a day and a half", async () => {
  using deps = await testDeps();
  const at = deps.now();
  await transact(deps.kv, (tx) => tx.set(keys.storeIdentity(), { id: "01K", createdAt: at }));
  deps.advance(1.5 * DAY);
  assertEquals(await stateOf(deps, "backup"), "ok");
  deps.advance(1);
  const never = await partOf(deps, "backup");
  assertEquals([never.state, never.since], ["warning", at + 1.5 * DAY]);
  const failure = { since: at + DAY, at: deps.now(), reason: "O disco está cheio." };
  await transact(deps.kv, (tx) => tx.set(keys.backupFailure(), failure));
  const { state, since, detail } = await partOf(deps, "backup");
  assertEquals([state, since], ["failing", at + DAY]);
  assert(detail!.includes("O disco está cheio."));
});

Deno.test("a part that cannot be looked at is one entry of the log, until it could be again", async () => {
  using deps = await testDeps();
  let down = true;
  const part = {
    ...PARTS[0]!,
    look: () => down ? Promise.reject(new Error("down")) : Promise.resolve(WELL),
  };
  const { error } = console;
  const logged: string[] = [];
  console.error = (line) => void logged.push(line);
  try {
    for (const now of [true, true, true, false, true]) {
      down = now;
      await checkParts(deps, [part]);
    }
  } finally {
    console.error = error;
  }
  assertEquals(logged.map((line) => line.split("\n")[0]), [
    "health_not_checked: part=store error=down",
    "health_not_checked: part=store error=down",
  ]);
});
