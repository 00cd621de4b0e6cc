import { freePort, root, untilAnswers } from "../support/portal.ts";

/** A portal as `deno task start` serves it, on an empty folder. */
export interface AttackedPortal extends AsyncDisposable {
  port: number;
  /** Value of HABILITA_DATA. */
  data: string;
  /** Does the serving process still live? */
  lives(): boolean;
  /** The most memory that the serving process has had so far, in MB. */
  peak(): number;
  /** What it has written to stderr. */
  errors(): string;
}

/**
 * Starts the production build, which must be there. It believes `X-Forwarded-For` of this machine, so
 * that sign-ins count as many browsers'.
 *
 * @param descriptors hard limit of open files of the process; the machine's when left out
 */
export async function startAttacked(descriptors?: number): Promise<AttackedPortal> {
  const data = await Deno.makeTempDir({ prefix: "habilita-attack-" });
  const port = freePort();
  const origin = `http://localhost:${port}`;
  const limit = descriptors === undefined ? "" : `ulimit -n ${descriptors}; `;
  const child = new Deno.Command("bash", {
    args: ["-c", `${limit}exec "$0" task --quiet start`, Deno.execPath()],
    cwd: root,
    env: {
      PORT: String(port),
      HABILITA_DATA: data,
      HABILITA_ORIGIN: origin,
      HABILITA_SECRET: crypto.randomUUID(),
      HABILITA_TRUSTED_PROXIES: "127.0.0.1",
      NO_COLOR: "1",
    },
    stdout: "null",
    stderr: "piped",
  }).spawn();
  let errors = "";
  const reading = (async () => {
    for await (const text of child.stderr.pipeThrough(new TextDecoderStream())) errors += text;
  })();
  let lives = true;
  const status = child.status.then(() => lives = false);
  await untilAnswers(`${origin}/`);
  const server = servingProcess(child.pid);
  return {
    port,
    data,
    lives: () => lives && memoryOf(server) !== null,
    peak: () => memoryOf(server) ?? NaN,
    errors: () => errors,
    async [Symbol.asyncDispose]() {
      if (lives) child.kill("SIGTERM");
      await Promise.all([status, reading]);
      await Deno.remove(data, { recursive: true });
    },
  };
}

/** `deno task` starts the process that serves. */
function servingProcess(task: number): number {
  const [child] = Deno.readTextFileSync(`/proc/${task}/task/${task}/children`).trim().split(" ");
  return child ? Number(child) : task;
}

function memoryOf(pid: number): number | null {
  try {
    const [, kilobytes] = /VmHWM:\s+(\d+) kB/.exec(Deno.readTextFileSync(`/proc/${pid}/status`))!;
    return Math.round(Number(kilobytes) / 1024);
  } catch {
    return null;
  }
}
