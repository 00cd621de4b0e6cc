/**
 * Run as a process of its own by the crash test: imports a file into a store, says so when half of
 * its bytes are written, and then goes no further until it is killed.
 */
import { importCnes } from "./import.ts";

const [store, file] = Deno.args;
const kv = await Deno.openKv(store);
const { size } = await Deno.stat(file!);
const establishments = async () => (await Deno.open(file!)).readable;
await importCnes({ kv, now: Date.now }, { establishments }, {
  async onProgress(progress) {
    if (progress.phase !== "store" || progress.bytes < size / 2) return;
    console.log("half");
    await new Promise((resolve) => setTimeout(resolve, 2 ** 31 - 1));
  },
});
