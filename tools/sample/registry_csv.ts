import { codeOfUf } from "../../core/registry/cnes.ts";
import type { CnesRow, Operadora } from "../../core/store/records/registry.ts";

export const CADOP_TITLES =
  ("Registro_ANS;CNPJ;Razao_Social;Nome_Fantasia;Modalidade;Logradouro;Numero;Complemento;Bairro;" +
    "Cidade;UF;CEP;DDD;Telefone;Fax;Endereco_eletronico;Representante;Cargo_Representante;" +
    "Regiao_de_Comercializacao;Data_Registro_ANS").split(";");

/** Cells by their titles that differ from what the row itself says. */
export type Cells = Readonly<Record<string, string>>;

export interface CadopSample extends Operadora {
  cells?: Cells;
}

/** `Relatorio_cadop.csv` in the layout of 2025. Every operadora sells in region 4, none has a fax. */
export function renderCadop(operadoras: Iterable<CadopSample>): string {
  let text = `${CADOP_TITLES.join(";")}\n`;
  for (const operadora of operadoras) text += `${cadopRow(operadora)}\n`;
  return text;
}

function cadopRow({ cells, ...o }: CadopSample): string {
  const address = [o.logradouro, o.numero, o.complemento, o.bairro, o.cidade, o.uf, o.cep];
  const values = [
    ...[o.registroAns, o.cnpj, o.razaoSocial, o.nomeFantasia, o.modalidade, ...address],
    ...[o.ddd, o.telefone, "", o.email, o.representante, o.cargoRepresentante, "4", o.dataRegistro],
  ];
  return CADOP_TITLES.map((title, i) => {
    const value = cells?.[title] ?? values[i] ?? "";
    return title === "Regiao_de_Comercializacao" ? value : quotedOrEmpty(value);
  }).join(";");
}

/** What CADOP does not know stands without quotes. */
function quotedOrEmpty(text: string): string {
  return text ? quoted(text) : "";
}

/** Titles of `tbEstabelecimento….csv`; the last two came later. */
const CNES_TITLES =
  ("CO_UNIDADE;CO_CNES;NU_CNPJ_MANTENEDORA;TP_PFPJ;NIVEL_DEP;NO_RAZAO_SOCIAL;NO_FANTASIA;" +
    "NO_LOGRADOURO;NU_ENDERECO;NO_COMPLEMENTO;NO_BAIRRO;CO_CEP;CO_REGIAO_SAUDE;CO_MICRO_REGIAO;" +
    "CO_DISTRITO_SANITARIO;CO_DISTRITO_ADMINISTRATIVO;NU_TELEFONE;NU_FAX;NO_EMAIL;NU_CPF;NU_CNPJ;" +
    "CO_ATIVIDADE;CO_CLIENTELA;NU_ALVARA;DT_EXPEDICAO;TP_ORGAO_EXPEDIDOR;DT_VAL_LIC_SANI;" +
    "TP_LIC_SANI;TP_UNIDADE;CO_TURNO_ATENDIMENTO;CO_ESTADO_GESTOR;CO_MUNICIPIO_GESTOR;" +
    "TO_CHAR(DT_ATUALIZACAO,'DD/MM/YYYY');CO_USUARIO;CO_CPFDIRETORCLN;REG_DIRETORCLN;" +
    "ST_ADESAO_FILANTROP;CO_MOTIVO_DESAB;NO_URL;NU_LATITUDE;NU_LONGITUDE;" +
    "TO_CHAR(DT_ATU_GEO,'DD/MM/YYYY');NO_USUARIO_GEO;CO_NATUREZA_JUR;TP_ESTAB_SEMPRE_ABERTO;" +
    "ST_GERACREDITO_GERENTE_SGIF;ST_CONEXAO_INTERNET;CO_TIPO_UNIDADE;NO_FANTASIA_ABREV;TP_GESTAO;" +
    "TO_CHAR(DT_ATUALIZACAO_ORIGEM,'DD/MM/YYYY');CO_TIPO_ESTABELECIMENTO;CO_ATIVIDADE_PRINCIPAL;" +
    "ST_CONTRATO_FORMALIZADO;CO_TIPO_ABRANGENCIA;ST_COWORKING").split(";");

export interface CnesSample extends CnesRow {
  cells?: Cells;
}

/** Codes of municipalities by name: invented, but with the code of the state in front. */
function codeOfMunicipio({ uf, municipio }: CnesRow): string {
  if (municipio === "") return "";
  const sum = [...municipio].reduce((sum, char) => sum * 31 + char.codePointAt(0)!, 7);
  return `${codeOfUf(uf)}${String(sum % 10_000).padStart(4, "0")}`;
}

/** A row of `tbEstabelecimento….csv` with the columns of these titles. */
export function cnesLine(row: CnesSample, titles: readonly string[] = CNES_TITLES): string {
  const state = codeOfUf(row.uf) ?? "";
  const municipio = codeOfMunicipio(row);
  const cells: Cells = {
    CO_UNIDADE: municipio + row.cnes,
    CO_CNES: row.cnes,
    NU_CNPJ_MANTENEDORA: row.cnpjMantenedora ?? "",
    TP_PFPJ: "3",
    NO_RAZAO_SOCIAL: row.razaoSocial,
    NO_FANTASIA: row.nome,
    NO_LOGRADOURO: "RUA DA FICÇÃO",
    NU_ENDERECO: "S/N",
    NO_BAIRRO: "CENTRO",
    NU_CNPJ: row.cnpj ?? "",
    TP_UNIDADE: "68",
    CO_ESTADO_GESTOR: state,
    CO_MUNICIPIO_GESTOR: municipio,
    "TO_CHAR(DT_ATUALIZACAO,'DD/MM/YYYY')": "01/06/2026",
    CO_CPFDIRETORCLN: row.directorCpf ?? "",
    CO_MOTIVO_DESAB: row.active ? "" : "01",
    NU_LATITUDE: "-22.9",
    NU_LONGITUDE: "-47.1",
    CO_NATUREZA_JUR: "2062",
    TP_GESTAO: "M",
    ...row.cells,
  };
  return `${titles.map((title) => quoted(cells[title] ?? "")).join(";")}\n`;
}

/** `tbEstabelecimento….csv`, with or without the two newer columns. */
export function renderCnes(rows: Iterable<CnesSample>, columns: 54 | 56 = 56): string {
  const titles = CNES_TITLES.slice(0, columns);
  const lines = Array.from(rows, (row) => cnesLine(row, titles));
  return [`${titles.map(quoted).join(";")}\n`, ...lines].join("");
}

/** `tbMunicipio….csv` with the municipalities of these establishments. */
export function renderMunicipios(rows: Iterable<CnesRow>): string {
  const lines = new Set<string>();
  for (const row of rows) {
    lines.add([codeOfMunicipio(row), row.municipio, row.uf].map(quoted).join(";"));
  }
  return ["CO_MUNICIPIO;NO_MUNICIPIO;CO_SIGLA_ESTADO", ...lines, ""].join("\n");
}

function quoted(text: string): string {
  return `"${text.replaceAll('"', '""')}"`;
}
