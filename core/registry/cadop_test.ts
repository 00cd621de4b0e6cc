import { assert, assertEquals } from "@std/assert";
import { explain } from "../messages.ts";
import type { Operadora } from "../store/records/registry.ts";
import { readCadop } from "./cadop.ts";
import { company, encode, stream, syntheticCnpj } from "@/tests/fixtures/registry.ts";
import { CADOP_TITLES, type Cells, renderCadop } from "@/tools/sample/registry_csv.ts";
import { registryMessages } from "./messages.ts";

async function read(content: string | Uint8Array) {
  const items = await Array.fromAsync(readCadop(stream(content)));
  const rows = items.filter((item) => item.ok).map((item) => item.data);
  const refusals = items.filter((item) => !item.ok);
  assert(refusals.length <= 1 && items.slice(0, -1).every((item) => item.ok));
  return { rows, refusal: refusals[0] };
}

/** Asserts that a file is refused, and that the message has no placeholder left. */
async function assertRefused(
  content: string | Uint8Array,
  code: keyof typeof registryMessages,
  detail?: Record<string, string | number>,
) {
  const { refusal } = await read(content);
  assertEquals(refusal?.code, code);
  if (detail) assertEquals(refusal?.detail, detail);
  const placeholders = registryMessages[code].match(/(?<=\{)\w+(?=\})/g) ?? [];
  for (const name of placeholders) assert(refusal?.detail?.[name] !== undefined, name);
  assert(explain(refusal!).length > 0);
}

const three = [company(1), company(2), company(3)];
/** Company 2 begins on this line: the title line, and the 2 lines of company 1. */
const LINE = 4;
const withSecond = (cells: Cells) => renderCadop([company(1), company(2, cells), company(3)]);

function expected(index: number): Operadora {
  return {
    cnpj: syntheticCnpj(index),
    registroAns: `00000${index}`,
    razaoSocial: `OPERAÇÃO FICTÍCIA ${index} LTDA`,
    nomeFantasia: "SERRA SAÚDE; COOPERATIVA",
    modalidade: "Cooperativa Médica",
    logradouro: "RUA DA INVENÇÃO",
    numero: "7",
    complemento: "",
    bairro: 'VILA "Á"',
    cidade: "Brasília",
    uf: "DF",
    cep: "70000000",
    ddd: "61",
    telefone: "55500003",
    email: `contato${index}@ficticia.example`,
    representante: "JOÃO DA CONCEIÇÃO FICTÍCIO",
    cargoRepresentante: "REPRESENTANTE",
    dataRegistro: "2026-08-03",
  };
}

/** The titles of 2021-06, when there was one column less, the last but one. */
const TITLES_2021 =
  ("Registro ANS;CNPJ;Razão Social;Nome Fantasia;Modalidade;Logradouro;Número;Complemento;Bairro;" +
    "Cidade;UF;CEP;DDD;Telefone;Fax;Endereço eletrônico;Representante;Cargo Representante;" +
    "Data Registro ANS").split(";");

/** An edition in the layout of 2025 with other titles. */
const titled = (titles: readonly string[], text = renderCadop(three)) =>
  text.replace(CADOP_TITLES.join(";"), titles.join(";"));

/** The same with days as they are written here. */
const withDays = (text: string) => text.replace(/"(\d{4})-(\d\d)-(\d\d)"/g, '"$3/$2/$1"');

const edition2021 = (titles: readonly string[]) =>
  titled(titles, withDays(renderCadop(three)).replaceAll(";4;", ";"));

const TITLES_2026 = ["REGISTRO_OPERADORA", ...CADOP_TITLES.slice(1)];

const layouts: readonly [string, text: string, encoding?: string][] = [
  [
    "2021-06",
    `"Relatório de operadoras ativas"\n\n${edition2021(TITLES_2021)}`,
    "iso-8859-1",
  ],
  ["2021-12", withDays(renderCadop(three)), "iso-8859-1"],
  ["2025", renderCadop(three)],
  ["2025 with byte order mark", renderCadop(three), "utf-8-bom"],
  ["2025 with CRLF", renderCadop(three).replaceAll("\n", "\r\n")],
  ["2026", titled(TITLES_2026)],
  ["2026 upper case", titled(TITLES_2026.map((title) => title.toUpperCase()))],
];

for (const [name, text, encoding = "utf-8"] of layouts) {
  Deno.test(`the layout ${name} gives the same operadoras`, async () => {
    const { rows, refusal } = await read(encode(text, encoding));
    assertEquals(refusal, undefined);
    assertEquals(rows, [expected(1), expected(2), expected(3)]);
  });
}

Deno.test("titles match without regard to case, accents, spaces and underscores", async () => {
  const titles = CADOP_TITLES.map((title) => ` ${title.replaceAll("_", " ")} `);
  titles[2] = "RAZÃO  SOCIAL";
  titles[19] = "data registro ans";
  const { rows } = await read(titled(titles));
  assertEquals(rows.length, 3);
});

Deno.test("missing representative and unusable e-mail are null, not empty", async () => {
  for (const email of ["", "não tem", "a@b@c.example", "a@b.example;c@d.example", "a@b"]) {
    const text = withSecond({
      Endereco_eletronico: email,
      Representante: " ",
      Cargo_Representante: "",
    });
    const second = (await read(text)).rows[1]!;
    assertEquals([second.email, second.representante, second.cargoRepresentante], [
      null,
      null,
      null,
    ]);
  }
});

Deno.test("alphanumeric CNPJs and the apostrophe the ANS lost are accepted", async () => {
  const text = withSecond({ CNPJ: "12ABC34501DE35", Representante: "HELIO D¿AVILA" });
  const second = (await read(text)).rows[1]!;
  assertEquals([second.cnpj, second.representante], ["12ABC34501DE35", "HELIO D¿AVILA"]);
});

Deno.test("empty lines and lines of separators at the end are no rows", async () => {
  const { rows, refusal } = await read(`${renderCadop(three)}\n${";".repeat(19)}\n\n`);
  assertEquals([rows.length, refusal], [3, undefined]);
});

Deno.test("a CNPJ damaged by a spreadsheet names line and column", async () => {
  for (const valor of ["1,95419E+13", "1.95419E+13", "2E13"]) {
    const place = { linha: LINE, coluna: "CNPJ", valor };
    await assertRefused(withSecond({ CNPJ: valor }), "cadop_scientific", place);
  }
});

Deno.test("other wrong CNPJs are refused", async () => {
  for (const valor of ["97000002000100", "7000002000100", "00000000000000", "CNPJ"]) {
    await assertRefused(withSecond({ CNPJ: valor }), "cadop_cnpj", {
      linha: LINE,
      coluna: "CNPJ",
      valor,
    });
  }
});

Deno.test("a wrong registration number is refused", async () => {
  for (const valor of ["2", "00002", "0000002", "00000A"]) {
    const place = { linha: LINE, coluna: "Registro_ANS", valor };
    await assertRefused(withSecond({ Registro_ANS: valor }), "cadop_registro", place);
  }
});

Deno.test("what every operadora has must not be empty", async () => {
  for (const coluna of ["Registro_ANS", "CNPJ", "Razao_Social", "Data_Registro_ANS"]) {
    // A field after the line break of the address stands on the next line.
    const linha = coluna === "Data_Registro_ANS" ? LINE + 1 : LINE;
    await assertRefused(withSecond({ [coluna]: "" }), "cadop_required", {
      linha,
      coluna,
      valor: "",
    });
  }
});

Deno.test("days that do not exist are refused, on the line of their field", async () => {
  for (const valor of ["31/02/2015", "2015-13-01", "2015-2-1", "19/05/15", "42143", "2015-02-29"]) {
    const place = { linha: LINE + 1, coluna: "Data_Registro_ANS", valor };
    await assertRefused(withSecond({ Data_Registro_ANS: valor }), "cadop_date", place);
  }
});

Deno.test("text broken by a wrong encoding is refused", async () => {
  for (
    const valor of [
      "SAÃšDE",
      "AÃ§Ã£o",
      "S\ufffdo JosÃ©",
      "nÂº 1",
      "a â€“ b",
      "a\u0001b",
      "a\u0085b",
    ]
  ) {
    const place = { linha: LINE, coluna: "Razao_Social", valor };
    await assertRefused(withSecond({ Razao_Social: valor }), "cadop_encoding", place);
  }
  const damaged = "é".repeat(50) + "Ã©";
  const { refusal } = await read(withSecond({ Razao_Social: damaged }));
  assertEquals(refusal?.detail?.valor, `${"é".repeat(40)}…`);
});

Deno.test("capitals with a tilde or circumflex are not taken for broken text", async () => {
  const { rows } = await read(withSecond({ Razao_Social: "IRMÃ ÂNGELA – “SÃO JOÃO” (LÃ)" }));
  assertEquals(rows.length, 3);
});

Deno.test("bytes of another encoding in the middle of a file are refused", async () => {
  const [head, tail] = renderCadop(three).split("FICTÍCIA 2");
  const mixed = [
    encode(head!, "utf-8"),
    encode("FICTÍCIA 2", "iso-8859-1"),
    encode(tail!, "utf-8"),
  ];
  await assertRefused(new Uint8Array(mixed.flatMap((part) => [...part])), "cadop_encoding", {
    linha: LINE,
    coluna: "Razao_Social",
    valor: "  OPERAÇÃO FICT\ufffdCIA 2  LTDA",
  });
});

Deno.test("a file saved as UTF-16 is refused", async () => {
  const units = Uint16Array.from(`\ufeff${renderCadop(three)}`, (char) => char.charCodeAt(0));
  await assertRefused(new Uint8Array(units.buffer), "cadop_not_table");
});

Deno.test("titles broken by a wrong encoding are refused as such", async () => {
  const titles = TITLES_2021.map((title) => title.replace("ã", "Ã£"));
  await assertRefused(edition2021(titles), "cadop_encoding", {
    linha: 1,
    coluna: "RazÃ£o Social",
    valor: "RazÃ£o Social",
  });
});

Deno.test("the same company twice is refused with both lines", async () => {
  await assertRefused(withSecond({ CNPJ: syntheticCnpj(1) }), "cadop_duplicate", {
    linha: LINE,
    coluna: "CNPJ",
    valor: syntheticCnpj(1),
    outra: 2,
  });
  await assertRefused(withSecond({ Registro_ANS: "000001" }), "cadop_duplicate", {
    linha: LINE,
    coluna: "Registro_ANS",
    valor: "000001",
    outra: 2,
  });
});

Deno.test("a missing column is named, each one that is needed", async () => {
  const optional = ["Fax", "Regiao_de_Comercializacao"];
  for (const coluna of CADOP_TITLES.filter((title) => !optional.includes(title))) {
    const titles = CADOP_TITLES.map((title) => title === coluna ? "Outra" : title);
    const text = titled(titles);
    if (coluna === "CNPJ" || coluna === "Registro_ANS") {
      await assertRefused(text, "cadop_not_table");
    } else {
      await assertRefused(text, "cadop_column_missing", { linha: 1, coluna });
    }
  }
});

Deno.test("a column that comes twice is refused", async () => {
  const titles = CADOP_TITLES.map((title) => title === "Fax" ? "cnpj" : title);
  const text = titled(titles);
  await assertRefused(text, "cadop_column_twice", { linha: 1, coluna: "cnpj" });
});

Deno.test("a row with a field too many or too few is refused", async () => {
  const place = { linha: LINE, esperados: 20 };
  await assertRefused(
    renderCadop(three).replace(';"000002"', ";").replace('"000002";', ""), //
    "cadop_field_count",
    { ...place, encontrados: 19, coluna: "Regiao_de_Comercializacao" },
  );
  await assertRefused(
    renderCadop(three).replace('"000002"', ';"000002"'),
    "cadop_field_count",
    { ...place, encontrados: 21, coluna: "Data_Registro_ANS" },
  );
});

Deno.test("quotes lost in the middle are refused", async () => {
  const text = renderCadop(three);
  await assertRefused(text.replace('"000002"', '000002"'), "cadop_stray_quote", {
    linha: LINE,
    coluna: "Registro_ANS",
  });
  await assertRefused(text.replace('"000002"', '"000002'), "cadop_field_count");
  await assertRefused(
    text.replace('"2026-08-03"\n"000003"', '"2026-08-03\n"000003"'), //
    "cadop_field_count",
  );
  const unclosed = text.trimEnd().slice(0, -1);
  await assertRefused(unclosed, "cadop_open_quote", { linha: 7, coluna: "Data_Registro_ANS" });
});

Deno.test("a file cut off in the middle of a row is refused", async () => {
  const text = renderCadop(three);
  const start = text.indexOf('"000003"');
  for (let end = start + 1; end < text.trimEnd().length; end += 7) {
    const { refusal } = await read(text.slice(0, end));
    assert(refusal, `cut at ${end}`);
  }
});

Deno.test("an endless field is refused", async () => {
  await assertRefused(withSecond({ Nome_Fantasia: "x".repeat(2001) }), "cadop_field_too_long", {
    linha: LINE,
    coluna: "Nome_Fantasia",
  });
});

Deno.test("what is not CADOP at all is refused for what it is", async () => {
  await assertRefused("", "cadop_empty");
  await assertRefused("\ufeff\r\n\r\n", "cadop_empty");
  await assertRefused("<!DOCTYPE html>\n<html><body>503</body></html>", "cadop_html");
  await assertRefused('\n  <html lang="pt-br">', "cadop_html");
  await assertRefused('<!DOCTYPE html PUBLIC "-//W3C//DTD">', "cadop_html");
  await assertRefused('<p>\n<a href="x">', "cadop_html");
  await assertRefused(`<html>${"x".repeat(3000)}`, "cadop_html");
  await assertRefused("a;b;c\n1;2;3\n", "cadop_not_table");
  await assertRefused("só uma linha", "cadop_not_table");
  await assertRefused(renderCadop(three).replaceAll(";", ","), "cadop_not_table");
  await assertRefused(new Uint8Array([0x50, 0x4b, 3, 4, 0x22, 0, 0xff, 0x22]), "cadop_not_table");
  await assertRefused("uma linha;qualquer\n".repeat(20) + renderCadop(three), "cadop_not_table");
  await assertRefused(renderCadop([]), "cadop_no_rows");
});
