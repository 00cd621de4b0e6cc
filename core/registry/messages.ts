import { tableMessages } from "./table_messages.ts";

/** What each refusal of this room says. `{coluna}` is the column's title in the file. */
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
