import { root } from "../tests/support/portal.ts";

/** A task that serves when it should have refused would never end (ms). */
const LIMIT = 30_000;

/** What a run of a task said. */
export type Outcome = Awaited<ReturnType<typeof runTask>>;

/** Runs a task of `deno.json` in a process of its own, with the permissions it has there. */
export async function runTask(env: Record<string, string>, ...args: string[]) {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["task", "-q", ...args],
    cwd: root,
    env: { NO_COLOR: "1", ...env },
    signal: AbortSignal.timeout(LIMIT),
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, stdout: text(stdout), stderr: text(stderr) };
}

/** A folder for files, `data` in it for the store, and the tasks run with that. */
export type TaskFolder = { path: string; run: (...args: string[]) => Promise<Outcome> };

export async function withTaskFolder(test: (folder: TaskFolder) => Promise<void>) {
  const path = await Deno.makeTempDir();
  try {
    await test({ path, run: (...args) => runTask({ HABILITA_DATA: `${path}/data` }, ...args) });
  } finally {
    await Deno.remove(path, { recursive: true });
  }
}
