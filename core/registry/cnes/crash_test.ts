import { assertEquals } from "@std/assert";
import { accepted, syntheticCnpj } from "../cadop/test_support.ts";
import { killHalfway } from "../crash_testing.ts";
import { currentCnesEdition, getEstablishments } from "../establishment.ts";
import { importCnes } from "./import.ts";
import { entriesByEdition, files, numberOf, table, upTo } from "./test_support.ts";

const STUCK = `${import.meta.dirname}/stuck_import.ts`;
const ROWS = 1000;

Deno.test("an import killed in the middle leaves the old edition whole; started again it ends right", async () => {
  const folder = await Deno.makeTempDir();
  const store = `${folder}/store.sqlite3`;
  const edition = (NO_FANTASIA: string) =>
    table(upTo(ROWS), { NO_FANTASIA, NU_CNPJ: syntheticCnpj(1) });
  const numbers = [...upTo(ROWS)].map(numberOf);
  const names = async (portal: { kv: Deno.Kv }) =>
    new Set((await getEstablishments(portal, numbers)).map((one) => one?.nome));
  try {
    // The portal, which stays up.
    using kv = await Deno.openKv(store);
    const portal = { kv, now: Date.now };
    accepted(await importCnes(portal, files(edition("Antiga"))));
    await Deno.writeTextFile(`${folder}/new.csv`, edition("Nova"));
    await killHalfway(STUCK, store, `${folder}/new.csv`);
    await killHalfway(STUCK, store, `${folder}/new.csv`);
    assertEquals(await names(portal), new Set(["Antiga"]));
    assertEquals(Object.keys(await entriesByEdition(portal)).length, 3);

    const report = accepted(await importCnes(portal, files(edition("Nova"))));
    assertEquals(report.rows, ROWS);
    assertEquals(await names(portal), new Set(["Nova"]));
    using reopened = await Deno.openKv(store);
    assertEquals((await currentCnesEdition({ kv: reopened }))?.id, report.edition);
    assertEquals(await entriesByEdition({ kv: reopened }), { [report.edition]: 2 * ROWS });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
