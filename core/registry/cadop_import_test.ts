import { assert, assertEquals, assertRejects } from "@std/assert";
import { keys } from "../store/keys.ts";
import { must, testDeps } from "@/tests/fixtures/deps.ts";
import { importCadop, type ImportProgress, type ImportReport } from "./cadop_import.ts";
import { currentEdition, getOperadora, getOperadoras } from "./operadora.ts";
import { company, entriesByEdition, stream, syntheticCnpj } from "@/tests/fixtures/registry.ts";
import {
  CADOP_TITLES,
  type CadopSample,
  type Cells,
  renderCadop,
} from "@/tools/sample/registry_csv.ts";
import { cadop, readCurrent } from "./edition.ts";

type Kv = { kv: Deno.Kv };

function companies(count: number, cells: Cells = {}): CadopSample[] {
  return Array.from({ length: count }, (_, i) => company(i + 1, cells));
}

const file = (rows: readonly CadopSample[]) => stream(renderCadop(rows), 5_000);

async function imported(deps: Parameters<typeof importCadop>[0], rows: readonly CadopSample[]) {
  return must(await importCadop(deps, file(rows)));
}

/** Everything in the store, to see that nothing changed or stayed behind. */
async function everything({ kv }: Kv) {
  const entries = await Array.fromAsync(kv.list({ prefix: [] }));
  return entries.map(({ key, value }) => ({ key, value }));
}

const rowsByEdition = (deps: Kv) => entriesByEdition(deps, ["operadora", "operadora_by_registro"]);

/** The operadora with these 6 digits as its number at the ANS. */
async function getOperadoraByRegistro(deps: Kv, registro: string) {
  const asked = (edition: string) => [[keys.operadoraByRegistro(edition, registro)]] as const;
  const { values: [[cnpj]] } = await readCurrent(deps, cadop, asked);
  return cnpj ? await getOperadora(deps, cnpj) : null;
}

Deno.test("before the first import nobody is found", async () => {
  using deps = await testDeps();
  assertEquals(await currentEdition(deps), null);
  assertEquals(await getOperadora(deps, syntheticCnpj(1)), null);
  assertEquals(await getOperadoraByRegistro(deps, "000001"), null);
  assertEquals(await getOperadoras(deps, []), []);
});

Deno.test("an imported operadora is found by CNPJ and by registration number", async () => {
  using deps = await testDeps();
  const report = await imported(deps, companies(3));
  const cnpjs = [1, 2, 3].map(syntheticCnpj);
  assertEquals(report.added, cnpjs);
  const found = await getOperadora(deps, syntheticCnpj(2));
  assertEquals(found?.registroAns, "000002");
  assertEquals(await getOperadoraByRegistro(deps, "000002"), found);
  assertEquals(await getOperadora(deps, "11222333000181"), null);
  assertEquals(await currentEdition(deps), {
    id: report.edition,
    rows: 3,
    importedAt: deps.now(),
  });
});

Deno.test("many operadoras come in the order asked, with null for the unknown", async () => {
  using deps = await testDeps();
  await imported(deps, companies(30));
  const asked = [...Array.from({ length: 30 }, (_, i) => syntheticCnpj(30 - i)), "11222333000181"];
  const found = await getOperadoras(deps, asked);
  assertEquals(found.map((operadora) => operadora?.cnpj), [...asked.slice(0, -1), undefined]);
});

Deno.test("a new edition says who is new, changed, gone and newly represented", async () => {
  using deps = await testDeps();
  await imported(deps, companies(5));
  const { edition: _, ...report } = await imported(deps, [
    company(1),
    company(2, { Telefone: "55509999" }),
    company(3, { Representante: "MARIA INVENTADA" }),
    // Spelled in another way: changed, but the same person.
    company(4, { Representante: "João Conceicao  Ficticio" }),
    company(6, { Endereco_eletronico: "" }),
  ]);
  assertEquals(report, {
    rows: 5,
    unchanged: false,
    added: [syntheticCnpj(6)],
    changed: [2, 3, 4].map(syntheticCnpj),
    removed: [syntheticCnpj(5)],
    newRepresentative: [{
      cnpj: syntheticCnpj(3),
      before: "JOÃO DA CONCEIÇÃO FICTÍCIO",
      after: "MARIA INVENTADA",
    }],
    withoutEmail: [syntheticCnpj(6)],
  });
  assertEquals(await getOperadora(deps, syntheticCnpj(5)), null);
  assertEquals(await getOperadoraByRegistro(deps, "000005"), null);
  assertEquals((await getOperadora(deps, syntheticCnpj(2)))?.telefone, "55509999");
});

Deno.test("a representative who goes or comes is a new representative", async () => {
  using deps = await testDeps();
  await imported(deps, [company(1), company(2, { Representante: "" })]);
  const report = await imported(deps, [company(1, { Representante: "" }), company(2)]);
  assertEquals(report.newRepresentative.map(({ before, after }) => [before, after]), [
    ["JOÃO DA CONCEIÇÃO FICTÍCIO", null],
    [null, "JOÃO DA CONCEIÇÃO FICTÍCIO"],
  ]);
});

Deno.test("a representative missing in both editions is not a new one", async () => {
  using deps = await testDeps();
  await imported(deps, [company(1, { Representante: "" })]);
  const report = await imported(deps, [company(1, { Representante: "", Cidade: "Outra" })]);
  assertEquals(report.changed, [syntheticCnpj(1)]);
  assertEquals(report.newRepresentative, []);
});

Deno.test("many short rows and rows of the longest fields both fit the store's commits", async () => {
  using deps = await testDeps();
  const optional = CADOP_TITLES.filter((title) =>
    !["Registro_ANS", "CNPJ", "Razao_Social", "Data_Registro_ANS"].includes(title)
  );
  const filled = (text: string) => Object.fromEntries(optional.map((title) => [title, text]));
  const short = companies(1200, { ...filled(""), Razao_Social: "A" });
  assertEquals((await imported(deps, short)).rows, 1200);
  // An en dash takes two bytes for each character of its text.
  const long = companies(60, { ...filled("–".repeat(2000)), Razao_Social: "–".repeat(2000) });
  assertEquals((await imported(deps, long)).rows, 60);
  assertEquals((await getOperadora(deps, syntheticCnpj(60)))?.cidade.length, 2000);
});

Deno.test("the same content again changes nothing, in any order of rows and layout", async () => {
  using deps = await testDeps();
  const first = await imported(deps, companies(5));
  const before = await rowsByEdition(deps);
  deps.advance(1000);
  const again = await imported(deps, companies(5).reverse());
  assert(again.unchanged);
  assertEquals(again.edition, first.edition);
  assertEquals([again.added, again.changed, again.removed], [[], [], []]);
  assertEquals(await rowsByEdition(deps), before);
});

Deno.test("of an edition that was replaced nothing stays behind", async () => {
  using deps = await testDeps();
  await imported(deps, companies(600));
  const report = await imported(deps, companies(550, { Cidade: "Outra" }));
  assertEquals(await rowsByEdition(deps), { [report.edition]: 1100 });
});

Deno.test("a damaged file stores nothing, wherever the damage is", async () => {
  using deps = await testDeps();
  await imported(deps, companies(3));
  const before = await everything(deps);
  for (const damaged of [0, 300, 599]) {
    const rows = companies(600);
    rows[damaged] = company(damaged + 1, { CNPJ: "1,95419E+13" });
    const result = await importCadop(deps, file(rows));
    assertEquals(result.ok || result.code, "cadop_scientific");
    assertEquals(await everything(deps), before);
  }
});

Deno.test("a stream that breaks off stores nothing", async () => {
  using deps = await testDeps();
  await imported(deps, companies(3));
  const before = await everything(deps);
  const bytes = new TextEncoder().encode(renderCadop(companies(600)));
  const broken = ReadableStream.from(async function* () {
    yield bytes.subarray(0, bytes.length / 2);
    await Promise.reject(new Error("connection lost"));
  }());
  await assertRejects(() => importCadop(deps, broken), Error, "connection lost");
  assertEquals(await everything(deps), before);
});

Deno.test("while rows are written the old edition answers whole; a dead import leaves no trace", async () => {
  using deps = await testDeps();
  await imported(deps, companies(600));
  const cnpjs = companies(600).map(({ cnpj }) => cnpj);
  const before = await getOperadoras(deps, cnpjs);
  const death = new Error("killed");
  await assertRejects(() =>
    importCadop(deps, file(companies(600, { Cidade: "Outra" })), {
      async onProgress(progress) {
        if (progress.phase !== "store" || progress.rows < 300) return;
        assertEquals(await getOperadoras(deps, cnpjs), before);
        throw death;
      },
    })
  );
  assertEquals(await getOperadoras(deps, cnpjs), before);
  assertEquals(Object.keys(await rowsByEdition(deps)).length, 2);

  // The next one cleans up, even when it brings nothing new.
  const next = await imported(deps, companies(600));
  assert(next.unchanged);
  assertEquals(await rowsByEdition(deps), { [next.edition]: 1200 });
});

Deno.test("what an import that died after its switch left behind is removed by the next", async () => {
  using deps = await testDeps();
  await imported(deps, companies(3));
  const old = (await currentEdition(deps))!;
  await imported(deps, companies(4));
  // As if the process had ended between the switch and the removal of the old rows.
  await deps.kv.set(keys.operadora(old.id, syntheticCnpj(1)), {});
  await deps.kv.set(keys.cadopStaging(), { edition: null, leftovers: [old.id] });
  const next = await imported(deps, companies(5));
  assertEquals(await rowsByEdition(deps), { [next.edition]: 10 });
});

Deno.test("of two imports at once the one that started last wins and the other is refused", async () => {
  using deps = await testDeps();
  await imported(deps, companies(3));
  let second: ImportReport | undefined;
  const first = await importCadop(deps, file(companies(600, { Cidade: "Primeira" })), {
    async onProgress(progress) {
      if (progress.phase !== "store" || second) return;
      second = await imported(deps, companies(400, { Cidade: "Segunda" }));
    },
  });
  assertEquals(first, { ok: false, code: "cadop_superseded" });
  assertEquals(await rowsByEdition(deps), { [second!.edition]: 800 });
  assertEquals((await getOperadora(deps, syntheticCnpj(1)))?.cidade, "Segunda");
});

Deno.test("an import overtaken after its last row does not switch either", async () => {
  using deps = await testDeps();
  let second: ImportReport | undefined;
  const first = await importCadop(deps, file(companies(10)), {
    async onProgress(progress) {
      if (progress.phase === "store") second = await imported(deps, companies(7));
    },
  });
  assertEquals(first.ok || first.code, "cadop_superseded");
  assertEquals((await currentEdition(deps))?.rows, 7);
  assertEquals(await rowsByEdition(deps), { [second!.edition]: 14 });
});

Deno.test("imports racing freely leave one whole edition", async () => {
  using deps = await testDeps();
  const cities = ["A", "B", "C", "D"];
  await Promise.all(
    cities.map((Cidade) => importCadop(deps, file(companies(300, { Cidade })))),
  );
  const found = await getOperadoras(deps, companies(300).map(({ cnpj }) => cnpj));
  assertEquals(new Set(found.map((operadora) => operadora?.cidade)).size, 1);
  assert(cities.includes(found[0]!.cidade));
  await imported(deps, companies(1));
  assertEquals(Object.values(await rowsByEdition(deps)), [2]);
});

Deno.test("readers during the switch always get an answer from one of the two editions", async () => {
  using deps = await testDeps();
  const cnpj = syntheticCnpj(1);
  await imported(deps, companies(300, { Cidade: "0" }));
  let done = false;
  const reader = (async () => {
    const seen: string[] = [];
    while (!done) seen.push((await getOperadora(deps, cnpj))?.cidade ?? "missing");
    return seen;
  })();
  for (const Cidade of ["1", "2", "3"]) await importCadop(deps, file(companies(300, { Cidade })));
  done = true;
  const seen = await reader;
  assertEquals(seen, seen.toSorted());
  assert(!seen.includes("missing"));
});

Deno.test("progress counts the bytes read, then the rows stored", async () => {
  using deps = await testDeps();
  const events: ImportProgress[] = [];
  const text = renderCadop(companies(600));
  await importCadop(deps, stream(text, 10_000), {
    onProgress: (event) => void events.push(event),
  });
  const read = events.filter((event) => event.phase === "read");
  const stored = events.filter((event) => event.phase === "store");
  assertEquals(read.at(-1)?.bytes, new TextEncoder().encode(text).length);
  assertEquals(stored.at(-1), { phase: "store", rows: 600, total: 600 });
  assert(read.length > 1 && stored.length > 1);
  assertEquals(events, [...read, ...stored]);
});

Deno.test("an operadora in the steady state costs one round trip", async () => {
  using deps = await testDeps();
  await imported(deps, companies(3));
  let reads = 0;
  // The store itself, with its reads counted.
  const counting = new Proxy(deps.kv, {
    get(kv, name) {
      const member = Reflect.get(kv, name, kv);
      if (typeof member !== "function") return member;
      return (...args: unknown[]) => {
        reads++;
        return Reflect.apply(member, kv, args);
      };
    },
  });
  await getOperadora({ kv: counting }, syntheticCnpj(1));
  reads = 0;
  await getOperadora({ kv: counting }, syntheticCnpj(2));
  assertEquals(reads, 1);
});
