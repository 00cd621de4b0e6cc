import { fromFileUrl } from "@std/path";
import { delay } from "@/core/store/delay.ts";

export const root = fromFileUrl(new URL("../..", import.meta.url));

export type RunningPortal = Awaited<ReturnType<typeof startPortal>>;

/**
 * The development server as a newcomer starts it: a process of its own, on an empty folder.
 * @returns its origin, and that folder: the value of HABILITA_DATA
 */
export async function startPortal() {
  const data = await Deno.makeTempDir({ prefix: "habilita-test-" });
  const port = freePort();
  const origin = `http://localhost:${port}`;
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", "dev.ts"],
    cwd: root,
    env: { PORT: String(port), HABILITA_DATA: data },
    stdout: "null",
    stderr: "inherit",
  }).spawn();
  await untilAnswers(`${origin}/`);
  return {
    origin,
    data,
    async [Symbol.asyncDispose]() {
      child.kill("SIGTERM");
      await child.status;
      await Deno.remove(data, { recursive: true });
    },
  };
}

export function freePort(): number {
  using listener = Deno.listen({ port: 0 });
  return listener.addr.port;
}

/** @throws {Error} when nothing answers there within a minute */
export async function untilAnswers(address: string): Promise<void> {
  for (let i = 0; i < 600; i++) {
    const response = await fetch(address).catch(() => null);
    if (response) return await response.body?.cancel();
    await delay(100);
  }
  throw new Error(`${address} did not answer within a minute`);
}
