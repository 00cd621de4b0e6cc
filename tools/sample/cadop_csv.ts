import type { Operadora } from "../../core/store/records/registry.ts";

const HEADER =
  "Registro_ANS;CNPJ;Razao_Social;Nome_Fantasia;Modalidade;Logradouro;Numero;Complemento;Bairro;" +
  "Cidade;UF;CEP;DDD;Telefone;Fax;Endereco_eletronico;Representante;Cargo_Representante;" +
  "Regiao_de_Comercializacao;Data_Registro_ANS";

/** `Relatorio_cadop.csv` in the layout of 2025. Every operadora sells in region 4, none has a fax. */
export function renderCadop(operadoras: Iterable<Operadora>): string {
  let text = `${HEADER}\n`;
  for (const operadora of operadoras) text += `${renderRow(operadora)}\n`;
  return text;
}

function renderRow(o: Operadora): string {
  const address = [o.logradouro, o.numero, o.complemento, o.bairro, o.cidade, o.uf, o.cep];
  return [
    ...[o.registroAns, o.cnpj, o.razaoSocial, o.nomeFantasia, o.modalidade].map(quoted),
    ...address.map(quoted),
    ...[o.ddd, o.telefone, "", o.email, o.representante, o.cargoRepresentante].map(quoted),
    "4",
    quoted(o.dataRegistro),
  ].join(";");
}

function quoted(text: string | null): string {
  return text ? `"${text.replaceAll('"', '""')}"` : "";
}
