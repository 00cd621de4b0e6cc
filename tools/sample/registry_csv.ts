import { codeOfUf } from "../../core/registry/cnes.ts";
import type { CnesRow, Operadora } from "../../core/store/records/registry.ts";

const CADOP_HEADER =
  "Registro_ANS;CNPJ;Razao_Social;Nome_Fantasia;Modalidade;Logradouro;Numero;Complemento;Bairro;" +
  "Cidade;UF;CEP;DDD;Telefone;Fax;Endereco_eletronico;Representante;Cargo_Representante;" +
  "Regiao_de_Comercializacao;Data_Registro_ANS";

/** `Relatorio_cadop.csv` in the layout of 2025. Every operadora sells in region 4, none has a fax. */
export function renderCadop(operadoras: Iterable<Operadora>): string {
  let text = `${CADOP_HEADER}\n`;
  for (const operadora of operadoras) text += `${cadopRow(operadora)}\n`;
  return text;
}

function cadopRow(o: Operadora): string {
  const address = [o.logradouro, o.numero, o.complemento, o.bairro, o.cidade, o.uf, o.cep];
  return [
    ...[o.registroAns, o.cnpj, o.razaoSocial, o.nomeFantasia, o.modalidade].map(quotedOrEmpty),
    ...address.map(quotedOrEmpty),
    ...[o.ddd, o.telefone, "", o.email, o.representante, o.cargoRepresentante].map(quotedOrEmpty),
    "4",
    quotedOrEmpty(o.dataRegistro),
  ].join(";");
}

/** What CADOP does not know stands without quotes. */
function quotedOrEmpty(text: string | null): string {
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

/** Cells by their titles that differ from what the row itself says. */
export type CnesCells = Readonly<Record<string, string>>;

export interface CnesSample extends CnesRow {
  cells?: CnesCells;
}

/** Codes of municipalities by name: invented, but with the code of the state in front. */
function codeOfMunicipio({ uf, municipio }: CnesRow): string {
  if (municipio === "") return "";
  const sum = [...municipio].reduce((sum, char) => sum * 31 + char.codePointAt(0)!, 7);
  return `${codeOfUf(uf)}${String(sum % 10_000).padStart(4, "0")}`;
}

/** The line with the titles, with or without the two newer columns. */
export function cnesHeader(columns: 54 | 56 = 56): string {
  return `${CNES_TITLES.slice(0, columns).map(quoted).join(";")}\n`;
}

export function cnesLine(row: CnesSample, columns: 54 | 56 = 56): string {
  const state = codeOfUf(row.uf) ?? "";
  const municipio = codeOfMunicipio(row);
  const cells: CnesCells = {
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
  return `${CNES_TITLES.slice(0, columns).map((title) => quoted(cells[title] ?? "")).join(";")}\n`;
}

/** `tbEstabelecimento….csv`. */
export function renderCnes(rows: Iterable<CnesSample>, columns: 54 | 56 = 56): string {
  let text = cnesHeader(columns);
  for (const row of rows) text += cnesLine(row, columns);
  return text;
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
