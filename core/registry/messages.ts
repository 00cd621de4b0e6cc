/** What each refusal of this room says. `{coluna}` is the column's title in the file. */
export const registryMessages = {
  cadop_empty: "O arquivo está vazio. Baixe de novo o Relatorio_cadop.csv.",
  cadop_html:
    "O arquivo é uma página da web, não o Relatorio_cadop.csv. O endereço pode ter mudado: " +
    "baixe de novo na página de dados abertos da ANS.",
  cadop_not_cadop:
    "O arquivo não é o Relatorio_cadop.csv: não há uma linha de títulos, separada por ponto e vírgula, " +
    "com as colunas Registro ANS e CNPJ. Use o arquivo original da ANS.",
  cadop_no_rows: "O arquivo só tem a linha de títulos, sem nenhuma operadora. Baixe-o de novo.",
  cadop_column_missing: "Linha {linha}: falta a coluna {coluna} na linha de títulos.",
  cadop_column_twice: "Linha {linha}: a coluna {coluna} aparece duas vezes na linha de títulos.",
  cadop_field_count:
    "Linha {linha}: há {encontrados} campos em vez de {esperados}; o último foi lido como coluna {coluna}. " +
    "Falta ou sobra um ponto e vírgula ou uma aspa.",
  cadop_stray_quote: "Linha {linha}, coluna {coluna}: há uma aspa fora do lugar.",
  cadop_open_quote: "Linha {linha}, coluna {coluna}: a aspa aberta nesta coluna não é fechada.",
  cadop_field_too_long:
    "Linha {linha}, coluna {coluna}: o texto é longo demais. Falta uma aspa ou um ponto e vírgula?",
  cadop_encoding:
    "Linha {linha}, coluna {coluna}: os acentos do arquivo estão estragados ({valor}). Use o arquivo original " +
    "da ANS, sem abrir e salvar em outro programa.",
  cadop_scientific:
    "Linha {linha}, coluna {coluna}: uma planilha trocou o número por {valor}. Use o arquivo original da ANS, " +
    "sem abrir e salvar na planilha.",
  cadop_cnpj:
    "Linha {linha}, coluna {coluna}: “{valor}” não é um CNPJ válido. São 14 posições, com os zeros à esquerda " +
    "e os dígitos verificadores.",
  cadop_registro:
    "Linha {linha}, coluna {coluna}: “{valor}” não é um registro na ANS. São 6 algarismos, com os zeros à esquerda.",
  cadop_required: "Linha {linha}, coluna {coluna}: o campo está vazio.",
  cadop_date:
    "Linha {linha}, coluna {coluna}: “{valor}” não é uma data válida (DD/MM/AAAA ou AAAA-MM-DD).",
  cadop_duplicate:
    "Linha {linha}, coluna {coluna}: {valor} repete o da linha {outra}. Cada operadora aparece uma só vez.",
  cadop_superseded:
    "Outra importação começou depois desta e tomou o seu lugar. Nada desta foi gravado.",
} as const;

export type CadopCode = keyof typeof registryMessages;
