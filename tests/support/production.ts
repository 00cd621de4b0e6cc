import { freePort, root, untilAnswers } from "./portal.ts";

/** The production build in a process of its own, on a folder of its own. */
export interface StartedPortal extends AsyncDisposable {
  origin: string;
  /** Value of HABILITA_DATA. */
  data: string;
  pid: number;
  status: Promise<Deno.CommandStatus>;
  /** What it has written so far. */
  stderr(): string;
  /** Sends a signal and waits for the end. */
  end(signal: Deno.Signal): Promise<{ code: number; ms: number }>;
}

/** What the server of the portal may do; the same as `deno task start` has it. */
function startArgs(data: string): string[] {
  return [
    ...["run", "-q", "--no-prompt", "-P=portal", `--allow-read=.,/usr/bin/ldd,${data}`],
    ...[`--allow-write=${data}`, "tools/start.ts"],
  ];
}

/**
 * Starts the build that is there and waits until it answers.
 *
 * @param how by `deno task start`, or as systemd does it, without another process before it
 * @param env further settings; `HABILITA_DATA` names a folder that stays, else one is made and removed
 */
export async function startProcess(
  how: "task" | "run",
  env: Record<string, string> = {},
): Promise<StartedPortal> {
  const own = env.HABILITA_DATA === undefined;
  const data = env.HABILITA_DATA ?? await Deno.makeTempDir({ prefix: "habilita-production-" });
  const port = env.PORT ?? String(freePort());
  const origin = `http://localhost:${port}`;
  const child = new Deno.Command(Deno.execPath(), {
    args: how === "task" ? ["task", "--quiet", "start"] : startArgs(data),
    cwd: root,
    env: {
      NO_COLOR: "1",
      PORT: port,
      HABILITA_DATA: data,
      HABILITA_ORIGIN: origin,
      HABILITA_SECRET: crypto.randomUUID(),
      ...env,
    },
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).spawn();
  let stderr = "";
  const reading = child.stderr.pipeThrough(new TextDecoderStream())
    .pipeTo(new WritableStream({ write: (text) => void (stderr += text) }));
  const status = child.status.then(async (status) => {
    await reading;
    return status;
  });
  const ended = status.then(() => {
    throw new Error(`the portal ended while it started: ${stderr}`);
  });
  await Promise.race([untilAnswers(`${origin}/termos-de-uso`), ended]);
  ended.catch(() => {});
  return {
    origin,
    data,
    pid: child.pid,
    status,
    stderr: () => stderr,
    async end(signal) {
      const began = Date.now();
      child.kill(signal);
      const { code } = await status;
      return { code, ms: Date.now() - began };
    },
    async [Symbol.asyncDispose]() {
      try {
        child.kill("SIGTERM");
      } catch {
        // It has ended.
      }
      await status;
      if (own) await Deno.remove(data, { recursive: true });
    },
  };
}

/** The process that another one has started (Linux). */
export async function childOf(pid: number): Promise<number> {
  for await (const { name } of Deno.readDir("/proc")) {
    const stat = /^\d+$/.test(name) &&
      await Deno.readTextFile(`/proc/${name}/stat`).catch(() => "");
    // Its name stands in brackets and may hold anything.
    const parent = stat && /^.*\) \S+ (\d+)/.exec(stat)?.[1];
    if (Number(parent) === pid) return Number(name);
  }
  throw new Error(`process ${pid} has started no other`);
}
