import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { keys } from "../core/store/keys.ts";
import { openStore } from "../core/store/open.ts";
import { read } from "../core/store/read.ts";
import { countInFiles, lockStore, startCode, untilSays } from "../core/store/testing.ts";
import { root } from "../tests/support/portal.ts";
import { withTaskFolder } from "./task_testing.ts";

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
    console.log("ready");
    let writing = true;
    Deno.addSignalListener("SIGTERM", () => writing = false);
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

Deno.test("the nightly run goes with the permissions of the portal", () =>
  withTaskFolder(async ({ path }) => {
    const data = `${path}/data`;
    await (await startWriter(data)).stop();
    const code = `
      import { compactNightly } from "./core/store/compact/mod.ts";
      import { openStore } from "./core/store/open.ts";
      import { probe } from "./core/store/probe.ts";
      const kv = await openStore(${JSON.stringify(data)});
      await compactNightly({ kv, now: Date.now });
      console.log(JSON.stringify(await probe({ kv }, { leastFree: Number.MAX_SAFE_INTEGER })));
      kv.close();
    `;
    const flags = ["-q", "--no-prompt", "--no-check", "-P=portal"];
    const allowed = [`--allow-read=.,${data}`, `--allow-write=${data}`];
    const child = new Deno.Command(Deno.execPath(), {
      args: ["run", ...flags, ...allowed, "-"],
      cwd: root,
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    await new Blob([code]).stream().pipeTo(child.stdin);
    const output = await child.output();
    const [said, errors] = [output.stdout, output.stderr].map((b) => new TextDecoder().decode(b));
    assertEquals(errors, "");
    assertStringIncludes(said!, '"reason":"full"', "the room on the disk may be asked");
    assertEquals(await countInFiles(data, MARK), 0);
  }));

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
