import { type Cells, renderCnes } from "@/tools/sample/registry_csv.ts";
import { assert, assertEquals } from "@std/assert";
import { explain } from "../messages.ts";
import { must } from "@/tests/fixtures/deps.ts";
import {
  encode,
  HEADER,
  line,
  rowOf,
  stream,
  syntheticCnpj,
  table,
} from "@/tests/fixtures/registry.ts";
import { readCnes, readMunicipios } from "./cnes.ts";
import { type CnesCode, registryMessages } from "./messages.ts";

const CPF = "52998224725";
const NAMES = new Map([["350001", "São José Fictício"]]);

async function read(content: string | Uint8Array, municipios = new Map<string, string>()) {
  const items = await Array.fromAsync(readCnes(stream(content, 997), municipios));
  const rows = items.filter((item) => item.ok).map((item) => item.data);
  const refusals = items.filter((item) => !item.ok);
  assert(refusals.length <= 1 && items.slice(0, -1).every((item) => item.ok));
  return { rows: rows.map(({ row }) => row), read: rows, refusal: refusals[0] };
}

async function assertRefused(
  content: string | Uint8Array,
  code: CnesCode,
  detail?: Record<string, string | number>,
) {
  const { refusal } = await read(content);
  assertEquals(refusal?.code, code);
  if (detail) assertEquals(refusal?.detail, detail);
  const placeholders = registryMessages[code].match(/(?<=\{)\w+(?=\})/g) ?? [];
  for (const name of placeholders) assert(refusal?.detail?.[name] !== undefined, name);
  assert(explain(refusal!).length > 0);
}

/** Three rows, the second one with these cells, on line 3. */
const withSecond = (cells: Cells) => `${HEADER}\n${line(1)}${line(2, cells)}${line(3)}`;

for (const columns of [54, 56] as const) {
  for (const encoding of ["utf-8", "utf-8-bom", "iso-8859-1"] as const) {
    Deno.test(`${columns} columns in ${encoding} give the establishments`, async () => {
      const rows = [
        rowOf(1, { cnpj: syntheticCnpj(1), cnpjMantenedora: "12ABC34501DE35" }),
        rowOf(2, { directorCpf: CPF, active: false, uf: "DF" }),
      ];
      const text = renderCnes(rows, columns);
      assertEquals(text.split("\n")[0]!.split(";").length, columns);
      assertEquals((await read(encode(text, encoding))).rows, rows);
    });
  }
}

Deno.test("columns may stand in any order, titles in any spelling", async () => {
  const reversed = (text: string) =>
    text.trimEnd().split("\n").map((row) => row.split(";").reverse().join(";")).join("\r\n");
  const text = reversed(table(3).replace(HEADER, HEADER.toLowerCase().replaceAll("_", " ")));
  assertEquals((await read(text)).rows, [rowOf(1), rowOf(2), rowOf(3)]);
});

Deno.test("a missing name is that of the company; what is unknown is empty", async () => {
  const cells = { NO_FANTASIA: " ", CO_ESTADO_GESTOR: "99", CO_MUNICIPIO_GESTOR: "999999" };
  const { rows } = await read(withSecond(cells), NAMES);
  assertEquals(rows[0], rowOf(1, { municipio: "São José Fictício" }));
  assertEquals(rows[1], rowOf(2, { nome: "EMPRESA FICTÍCIA 2 LTDA", uf: "" }));
});

Deno.test("any motive of deactivation makes it inactive", async () => {
  for (const motive of ["01", "9", "X"]) {
    assertEquals((await read(withSecond({ CO_MOTIVO_DESAB: motive }))).rows[1]?.active, false);
  }
  assertEquals((await read(withSecond({ CO_MOTIVO_DESAB: "  " }))).rows[1]?.active, true);
});

Deno.test("CNPJs and CPFs that are none are counted and taken for missing, zeros only for missing", async () => {
  const wrong = { NU_CNPJ: "11222333000182", NU_CNPJ_MANTENEDORA: "x", CO_CPFDIRETORCLN: "1" };
  const zeros = { NU_CNPJ: "00000000000000", CO_CPFDIRETORCLN: "0" };
  for (const [cells, count] of [[wrong, 3], [zeros, 0]] as const) {
    const { read: [, second] } = await read(withSecond(cells));
    assertEquals(second, { row: rowOf(2), invalidNumbers: count });
  }
});

Deno.test("a number that is no CNES number is refused with line and column", async () => {
  const place = { linha: 3, coluna: "CO_CNES" };
  for (const valor of ["12345", "12345678", "123456X", "-000002"]) {
    await assertRefused(withSecond({ CO_CNES: valor }), "cnes_number", { ...place, valor });
  }
  await assertRefused(withSecond({ CO_CNES: "" }), "cnes_required", { ...place, valor: "" });
});

Deno.test("a number broken by a spreadsheet is refused", async () => {
  for (const coluna of ["CO_CNES", "NU_CNPJ", "NU_CNPJ_MANTENEDORA", "CO_CPFDIRETORCLN"]) {
    const valor = "1,95419E+13";
    const detail = { linha: 3, coluna, valor };
    await assertRefused(withSecond({ [coluna]: valor }), "cnes_scientific", detail);
  }
});

Deno.test("the same establishment twice is refused", async () => {
  const detail = { linha: 4, coluna: "CO_CNES", valor: "0000001" };
  await assertRefused(table([1, 2, 1]), "cnes_duplicate", detail);
  // The ends of the range, and neighbours in one byte.
  const numbers = [0, 3, 7, 8, 9_999_999, 9_999_998];
  assertEquals((await read(table(numbers))).rows.length, numbers.length);
  await assertRefused(table([...numbers, 9_999_999]), "cnes_duplicate");
});

Deno.test("damage of the copy is refused with line and column", async () => {
  const broken = { linha: 3, coluna: "NO_FANTASIA", valor: "CLÃ\u00adNICA" };
  await assertRefused(withSecond({ NO_FANTASIA: "CLÃ\u00adNICA" }), "cnes_encoding", broken);
  const text = table(3);
  await assertRefused(text.replace('"0000002";', ""), "cnes_field_count", {
    linha: 3,
    coluna: "CO_ESTADO_GESTOR",
    encontrados: 8,
    esperados: 9,
  });
  await assertRefused(text.replace('"0000002"', '0000002"'), "cnes_stray_quote");
  await assertRefused(text.trimEnd().slice(0, -1), "cnes_open_quote");
  await assertRefused(withSecond({ NO_FANTASIA: "x".repeat(2_001) }), "cnes_field_too_long");
  const mixed = encode(text.replace("FICTÍCIA 2", "FICT\u00cdCIA 2"), "iso-8859-1");
  const utf8 = encode(table([9]), "utf-8");
  await assertRefused(
    new Uint8Array([...utf8, ...mixed.slice(HEADER.length + 1)]),
    "cnes_encoding",
  );
});

Deno.test("a file cut off in the middle of a row is refused", async () => {
  const text = table(3);
  const start = text.indexOf('"0000003"');
  for (let end = start + 1; end < text.trimEnd().length; end += 5) {
    assert((await read(text.slice(0, end))).refusal, `cut at ${end}`);
  }
});

Deno.test("what is not the table is refused for what it is", async () => {
  await assertRefused("", "cnes_empty");
  await assertRefused("<!DOCTYPE html>\n<html></html>", "cnes_html");
  await assertRefused("CO_MUNICIPIO;NO_MUNICIPIO\n350001;X\n", "cnes_not_table");
  await assertRefused(table(3).replaceAll(";", ","), "cnes_not_table");
  await assertRefused(table([]), "cnes_no_rows");
  for (const coluna of HEADER.split(";").slice(1)) {
    const text = table(3).replace(new RegExp(`${coluna}\\b`), "OUTRA");
    await assertRefused(text, "cnes_column_missing", { linha: 1, coluna });
  }
  const twice = table(3).replace("NO_FANTASIA", "no_razao_social");
  await assertRefused(twice, "cnes_column_twice", { linha: 1, coluna: "no_razao_social" });
});

Deno.test("names of municipalities come from a table of their own, with 6 or 7 digits", async () => {
  const text =
    '"CO_MUNICIPIO";"NO_MUNICIPIO";"X"\n"350001";"São José";""\n"3300027";"Niterói";""\n';
  const names = must(await readMunicipios(stream(text)));
  assertEquals([...names], [["350001", "São José"], ["330002", "Niterói"]]);
  for (
    const [text, code] of [
      ["", "municipios_empty"],
      ["CO_MUNICIPIO;NO_MUNICIPIO\n", "municipios_no_rows"],
      ["CO_MUNICIPIO;NO_MUNICIPIO\n;A\n", "municipios_required"],
      ["CO_MUNICIPIO;NO_MUNICIPIO\n1;A;B\n", "municipios_field_count"],
      [table(2), "municipios_not_table"],
    ]
  ) {
    const refused = await readMunicipios(stream(text!));
    assertEquals(refused.ok || refused.code, code);
    assert(!refused.ok && explain(refused).length > 0);
  }
});
