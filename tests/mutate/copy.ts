import { dirname, join } from "@std/path";
import { applyMutant, type Mutant } from "./sites.ts";

/** How a test file ended. `failed` names the first test that failed, when the output does. */
export type Verdict = { passed: true } | { passed: false; failed: string };

/** A copy of the tree in a temporary folder, where mutants are written and tests run. */
export interface Copy extends AsyncDisposable {
  /** Makes the files as they were, but for these mutants: at most one a file. */
  write(mutants: readonly Mutant[]): Promise<void>;
  /**
   * Runs one test file in a process of its own.
   *
   * @param limit ms; a test that takes longer is ended, with all it has started, and has failed
   */
  test(file: string, limit: number): Promise<Verdict>;
}

/**
 * The files of a tree that git knows or would know, with their text; what is no text is empty.
 *
 * @param root absolute path
 * @returns path from the root to text
 */
export async function readTree(root: string): Promise<Map<string, string>> {
  const list = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"];
  const output = await run("git", list, root);
  const files = new Map<string, string>();
  for (const file of output.split("\0").filter(Boolean).sort()) {
    const isText = /\.(tsx?|json)$/.test(file);
    try {
      files.set(file, isText ? await Deno.readTextFile(join(root, file)) : "");
    } catch (error) {
      // Deleted, and not yet for git.
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
  return files;
}

/**
 * Copies a tree; `node_modules` is shared with it, and what `tools/assets.ts` makes is made anew.
 * Ends with the signal, too.
 */
export async function copyTree(
  root: string,
  files: ReadonlyMap<string, string>,
  signal?: AbortSignal,
): Promise<Copy> {
  const folder = await Deno.makeTempDir({ prefix: "habilita-mutate-" });
  for (const file of files.keys()) {
    await Deno.mkdir(dirname(join(folder, file)), { recursive: true });
    await Deno.copyFile(join(root, file), join(folder, file));
  }
  const modules = join(root, "node_modules");
  if (await isThere(modules)) await Deno.symlink(modules, join(folder, "node_modules"));
  if (files.has("tools/assets.ts")) {
    await run(Deno.execPath(), ["run", "-A", "--no-check", "tools/assets.ts"], folder);
  }
  let changed: readonly Mutant[] = [];
  return {
    async write(mutants) {
      for (const { file } of changed) {
        await Deno.writeTextFile(join(folder, file), files.get(file)!);
      }
      for (const mutant of mutants) {
        const text = applyMutant(files.get(mutant.file)!, mutant);
        await Deno.writeTextFile(join(folder, mutant.file), text);
      }
      changed = mutants;
    },
    test: (file, limit) => runTest(folder, file, limit, signal),
    [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }),
  };
}

async function runTest(
  folder: string,
  file: string,
  limit: number,
  signal?: AbortSignal,
): Promise<Verdict> {
  signal?.throwIfAborted();
  const child = new Deno.Command(Deno.execPath(), {
    args: ["test", "-A", "--no-check", "--quiet", "--fail-fast", file],
    cwd: folder,
    env: { NO_COLOR: "1" },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
    // A group of its own, so that what it has started ends with it.
    detached: true,
  }).spawn();
  const end = () => {
    try {
      Deno.kill(-child.pid, "SIGKILL");
    } catch {
      // It has ended by itself.
    }
  };
  let hangs = false;
  const timer = setTimeout(() => {
    hangs = true;
    end();
  }, limit);
  signal?.addEventListener("abort", end);
  try {
    const { success, stdout, stderr } = await child.output();
    signal?.throwIfAborted();
    if (success) return { passed: true };
    const text = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
    return { passed: false, failed: hangs ? `no end after ${limit / 1000} s` : firstFailure(text) };
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", end);
    end();
  }
}

/** `name => ./file:1:2` is how the runner lists what failed. */
function firstFailure(output: string): string {
  return output.match(/^(.+) => .+:\d+:\d+$/m)?.[1] ??
    output.match(/^error: .*$/m)?.[0] ?? "it did not run to its end";
}

async function run(command: string, args: string[], cwd: string): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(command, { args, cwd }).output();
  if (!success) throw new Error(`${command} ${args[0]}: ${new TextDecoder().decode(stderr)}`);
  return new TextDecoder().decode(stdout);
}

async function isThere(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}
