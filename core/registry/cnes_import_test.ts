import { assert, assertEquals, assertRejects } from "@std/assert";
import { keys } from "../store/keys.ts";
import { must, testDeps } from "@/tests/fixtures/deps.ts";
import { importCadop } from "./cadop_import.ts";
import {
  company,
  currentCnesEdition,
  entriesByEdition,
  files,
  line,
  numberOf,
  rowOf,
  stream,
  syntheticCnpj,
  table,
} from "@/tests/fixtures/registry.ts";
import { renderCadop } from "@/tools/sample/registry_csv.ts";
import { type CnesProgress, type CnesReport, importCnes } from "./cnes_import.ts";
import {
  getEstablishment,
  getEstablishments,
  listEstablishmentsOfOperadora,
} from "./establishment.ts";

type Deps = Parameters<typeof importCnes>[0];

const OPERADORA = syntheticCnpj(1);

async function imported(deps: Deps, content: string, municipios?: string) {
  return must(await importCnes(deps, files(content, municipios)));
}

async function everything({ kv }: { kv: Deno.Kv }) {
  const entries = await Array.fromAsync(kv.list({ prefix: [] }));
  return entries.map(({ key, value }) => ({ key, value }));
}

Deno.test("an edition answers with its establishments, bound by CNPJ and by mantenedora", async () => {
  using deps = await testDeps();
  must(await importCadop(deps, stream(renderCadop([company(1)]))));
  const text = table(3) + line(4, { NU_CNPJ: OPERADORA, CO_MOTIVO_DESAB: "03" }) +
    line(5, { NU_CNPJ_MANTENEDORA: OPERADORA, NU_CNPJ: "1" });
  const report = await imported(
    deps,
    text,
    "CO_MUNICIPIO;NO_MUNICIPIO\n350001;Campinas\n",
  );
  const edition = (await currentCnesEdition(deps))!.id;
  assertEquals(report, { edition, rows: 5, active: 4, invalidNumbers: 1, unchanged: false });
  const municipio = "Campinas";
  assertEquals(await getEstablishments(deps, [numberOf(4), numberOf(3), numberOf(9)]), [
    { ...rowOf(4, { cnpj: OPERADORA, active: false, municipio }), operadora: OPERADORA },
    { ...rowOf(3, { municipio }), operadora: null },
    null,
  ]);
  const { items } = await listEstablishmentsOfOperadora(deps, OPERADORA);
  assertEquals(items.map(({ cnes }) => cnes), [numberOf(4), numberOf(5)]);
});

Deno.test("a binding of a representative outlives the editions", async () => {
  using deps = await testDeps();
  must(await importCadop(deps, stream(renderCadop([company(1)]))));
  await imported(deps, table(3));
  await deps.kv.set(keys.establishmentBinding(numberOf(2)), OPERADORA);
  await deps.kv.set(keys.establishmentByBinding(OPERADORA, numberOf(2)), true);
  await imported(deps, table(4));
  assertEquals((await getEstablishment(deps, numberOf(2)))?.operadora, OPERADORA);
  // Gone from the CNES, it is in no list.
  await imported(deps, table([1]));
  assertEquals(await getEstablishment(deps, numberOf(2)), null);
  assertEquals((await listEstablishmentsOfOperadora(deps, OPERADORA)).items, []);
});

Deno.test("the same files again change nothing; another table of municipalities does", async () => {
  using deps = await testDeps();
  const text = table(50);
  const names = "CO_MUNICIPIO;NO_MUNICIPIO\n350001;Campinas\n";
  const first = await imported(deps, text, names);
  const before = await everything(deps);
  deps.advance(1000);
  assertEquals(await imported(deps, text, names), { ...first, unchanged: true });
  assertEquals(await everything(deps), before);
  const other = await imported(deps, text, names.replace("Campinas", "Niterói"));
  assert(!other.unchanged);
  assertEquals((await getEstablishment(deps, numberOf(50)))?.municipio, "Niterói");
});

Deno.test("of an edition that was replaced nothing stays behind", async () => {
  using deps = await testDeps();
  await imported(deps, table(1200, { NU_CNPJ: OPERADORA }));
  const { edition } = await imported(deps, table(700));
  assertEquals(await entriesByEdition(deps), { [edition]: 700 });
  assertEquals(await getEstablishment(deps, numberOf(701)), null);
  assertEquals((await listEstablishmentsOfOperadora(deps, OPERADORA)).items, []);
});

Deno.test("a damaged file writes nothing, wherever the damage is", async () => {
  using deps = await testDeps();
  await imported(deps, table(3));
  const before = await everything(deps);
  for (const damaged of [1, 600, 1200]) {
    const text = table(1200).replace(numberOf(damaged), "1,9E+06");
    const refused = await importCnes(deps, files(text));
    assertEquals(refused, {
      ok: false,
      code: "cnes_scientific",
      detail: { linha: damaged + 1, coluna: "CO_CNES", valor: "1,9E+06" },
    });
    assertEquals(await everything(deps), before);
  }
  const refused = await importCnes(deps, files(table(4), "não é\n"));
  assertEquals(refused.ok || refused.code, "municipios_not_table");
  assertEquals(await everything(deps), before);
});

Deno.test("a file that changes between checking and writing changes nothing", async () => {
  using deps = await testDeps();
  await imported(deps, table(3));
  const before = await everything(deps);
  const sound = table(900);
  for (const later of [sound.replace(" 700 ", " 007 "), sound.replace("0000700", "1E+5"), ""]) {
    let opened = 0;
    const refused = await importCnes(deps, {
      establishments: () => Promise.resolve(stream(opened++ === 0 ? sound : later, 20_000)),
    });
    assertEquals(refused.ok || refused.code, "cnes_file_changed");
    assertEquals(await everything(deps), before);
  }
});

Deno.test("a stream that breaks off while it is checked stores nothing", async () => {
  using deps = await testDeps();
  await imported(deps, table(3));
  const before = await everything(deps);
  const broken = ReadableStream.from(async function* () {
    yield new TextEncoder().encode(table(50));
    await Promise.reject(new Error("disk lost"));
  }());
  await assertRejects(
    () => importCnes(deps, { establishments: () => Promise.resolve(broken) }),
    Error,
    "disk lost",
  );
  assertEquals(await everything(deps), before);
});

/** Dies when the first rows have been written. */
async function die(deps: Deps, content: string) {
  const onProgress = ({ phase }: CnesProgress) => {
    if (phase === "store") throw new Error("killed");
  };
  await assertRejects(() => importCnes(deps, files(content), { onProgress }), Error, "killed");
}

Deno.test("while rows are written the old edition answers; a dead import leaves no trace", async () => {
  using deps = await testDeps();
  const old = await imported(deps, table(3));
  await die(deps, table(1200));
  await die(deps, table(1300));
  assertEquals((await currentCnesEdition(deps))?.id, old.edition);
  assertEquals(await getEstablishment(deps, numberOf(4)), null);
  assertEquals(Object.keys(await entriesByEdition(deps)).length, 3);

  // The next one cleans up, even when it brings nothing new.
  assert((await imported(deps, table(3))).unchanged);
  assertEquals(await entriesByEdition(deps), { [old.edition]: 3 });
  await die(deps, table(1200));
  const next = await imported(deps, table(1200));
  assertEquals(await entriesByEdition(deps), { [next.edition]: 1200 });
});

Deno.test("an import that dies before the old rows are gone answers; the next removes them", async () => {
  using deps = await testDeps();
  await imported(deps, table(3));
  const onProgress = ({ phase }: CnesProgress) => {
    if (phase === "remove") throw new Error("killed");
  };
  await assertRejects(() => importCnes(deps, files(table(5)), { onProgress }));
  assertEquals((await getEstablishment(deps, numberOf(5)))?.nome, rowOf(5).nome);
  const again = await imported(deps, table(5));
  assert(again.unchanged);
  assertEquals(await entriesByEdition(deps), { [again.edition]: 5 });
});

Deno.test("of two imports at once the one that started last wins and the other is refused", async () => {
  using deps = await testDeps();
  let second: CnesReport | undefined;
  const first = await importCnes(deps, files(table(1500)), {
    async onProgress({ phase }) {
      if (phase === "store") second ??= await imported(deps, table(800));
    },
  });
  assertEquals(first, { ok: false, code: "cnes_superseded" });
  assertEquals(await entriesByEdition(deps), { [second!.edition]: 800 });
});

Deno.test("imports racing freely leave one whole edition", async () => {
  using deps = await testDeps();
  const counts = [300, 600, 900];
  await Promise.all(counts.map((count) => importCnes(deps, files(table(count)))));
  const edition = (await currentCnesEdition(deps))!;
  assert(counts.includes(edition.rows));
  await imported(deps, table(edition.rows));
  assertEquals(await entriesByEdition(deps), { [edition.id]: edition.rows });
});

Deno.test("readers during the switch always get an answer from one of the two editions", async () => {
  using deps = await testDeps();
  must(await importCadop(deps, stream(renderCadop([company(1)]))));
  const names = ["0", "1", "2", "3"];
  const edition = (NO_FANTASIA: string) => table(150, { NO_FANTASIA, NU_CNPJ: OPERADORA });
  await imported(deps, edition("0"));
  let done = false;
  const readers = [
    async () => (await getEstablishment(deps, numberOf(150)))?.nome,
    async () => {
      const { items } = await listEstablishmentsOfOperadora(deps, OPERADORA, { limit: 150 });
      return items.length === 150 ? items.at(-1)!.nome : `${items.length} rows`;
    },
  ].map(async (read) => {
    const seen: string[] = [];
    while (!done) seen.push(await read() ?? "missing");
    return seen;
  });
  for (const name of names.slice(1)) await imported(deps, edition(name));
  done = true;
  for (const seen of await Promise.all(readers)) {
    assertEquals([...new Set(seen)].filter((name) => !names.includes(name)), []);
    assertEquals(seen, seen.toSorted());
  }
});

Deno.test("progress counts the bytes checked, then those stored, to the end", async () => {
  using deps = await testDeps();
  const text = table(1200);
  const events: CnesProgress[] = [];
  await importCnes(deps, files(text), { onProgress: (event) => void events.push(event) });
  const bytes = new TextEncoder().encode(text).length;
  const checked = events.filter(({ phase }) => phase === "check");
  const stored = events.filter(({ phase }) => phase === "store");
  assertEquals(checked.at(-1), { phase: "check", bytes });
  assertEquals(stored.at(-1), { phase: "store", bytes });
  assert(checked.length > 3 && stored.length > 2);
  assertEquals(events, [...checked, ...stored, { phase: "remove" }]);
});
