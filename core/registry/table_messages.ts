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
export function tableMessages<P extends string>(
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
