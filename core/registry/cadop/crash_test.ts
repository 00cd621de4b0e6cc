import { assertEquals } from "@std/assert";
import { getOperadoras } from "../operadora.ts";
import { importCadop } from "./import.ts";
import { accepted, company, renderText, stream } from "./test_support.ts";

/** Starts an import in another process and kills it when half of the rows are written. */
async function killHalfway(store: string, file: string) {
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--allow-all",
      "--unstable-kv",
      `${import.meta.dirname}/stuck_import.ts`,
      store,
      file,
    ],
    stdout: "piped",
  }).spawn();
  const output = child.stdout.getReader();
  const { value } = await output.read();
  assertEquals(new TextDecoder().decode(value), "half\n");
  child.kill("SIGKILL");
  assertEquals((await child.status).signal, "SIGKILL");
  await output.cancel();
}

Deno.test("an import killed in the middle leaves the old edition whole, and the next one works", async () => {
  const folder = await Deno.makeTempDir();
  const store = `${folder}/store.sqlite3`;
  const rows = (Cidade: string) => Array.from({ length: 600 }, (_, i) => company(i, { Cidade }));
  const cnpjs = rows("").map((cells) => cells.CNPJ!);
  try {
    // The portal, which stays up.
    using kv = await Deno.openKv(store);
    const portal = { kv, now: Date.now };
    const cities = async (portal: { kv: Deno.Kv }) =>
      new Set((await getOperadoras(portal, cnpjs)).map((operadora) => operadora?.cidade));
    await importCadop(portal, stream(renderText(rows("Antiga"))));

    await Deno.writeTextFile(`${folder}/new.csv`, renderText(rows("Nova")));
    await killHalfway(store, `${folder}/new.csv`);
    await killHalfway(store, `${folder}/new.csv`);

    assertEquals(await cities(portal), new Set(["Antiga"]));
    using reopened = await Deno.openKv(store);
    assertEquals(await cities({ kv: reopened }), new Set(["Antiga"]));

    const report = accepted(await importCadop(portal, stream(renderText(rows("Nova")))));
    assertEquals(report.changed.length, 600);
    assertEquals(await cities(portal), new Set(["Nova"]));
    assertEquals(await cities({ kv: reopened }), new Set(["Nova"]));
    const editions = new Set<unknown>();
    for await (const { key } of kv.list({ prefix: ["operadora"] })) editions.add(key[1]);
    assertEquals(editions, new Set([report.edition]));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
