import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { root } from "../tests/support/portal.ts";

/** Opens an event stream or not, sends the signals, and waits for the end. */
async function stopped({ stream, signals }: { stream: boolean; signals: Deno.Signal[] }) {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", "tools/stop_testing.ts"],
    cwd: root,
    env: { NO_COLOR: "1" },
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const lines = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  const port = (await lines.read()).value!.trim();
  const events = stream ? (await fetch(`http://127.0.0.1:${port}/`)).body!.getReader() : null;
  await events?.read();
  const began = Date.now();
  for (const signal of signals) child.kill(signal);
  const stderr = await new Response(child.stderr).text();
  const { code } = await child.status;
  const ms = Date.now() - began;
  await events?.cancel().catch(() => {});
  await lines.cancel();
  return { code, ms, stderr };
}

Deno.test("what was told to stop ends by itself, however often it is told", async () => {
  for (const signals of [["SIGTERM"], ["SIGINT"], ["SIGINT", "SIGTERM", "SIGINT"]] as const) {
    const { code, ms, stderr } = await stopped({ stream: false, signals: [...signals] });
    assertEquals([code, stderr], [7, ""]);
    assert(ms < 1_000, `${ms} ms`);
  }
});

Deno.test("an event stream does not hold the stop: the last timer ends the process with 0", async () => {
  const { code, ms, stderr } = await stopped({ stream: true, signals: ["SIGTERM"] });
  assertEquals(code, 0, stderr);
  assert(ms >= 1_000, `${ms} ms`);
  assertEquals(stderr.trimEnd().split("\n").length, 1, stderr);
  assertEquals(JSON.parse(stderr).event, "stop_timed_out");
  assertStringIncludes(stderr, "Nem tudo terminou em 1 s");
});
