import type { Operadora } from "@/core/store/records/registry.ts";
import { encodePkcs12, issueCompanyCertificate, type Pki } from "@/tools/pki/mod.ts";
import { people, type SamplePerson } from "@/tools/sample/people.ts";
import { operadoras } from "@/tools/sample/operadoras.ts";

/** Password of every demo certificate. */
export const DEMO_CERTIFICATE_PASSWORD = "habilita";

export interface DemoCertificate {
  file: string;
  operadora: Operadora;
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
  const day = 24 * 60 * 60_000;
  const { certificate, chain, privateKey } = await issueCompanyCertificate(pki, {
    cnpj: operadora.cnpj,
    companyName: operadora.razaoSocial,
    responsible: { name: responsible.nome, cpf: responsible.cpf, birthDate: "1980-05-17" },
    notBefore: new Date(Date.now() - day),
    notAfter: new Date(Date.now() + 365 * day),
  });
  return await encodePkcs12({
    privateKey,
    certificates: [certificate, ...chain],
    password: DEMO_CERTIFICATE_PASSWORD,
    scheme: file === "sorriso.pfx" ? "rc2-40" : "aes-256",
  });
}
