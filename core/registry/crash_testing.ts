import { assertEquals } from "@std/assert";
import { importCadop } from "./cadop_import.ts";
import { importCnes } from "./cnes_import.ts";

/**
 * Starts an import of `file` into `store` in another process and kills it when half of the rows are
 * written.
 */
export async function killHalfway(
  registry: "cadop" | "cnes",
  store: string,
  file: string,
): Promise<void> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--allow-all", "--unstable-kv", import.meta.filename!, registry, store, file],
    stdout: "piped",
  }).spawn();
  const output = child.stdout.getReader();
  const { value } = await output.read();
  assertEquals(new TextDecoder().decode(value), "half\n");
  child.kill("SIGKILL");
  assertEquals((await child.status).signal, "SIGKILL");
  await output.cancel();
}

/** In that process: imports, says so when half of the rows are written, and then goes no further. */
async function importHalf(registry: string, store: string, file: string): Promise<void> {
  const deps = { kv: await Deno.openKv(store), now: Date.now };
  const open = async () => (await Deno.open(file)).readable;
  const { size } = await Deno.stat(file);
  const stopAt = async (half: boolean) => {
    if (!half) return;
    console.log("half");
    await new Promise((resolve) => setTimeout(resolve, 2 ** 31 - 1));
  };
  if (registry === "cadop") {
    await importCadop(deps, await open(), {
      onProgress: (at) => stopAt(at.phase === "store" && at.rows >= at.total / 2),
    });
  } else {
    await importCnes(deps, { establishments: open }, {
      onProgress: (at) => stopAt(at.phase === "store" && at.bytes >= size / 2),
    });
  }
}

if (import.meta.main) {
  const [registry, store, file] = Deno.args;
  await importHalf(registry!, store!, file!);
}
