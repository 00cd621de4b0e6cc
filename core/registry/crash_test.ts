import { assertEquals } from "@std/assert";
import { keys } from "../store/keys.ts";
import { importCadop } from "./cadop_import.ts";
import { must } from "@/tests/fixtures/deps.ts";
import {
  company,
  currentCnesEdition,
  entriesByEdition,
  files,
  numberOf,
  stream,
  syntheticCnpj,
  table,
} from "@/tests/fixtures/registry.ts";
import { renderCadop } from "@/tools/sample/registry_csv.ts";
import { importCnes } from "./cnes_import.ts";
import { getEstablishments } from "./establishment.ts";
import { getOperadoras } from "./operadora.ts";

/**
 * Starts an import of `file` into `store` in another process and kills it when half of the rows are
 * written.
 */
async function killHalfway(registry: "cadop" | "cnes", store: string, file: string): Promise<void> {
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

// As the program of that process; in a run of the tests there are no arguments.
if (Deno.args.length === 3) {
  const [registry, store, file] = Deno.args;
  await importHalf(registry!, store!, file!);
}

Deno.test("an import of CADOP killed in the middle leaves the old edition whole, and the next one works", async () => {
  const folder = await Deno.makeTempDir();
  const store = `${folder}/store.sqlite3`;
  const rows = (Cidade: string) => Array.from({ length: 600 }, (_, i) => company(i, { Cidade }));
  const cnpjs = rows("").map(({ cnpj }) => cnpj);
  try {
    // The portal, which stays up.
    using kv = await Deno.openKv(store);
    const deps = { kv, now: Date.now };
    const cities = async (deps: { kv: Deno.Kv }) =>
      new Set((await getOperadoras(deps, cnpjs)).map((operadora) => operadora?.cidade));
    await importCadop(deps, stream(renderCadop(rows("Antiga"))));

    await Deno.writeTextFile(`${folder}/new.csv`, renderCadop(rows("Nova")));
    await killHalfway("cadop", store, `${folder}/new.csv`);
    await killHalfway("cadop", store, `${folder}/new.csv`);

    assertEquals(await cities(deps), new Set(["Antiga"]));
    using reopened = await Deno.openKv(store);
    assertEquals(await cities({ kv: reopened }), new Set(["Antiga"]));

    const report = must(await importCadop(deps, stream(renderCadop(rows("Nova")))));
    assertEquals(report.changed.length, 600);
    assertEquals(await cities(deps), new Set(["Nova"]));
    assertEquals(await cities({ kv: reopened }), new Set(["Nova"]));
    const editions = new Set<unknown>();
    for await (const { key } of kv.list({ prefix: keys.operadora.under() })) editions.add(key[1]);
    assertEquals(editions, new Set([report.edition]));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

const ROWS = 1000;

Deno.test("an import of the CNES killed in the middle leaves the old edition whole; started again it ends right", async () => {
  const folder = await Deno.makeTempDir();
  const store = `${folder}/store.sqlite3`;
  const edition = (NO_FANTASIA: string) => table(ROWS, { NO_FANTASIA, NU_CNPJ: syntheticCnpj(1) });
  const numbers = Array.from({ length: ROWS }, (_, i) => numberOf(i + 1));
  const names = async (deps: { kv: Deno.Kv }) =>
    new Set((await getEstablishments(deps, numbers)).map((one) => one?.nome));
  try {
    // The portal, which stays up.
    using kv = await Deno.openKv(store);
    const deps = { kv, now: Date.now };
    must(await importCnes(deps, files(edition("Antiga"))));
    await Deno.writeTextFile(`${folder}/new.csv`, edition("Nova"));
    await killHalfway("cnes", store, `${folder}/new.csv`);
    await killHalfway("cnes", store, `${folder}/new.csv`);
    assertEquals(await names(deps), new Set(["Antiga"]));
    assertEquals(Object.keys(await entriesByEdition(deps)).length, 3);

    const report = must(await importCnes(deps, files(edition("Nova"))));
    assertEquals(report.rows, ROWS);
    assertEquals(await names(deps), new Set(["Nova"]));
    using reopened = await Deno.openKv(store);
    assertEquals((await currentCnesEdition({ kv: reopened }))?.id, report.edition);
    assertEquals(await entriesByEdition({ kv: reopened }), { [report.edition]: 2 * ROWS });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
