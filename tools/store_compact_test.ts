import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { delay } from "../core/store/delay.ts";
import { keys } from "../core/store/keys.ts";
import { openStore } from "../core/store/open.ts";
import { read } from "../core/store/read.ts";
import { countInFiles, lockStore, startCode, untilSays } from "../core/store/testing.ts";
import { root } from "../tests/support/portal.ts";
import { runTask, withTaskFolder } from "./task_testing.ts";

const MARK = "MARCA-DO-SEGREDO";

/** A process that has the store open, and goes on writing numbers until it is told to stop. */
async function startWriter(data: string) {
  const child = startCode(
    import.meta.url,
    `
    import { openStore } from "../core/store/open.ts";
    import { transact } from "../core/store/transact.ts";
    const kv = await openStore(${JSON.stringify(data)});
    for (let i = 0; i < 200; i++) await kv.set(["secret", i], "${MARK}-" + i + "s".repeat(i * 7));
    for (let i = 0; i < 200; i++) await kv.delete(["secret", i]);
    let writing = true;
    Deno.addSignalListener("SIGTERM", () => writing = false);
    console.log("ready");
    let done = 0;
    for (; writing; done++) await transact(kv, (tx) => tx.set(["written", done], done));
    console.log("[" + done + "]");
    kv.close();
    Deno.exit(0);
  `,
  );
  await untilSays(child, "ready");
  return {
    async stop(): Promise<number> {
      child.kill("SIGTERM");
      const said = await untilSays(child, "]");
      await child.status;
      await Promise.all([child.stdout.cancel(), child.stderr.cancel()]);
      return Number(/\[(\d+)\]/.exec(said)![1]);
    },
  };
}

Deno.test("deno task store:compact beside a process that writes: erased, smaller, nothing lost", () =>
  withTaskFolder(async ({ path, run }) => {
    const data = `${path}/data`;
    const writer = await startWriter(data);
    assert(await countInFiles(data, MARK) > 100);
    const { code, stdout, stderr } = await run("store:compact");
    assertEquals(code, 0, stderr);
    assertMatch(stdout, /^Antes: \d+,\d MB\. Agora: \d+,\d MB\. Em \d+,\d s\.\n$/);
    assertStringIncludes(stderr, "Reescrevendo: 100%");
    assertEquals(await countInFiles(data, MARK), 0);
    const done = await writer.stop();
    assert(done > 0);
    using kv = await openStore(data);
    assertEquals((await Array.fromAsync(kv.list({ prefix: ["written"] }))).length, done);
    assert(await read(kv, keys.storeCompaction()) !== null);
  }));

/** The paths, below a folder, of the files that processes of this machine have open. */
async function openFilesIn(folder: string): Promise<string[]> {
  const found: string[] = [];
  for await (const { name } of Deno.readDir("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    try {
      for (const fd of Deno.readDirSync(`/proc/${name}/fd`)) {
        const path = await Deno.readLink(`/proc/${name}/fd/${fd.name}`).catch(() => "");
        if (path.startsWith(`${folder}/`)) found.push(path);
      }
    } catch { /* It has ended. */ }
  }
  return found;
}

for (const task of ["start", "start:mtls"]) {
  Deno.test(`the nightly run of ${task}: its permissions do, and what it sets aside stays in the folder`, () =>
    withTaskFolder(async ({ path }) => {
      const data = `${path}/data`;
      await (await startWriter(data)).stop();
      {
        using kv = await openStore(data);
        // More than SQLite keeps in memory.
        for (let i = 0; i < 300; i++) await kv.set(["large", i], new Uint8Array(60_000));
      }
      const { tasks } = JSON.parse(await Deno.readTextFile(`${root}/deno.json`));
      const env = { HABILITA_DATA: data, HABILITA_ORIGIN: "http://localhost:8000" };
      const secret = { HABILITA_SECRET: crypto.randomUUID() };
      const command = tasks[task].replace(/\S+\.ts$/, "tools/store_compact_testing.ts");
      const ended = runTask({ ...env, ...secret }, "--eval", command);
      let running = true;
      const setAside = new Set<string>();
      const looking = (async () => {
        while (running) {
          for (const file of await openFilesIn(data)) if (/etilqs/.test(file)) setAside.add(file);
          await delay(20);
        }
      })();
      const { stdout, stderr } = await ended.finally(() => running = false);
      await looking;
      assertEquals(stderr, "");
      assertStringIncludes(stdout, '"reason":"full"', "the room on the disk may be asked");
      assertEquals(await countInFiles(data, MARK), 0);
      assert(setAside.size > 0);
    }));
}

Deno.test("deno task store:compact says when the store is busy, and how it is called", () =>
  withTaskFolder(async ({ path, run }) => {
    assertEquals((await run("store:compact", "now")).code, 2);
    const data = `${path}/data`;
    (await openStore(data)).close();
    await using _lock = await lockStore(data);
    const { code, stderr } = await run("store:compact");
    assertEquals(code, 1);
    assertMatch(stderr, /^O banco não respondeu .*outro processo.*tente de novo\.\n$/);
  }));
