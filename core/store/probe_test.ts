import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { keys } from "./keys.ts";
import { openStore } from "./open.ts";
import { probe } from "./probe.ts";
import { list } from "./read.ts";
import { lockStore, withData } from "./testing.ts";

async function reasonOf(kv: Deno.Kv): Promise<string> {
  const result = await probe({ kv });
  return result.ok ? "ok" : result.reason;
}

Deno.test("a record is written and read; many that ask at once write one", () =>
  withData(async (data) => {
    const kv = await openStore(data);
    const answers = await Promise.all(Array.from({ length: 50 }, () => reasonOf(kv)));
    assertEquals(new Set(answers), new Set(["ok"]));
    const written = await Array.fromAsync(list(kv, keys.storeProbe.under()));
    assertEquals(written.length, 1);
    assertEquals(await reasonOf(kv), "ok");
    const [{ value: before }, { value: after }] = [
      written[0]!,
      (await Array.fromAsync(list(kv, keys.storeProbe.under())))[0]!,
    ];
    assertEquals(after, before);
    kv.close();
  }));

Deno.test("a store in memory has no folder, and answers", async () => {
  using kv = await Deno.openKv(":memory:");
  assertEquals(await reasonOf(kv), "ok");
});

Deno.test("a store that is another one now is found out", () =>
  withData(async (data) => {
    const kv = await openStore(data);
    await kv.set(keys.storeIdentity(), { id: "01JQ3V5Z8K2M4N6P8R0T2W4Y6Z", createdAt: 0 });
    assertEquals(await reasonOf(kv), "another");
    kv.close();
  }));

Deno.test("under a lock the answer comes in a second, and is good again after it", () =>
  withData(async (data) => {
    const kv = await openStore(data);
    {
      await using _lock = await lockStore(data);
      const begun = performance.now();
      assertEquals(await reasonOf(kv), "slow");
      assert(performance.now() - begun < 2_500);
    }
    let reason = "";
    for (let i = 0; i < 60 && reason !== "ok"; i++) {
      await new Promise((resolve) => setTimeout(resolve, 250));
      reason = await reasonOf(kv);
    }
    assertEquals(reason, "ok");
    kv.close();
  }));

Deno.test("little room on the disk is told before it is full", () =>
  withData(async (data) => {
    const kv = await openStore(data);
    const result = await probe({ kv }, { leastFree: Number.MAX_SAFE_INTEGER });
    if (result.ok) throw new Error("it is not told");
    assertEquals(result.reason, "full");
    assertStringIncludes(result.text, "HABILITA_DATA");
    assertEquals(await reasonOf(kv), "ok");
    kv.close();
  }));

Deno.test("a file that takes no more is told", () =>
  withData(async (data) => {
    const code = `
      import { openStore } from "./open.ts";
      import { probe } from "./probe.ts";
      const kv = await openStore(${JSON.stringify(data)});
      const wait = () => new Promise((resolve) => setTimeout(resolve, 600));
      const said = [(await probe({ kv })).ok];
      let failed = 0;
      for (let i = 0; i < 400 && failed === 0; i++) {
        await kv.set(["filler", i], new Uint8Array(60_000)).catch(() => failed++);
      }
      await wait();
      said.push((await probe({ kv })).reason);
      console.log(JSON.stringify([...said, failed]));
      kv.close();
    `;
    // The limit of the process stands for the end of the disk; without the trap it would be killed.
    const script = `trap '' XFSZ; ulimit -f 8192; ${Deno.execPath()} eval --no-check ` +
      `--unstable-kv "$CODE"`;
    const { stdout, stderr } = await new Deno.Command("bash", {
      args: ["-c", script],
      cwd: new URL(".", import.meta.url),
      env: { CODE: code, NO_COLOR: "1" },
    }).output();
    const text = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
    const [before, reason, failures] = JSON.parse(text);
    assertEquals([before, failures], [true, 1], text);
    assert(["full", "failing"].includes(reason), text);
  }));
