import type { Operadora } from "@/core/store/records/registry.ts";
import {
  encodePkcs12,
  issueCompanyCertificate,
  issuePersonCertificate,
  type Pki,
} from "@/tools/pki/mod.ts";
import { people, type SamplePerson } from "@/tools/sample/people.ts";
import { operadoras } from "@/tools/sample/operadoras.ts";

/** Password of every demo certificate. */
export const DEMO_CERTIFICATE_PASSWORD = "habilita";

export interface DemoCertificate {
  file: string;
  /** Null: an e-CPF, the person's own. */
  operadora: Operadora | null;
  /** Who is responsible for the company's certificate, or whose e-CPF it is. */
  responsible: SamplePerson;
  /** What the tour says about it. */
  note: string;
}

export const DEMO_CERTIFICATES: readonly DemoCertificate[] = [
  {
    file: "alvorada.pfx",
    operadora: operadoras.alvorada,
    responsible: people.helena,
    note: "Primeiro acesso da representante",
  },
  {
    file: "sorriso.pfx",
    operadora: operadoras.sorriso,
    responsible: people.bruno,
    note: "Arquivo cifrado à moda antiga (RC2-40 e 3DES)",
  },
  {
    file: "serra.pfx",
    operadora: operadoras.serra,
    responsible: people.cecilia,
    note: "CNPJ alfanumérico",
  },
  {
    file: "elisa-e-cpf.pfx",
    operadora: null,
    responsible: people.elisa,
    note: "Comprova o CPF de uma conta; não abre a entrada da empresa",
  },
];

const issued = new WeakMap<Pki, Map<string, Promise<Uint8Array<ArrayBuffer>>>>();

/** The A1 file of a demo certificate: issued once a run, so that every download is the same one. */
export function demoPkcs12(
  pki: Pki,
  demo: DemoCertificate,
): Promise<Uint8Array<ArrayBuffer>> {
  const files = issued.get(pki) ?? new Map();
  issued.set(pki, files);
  const file = files.get(demo.file) ?? issueDemo(pki, demo);
  files.set(demo.file, file);
  return file;
}

async function issueDemo(pki: Pki, { file, operadora, responsible }: DemoCertificate) {
  const person = { name: responsible.nome, cpf: responsible.cpf, birthDate: "1980-05-17" };
  const { certificate, chain, privateKey } = operadora
    ? await issueCompanyCertificate(pki, {
      cnpj: operadora.cnpj,
      companyName: operadora.razaoSocial,
      responsible: person,
    })
    : await issuePersonCertificate(pki, person);
  return await encodePkcs12({
    privateKey,
    certificates: [certificate, ...chain],
    password: DEMO_CERTIFICATE_PASSWORD,
    scheme: file === "sorriso.pfx" ? "rc2-40" : "aes-256",
  });
}
