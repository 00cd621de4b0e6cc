import type { Result } from "../result.ts";
import { keys } from "../store/keys.ts";
import type { Operadora } from "../store/records/registry.ts";
import { cadop, readCurrent, type StoreDeps } from "./edition.ts";
import { cnpjCheckDigits } from "./numbers.ts";
import { getOperadora } from "./operadora.ts";

/** The values of one row by their titles in the layout of 2025. */
export type Cells = Record<string, string>;

/** How an edition is written. */
export interface Layout {
  titles: readonly string[];
  /** Text before the line with the titles. */
  before: string;
  end: "\n" | "\r\n";
  dates: "iso" | "br";
  encoding: "utf-8" | "utf-8-bom" | "iso-8859-1";
}

const TITLES_2025 =
  ("Registro_ANS;CNPJ;Razao_Social;Nome_Fantasia;Modalidade;Logradouro;Numero;Complemento;Bairro;" +
    "Cidade;UF;CEP;DDD;Telefone;Fax;Endereco_eletronico;Representante;Cargo_Representante;" +
    "Regiao_de_Comercializacao;Data_Registro_ANS").split(";");

const TITLES_2021 =
  ("Registro ANS;CNPJ;Razão Social;Nome Fantasia;Modalidade;Logradouro;Número;Complemento;Bairro;" +
    "Cidade;UF;CEP;DDD;Telefone;Fax;Endereço eletrônico;Representante;Cargo Representante;" +
    "Data Registro ANS").split(";");

const LAYOUT_2025: Layout = {
  titles: TITLES_2025,
  before: "",
  end: "\n",
  dates: "iso",
  encoding: "utf-8",
};

export const layouts = {
  "2021-06": {
    titles: TITLES_2021,
    before: '"Relatório de operadoras ativas"\n\n',
    end: "\n",
    dates: "br",
    encoding: "iso-8859-1",
  },
  "2021-12": { ...LAYOUT_2025, dates: "br", encoding: "iso-8859-1" },
  "2025": LAYOUT_2025,
  "2025 with byte order mark": { ...LAYOUT_2025, encoding: "utf-8-bom" },
  "2025 with CRLF": { ...LAYOUT_2025, end: "\r\n" },
  "2026": { ...LAYOUT_2025, titles: ["REGISTRO_OPERADORA", ...TITLES_2025.slice(1)] },
  "2026 upper case": {
    ...LAYOUT_2025,
    titles: ["REGISTRO_OPERADORA", ...TITLES_2025.slice(1)].map((title) => title.toUpperCase()),
  },
} as const satisfies Record<string, Layout>;

export function syntheticCnpj(index: number): string {
  const base = `97${String(index).padStart(6, "0")}0001`;
  return base + cnpjCheckDigits(base);
}

/** An invented company with accents, quotes, a separator and a line break in its fields. */
export function company(index: number, cells: Cells = {}): Cells {
  return {
    Registro_ANS: String(index).padStart(6, "0"),
    CNPJ: syntheticCnpj(index),
    Razao_Social: `  OPERAÇÃO FICTÍCIA ${index}  LTDA`,
    Nome_Fantasia: "FICÇÃO; SAÚDE",
    Modalidade: "Cooperativa Médica",
    Logradouro: "RUA DA\nINVENÇÃO",
    Numero: "S/N",
    Bairro: 'VILA "Á"',
    Cidade: "São José",
    UF: "SC",
    CEP: "88000000",
    DDD: "48",
    Telefone: "55500000",
    Endereco_eletronico: `contato${index}@ficticia.example`,
    Representante: "JOÃO DA CONCEIÇÃO FICTÍCIO ",
    Cargo_Representante: "SÓCIO",
    Regiao_de_Comercializacao: "4",
    Data_Registro_ANS: "2015-05-19",
    ...cells,
  };
}

export function renderText(companies: readonly Cells[], layout: Layout = LAYOUT_2025): string {
  // The editions of 2021-06 have one column less, whose place in the others is the last but one.
  const columns = TITLES_2025.filter((title) =>
    layout.titles.length === TITLES_2025.length || title !== "Regiao_de_Comercializacao"
  );
  const rows = companies.map((cells) =>
    columns.map((title) => {
      const value = cells[title] ?? "";
      if (value === "" || title === "Regiao_de_Comercializacao") return value;
      return `"${written(title, value, layout).replaceAll('"', '""')}"`;
    }).join(";")
  );
  const lines = [layout.titles.join(";"), ...rows];
  return (layout.before + lines.map((line) => `${line}\n`).join("")).replaceAll("\n", layout.end);
}

function written(title: string, value: string, layout: Layout): string {
  if (title !== "Data_Registro_ANS" || layout.dates === "iso") return value;
  return value.replace(/^(\d+)-(\d+)-(\d+)$/, "$3/$2/$1");
}

export function encode(text: string, encoding: Layout["encoding"]): Uint8Array<ArrayBuffer> {
  if (encoding === "iso-8859-1") return Uint8Array.from(text, (char) => char.charCodeAt(0));
  return new TextEncoder().encode(encoding === "utf-8-bom" ? `\ufeff${text}` : text);
}

/** The bytes as a file would give them, in pieces that cut characters and fields. */
export function stream(content: string | Uint8Array, size = 1000): ReadableStream<Uint8Array> {
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
  return ReadableStream.from(function* () {
    for (let at = 0; at < bytes.length; at += size) yield bytes.slice(at, at + size);
  }());
}

/** What a function answered that was to accept. */
export function accepted<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`refused: ${result.code} ${JSON.stringify(result.detail)}`);
  return result.data;
}

/** The operadora with these 6 digits as its number at the ANS. */
export async function getOperadoraByRegistro(
  deps: StoreDeps,
  registroAns: string,
): Promise<Operadora | null> {
  const { values: [[cnpj]] } = await readCurrent(
    deps,
    cadop,
    (id) => [[keys.operadoraByRegistro(id, registroAns)]],
  );
  return cnpj ? await getOperadora(deps, cnpj) : null;
}
