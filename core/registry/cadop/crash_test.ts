import { keys } from "../../store/keys.ts";
import { assertEquals } from "@std/assert";
import { killHalfway } from "../crash_testing.ts";
import { getOperadoras } from "../operadora.ts";
import { importCadop } from "./import.ts";
import { accepted, company, renderText, stream } from "./test_support.ts";

const STUCK = `${import.meta.dirname}/stuck_import.ts`;

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
    await killHalfway(STUCK, store, `${folder}/new.csv`);
    await killHalfway(STUCK, store, `${folder}/new.csv`);

    assertEquals(await cities(portal), new Set(["Antiga"]));
    using reopened = await Deno.openKv(store);
    assertEquals(await cities({ kv: reopened }), new Set(["Antiga"]));

    const report = accepted(await importCadop(portal, stream(renderText(rows("Nova")))));
    assertEquals(report.changed.length, 600);
    assertEquals(await cities(portal), new Set(["Nova"]));
    assertEquals(await cities({ kv: reopened }), new Set(["Nova"]));
    const editions = new Set<unknown>();
    for await (const { key } of kv.list({ prefix: keys.operadora.under() })) editions.add(key[1]);
    assertEquals(editions, new Set([report.edition]));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
