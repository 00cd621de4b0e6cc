/**
 * Run as a process of its own by the crash test: imports a file into a store, says so when half of
 * the rows are written, and then goes no further until it is killed.
 */
import { importCadop } from "./import.ts";

const [store, file] = Deno.args;
const kv = await Deno.openKv(store);
const { readable } = await Deno.open(file!);
await importCadop({ kv, now: Date.now }, readable, {
  async onProgress(progress) {
    if (progress.phase !== "store" || progress.rows < progress.total / 2) return;
    console.log("half");
    await new Promise((resolve) => setTimeout(resolve, 2 ** 31 - 1));
  },
});
