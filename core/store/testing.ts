import { join } from "@std/path";
import type { StoreSettings } from "../config/mod.ts";
import { FILE_NAME, partsOf } from "./file.ts";

/** A folder that is not there yet, in one that is removed afterwards. */
export async function withData(test: (data: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "habilita-store-" });
  try {
    await test(join(folder, "data"));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** The settings of a store in a folder. */
export function settingsOf(data: string, id: string | null = null): StoreSettings {
  return {
    HABILITA_DATA: data,
    HABILITA_KV: null,
    HABILITA_STORE_ID: id,
    DENO_DEPLOYMENT_ID: null,
  };
}

/** Runs code in a process of its own, all permissions given; `module` is where its imports start from. */
export function startCode(
  module: string,
  code: string,
  env: Record<string, string> = {},
): Deno.ChildProcess {
  // Relative imports of what comes from the standard input start from the folder of the process.
  return new Deno.Command(Deno.execPath(), {
    args: ["eval", "--no-check", "--unstable-kv", code],
    cwd: new URL(".", module),
    env: { NO_COLOR: "1", ...env },
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

/** Reads the output of a process up to a text, and answers with what it read. */
export async function untilSays(child: Deno.ChildProcess, text: string): Promise<string> {
  const decoder = new TextDecoder();
  let said = "";
  const reader = child.stdout.getReader();
  while (!said.includes(text)) {
    const { done, value } = await reader.read();
    if (done) throw new Error(`the process ended after: ${said}`);
    said += decoder.decode(value, { stream: true });
  }
  reader.releaseLock();
  return said;
}

/** Another process that has the write lock of a store until it is disposed of. */
export async function lockStore(data: string): Promise<AsyncDisposable> {
  const child = startCode(
    import.meta.url,
    `
    import { DatabaseSync } from "node:sqlite";
    const db = new DatabaseSync(${JSON.stringify(join(data, FILE_NAME))});
    db.exec("PRAGMA busy_timeout = 5000; BEGIN IMMEDIATE");
    console.log("locked");
    setInterval(() => {}, 1000);
  `,
  );
  await untilSays(child, "locked");
  return {
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await child.status;
      await Promise.all([child.stdout.cancel(), child.stderr.cancel()]);
    },
  };
}

/**
 * What is in the files of a store, a character a byte. Read by another process: SQLite loses its locks when
 * this one closes a file that it has open.
 */
export async function readFiles(data: string): Promise<string> {
  const paths = partsOf(join(data, FILE_NAME));
  const cat = await new Deno.Command("cat", { args: paths, stderr: "null" }).output();
  return new TextDecoder("latin1").decode(cat.stdout);
}

/** How often a text is in the files of a store. */
export async function countInFiles(data: string, text: string): Promise<number> {
  return (await readFiles(data)).split(text).length - 1;
}
