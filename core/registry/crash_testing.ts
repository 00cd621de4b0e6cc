import { assertEquals } from "@std/assert";

/**
 * Starts an import in another process and kills it when half of the rows are written.
 *
 * @param script imports its second argument into the store that is its first, says `half` on a line
 * when half of the rows are written, and then goes no further
 */
export async function killHalfway(script: string, store: string, file: string): Promise<void> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--allow-all", "--unstable-kv", script, store, file],
    stdout: "piped",
  }).spawn();
  const output = child.stdout.getReader();
  const { value } = await output.read();
  assertEquals(new TextDecoder().decode(value), "half\n");
  child.kill("SIGKILL");
  assertEquals((await child.status).signal, "SIGKILL");
  await output.cancel();
}
