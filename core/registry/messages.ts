/** What may be wrong with a published table, whichever it is. */
type Damage =
  | "empty"
  | "html"
  | "not_table"
  | "no_rows"
  | "column_missing"
  | "column_twice"
  | "field_count"
  | "stray_quote"
  | "open_quote"
  | "field_too_long"
  | "encoding"
  | "scientific"
  | "required";

/** Stable code of a refusal: the table's prefix and the damage, e.g. `cnes_field_count`. */
export type TableCode<P extends string> = `${P}_${Damage}`;

/** The words by which the messages name a table. */
interface TableWords {
  /** Name of the file, e.g. `Relatorio_cadop.csv`. */
  file: string;
  /** Who publishes it, with the preposition: `da ANS`. */
  source: string;
  /** Columns by which the line with the titles is known. */
  columns: string;
}

/** What the refusals of a table say; `{coluna}` is the column's title in the file. */
function tableMessages<P extends string>(
  prefix: P,
  { file, source, columns }: TableWords,
): Record<TableCode<P>, string> {
  const original = `Use o arquivo original ${source}`;
  const texts: Record<Damage, string> = {
    empty: `O arquivo está vazio. Baixe de novo o ${file}.`,
    html: `O arquivo é uma página da web, não o ${file}. O endereço pode ter mudado: ` +
      `baixe de novo na página de dados abertos ${source}.`,
    not_table: `O arquivo não é o ${file}: não há uma linha de títulos, separada por ponto e ` +
      `vírgula, com ${columns}. ${original}.`,
    no_rows: "O arquivo só tem a linha de títulos, sem nenhuma linha de dados. Baixe-o de novo.",
    column_missing: "Linha {linha}: falta a coluna {coluna} na linha de títulos.",
    column_twice: "Linha {linha}: a coluna {coluna} aparece duas vezes na linha de títulos.",
    field_count:
      "Linha {linha}: há {encontrados} campos em vez de {esperados}; o último foi lido como " +
      "coluna {coluna}. Falta ou sobra um ponto e vírgula ou uma aspa.",
    stray_quote: "Linha {linha}, coluna {coluna}: há uma aspa fora do lugar.",
    open_quote: "Linha {linha}, coluna {coluna}: a aspa aberta nesta coluna não é fechada.",
    field_too_long:
      "Linha {linha}, coluna {coluna}: o texto é longo demais. Falta uma aspa ou um ponto e vírgula?",
    encoding:
      `Linha {linha}, coluna {coluna}: os acentos do arquivo estão estragados ({valor}). ${original}, ` +
      "sem abrir e salvar em outro programa.",
    scientific:
      `Linha {linha}, coluna {coluna}: uma planilha trocou o número por {valor}. ${original}, ` +
      "sem abrir e salvar na planilha.",
    required: "Linha {linha}, coluna {coluna}: o campo está vazio.",
  };
  const entries = Object.entries(texts).map(([damage, text]) => [`${prefix}_${damage}`, text]);
  return Object.fromEntries(entries);
}

/** What each refusal of this module says. `{coluna}` is the column's title in the file. */
export const registryMessages = {
  ...tableMessages("cadop", {
    file: "Relatorio_cadop.csv",
    source: "da ANS",
    columns: "as colunas Registro ANS e CNPJ",
  }),
  cadop_cnpj:
    "Linha {linha}, coluna {coluna}: “{valor}” não é um CNPJ válido. São 14 posições, com os zeros à esquerda " +
    "e os dígitos verificadores.",
  cadop_registro:
    "Linha {linha}, coluna {coluna}: “{valor}” não é um registro na ANS. São 6 algarismos, com os zeros à esquerda.",
  cadop_date:
    "Linha {linha}, coluna {coluna}: “{valor}” não é uma data válida (DD/MM/AAAA ou AAAA-MM-DD).",
  cadop_duplicate:
    "Linha {linha}, coluna {coluna}: {valor} repete o da linha {outra}. Cada operadora aparece uma só vez.",
  cadop_superseded:
    "Outra importação começou depois desta e tomou o seu lugar. Nada desta foi gravado.",
  ...tableMessages("cnes", {
    file: "tbEstabelecimento….csv",
    source: "do CNES",
    columns: "a coluna CO_CNES",
  }),
  cnes_number:
    "Linha {linha}, coluna {coluna}: “{valor}” não é um número CNES. São 7 algarismos, com os zeros à esquerda. " +
    "Use o arquivo original do CNES, sem abrir e salvar na planilha.",
  cnes_duplicate:
    "Linha {linha}, coluna {coluna}: o número CNES {valor} já apareceu antes. Cada estabelecimento aparece uma só vez.",
  cnes_superseded:
    "Outra importação começou depois desta e tomou o seu lugar. A edição que vale continua inteira.",
  cnes_file_changed:
    "O arquivo mudou enquanto era importado. A edição anterior continua valendo. Espere o arquivo ficar pronto " +
    "e importe de novo.",
  ...tableMessages("municipios", {
    file: "tbMunicipio….csv",
    source: "do CNES",
    columns: "as colunas CO_MUNICIPIO e NO_MUNICIPIO",
  }),
} as const;

export type RegistryCode = keyof typeof registryMessages;
export type CadopCode = Extract<RegistryCode, `cadop_${string}`>;
export type CnesCode = Extract<RegistryCode, `cnes_${string}` | `municipios_${string}`>;
