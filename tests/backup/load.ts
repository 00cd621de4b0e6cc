/**
 * A backup of a store that is written to, and its restore: how long, how much memory, how long the
 * slowest write took, and whether what is restored is one moment.
 */
import { join } from "@std/path";
import { momentOf, startWriters } from "@/core/store/backup/ledger_testing.ts";
import { openStore } from "@/core/store/open.ts";
import { root } from "../support/portal.ts";

export interface LoadOptions {
  /** In the store. */
  records: number;
  /** Commits a second that go on meanwhile. */
  writes: number;
  /** `HABILITA_BACKUP_KEY`. */
  key: string;
}

export interface LoadReport {
  /** In the backup. */
  records: number;
  /** Line of the ledger that the restored store is at, and those before and after the backup. */
  moment: number;
  between: [number, number];
  /** Seconds. */
  backup: number;
  verify: number;
  restore: number;
  /** Milliseconds: the slowest commit before the backup, and during it. */
  slowestBefore: number;
  slowest: number;
  /** Of the file. */
  bytes: number;
  /** Highest resident memory of `deno task backup`, in MB. */
  memory: number;
}

/** Runs the tasks as they are run by hand, in processes of their own, on a store in `folder`. */
export async function load(
  folder: string,
  { records, writes, key }: LoadOptions,
  fill: (kv: Deno.Kv, records: number) => Promise<void>,
): Promise<LoadReport> {
  const file = join(folder, "a.backup");
  const task = async (data: string, ...args: string[]) => {
    const env = { HABILITA_DATA: join(folder, data), HABILITA_BACKUP_KEY: key };
    const before = performance.now();
    const { code, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["task", "-q", ...args],
      cwd: root,
      env: { NO_COLOR: "1", ...env },
      stdout: "null",
    }).output();
    if (code !== 0) throw new Error(`${args.join(" ")}: ${new TextDecoder().decode(stderr)}`);
    return (performance.now() - before) / 1_000;
  };
  using kv = await openStore(join(folder, "data"));
  await fill(kv, records);
  const writers = startWriters(kv, writes);
  const pause = () => new Promise((resolve) => setTimeout(resolve, 1_000));
  try {
    await pause();
    const slowestBefore = writers.slowest;
    writers.slowest = 0;
    const before = writers.commits;
    const watch = watchMemory("tools/backup.ts");
    const backup = await task("data", "backup", file);
    const memory = await watch();
    const after = writers.commits;
    const slowest = writers.slowest;
    await writers.stop();
    const verify = await task("data", "backup:verify", file);
    const restore = await task("new", "restore", file);
    using restored = await openStore(join(folder, "new"));
    const entries = await Array.fromAsync(restored.list({ prefix: [] }, { batchSize: 500 }));
    return {
      records: entries.length,
      moment: momentOf(entries),
      between: [before, after],
      ...{ backup, verify, restore, slowestBefore, slowest, memory },
      bytes: (await Deno.stat(file)).size,
    };
  } finally {
    await writers.stop();
  }
}

/** Follows the process whose command line has `name`, which this one has started, by /proc. */
function watchMemory(name: string): () => Promise<number> {
  let highest = 0;
  let stopped = false;
  const watching = (async () => {
    while (!stopped) {
      highest = Math.max(highest, await memoryOf(name).catch(() => 0));
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  })();
  return async () => {
    stopped = true;
    await watching;
    return Math.round(highest / 1024);
  };
}

/** High-water mark of the newest such process, in KB. */
async function memoryOf(name: string): Promise<number> {
  let [newest, found] = [0, 0];
  for await (const { name: pid } of Deno.readDir("/proc")) {
    if (!/^\d+$/.test(pid) || Number(pid) < newest) continue;
    const line = await Deno.readTextFile(`/proc/${pid}/cmdline`).catch(() => "");
    if (!line.startsWith("deno\0run") && !/\/deno\0run/.test(line)) continue;
    if (!line.includes(name)) continue;
    const status = await Deno.readTextFile(`/proc/${pid}/status`).catch(() => "");
    const high = Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0);
    if (high > 0) [newest, found] = [Number(pid), high];
  }
  return found;
}
