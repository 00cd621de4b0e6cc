import { fromFileUrl } from "@std/path";

export const root = fromFileUrl(new URL("../..", import.meta.url));

/** The development server as a newcomer starts it: a process of its own, on an empty folder. */
export interface RunningPortal extends AsyncDisposable {
  origin: string;
  /** Value of HABILITA_DATA. */
  data: string;
}

export async function startPortal(): Promise<RunningPortal> {
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

/** Runs a task of `deno.json` on the data of a portal, as the operator of the portal would. */
export async function runTask(
  portal: Pick<RunningPortal, "data">,
  task: string,
  ...args: string[]
): Promise<{ code: number; output: string }> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["task", task, ...args],
    cwd: root,
    env: { HABILITA_DATA: portal.data, NO_COLOR: "1" },
  }).output();
  const text = new TextDecoder();
  return { code, output: text.decode(stdout) + text.decode(stderr) };
}

export function freePort(): number {
  const listener = Deno.listen({ port: 0 });
  const { port } = listener.addr;
  listener.close();
  return port;
}

export async function untilAnswers(address: string, seconds = 60): Promise<void> {
  for (let i = 0; i < seconds * 10; i++) {
    try {
      const response = await fetch(address);
      await response.body?.cancel();
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
  throw new Error(`${address} did not answer within ${seconds} s`);
}
