import { readSettings } from "../core/config/mod.ts";
import {
  cpfCheckDigits,
  formatCnpj,
  formatCpf,
  parseCnpj,
  parseCpf,
} from "../core/registry/numbers.ts";
import { normaliseName } from "../core/registry/name.ts";
import { getOperadora } from "../core/registry/operadora.ts";
import { openStore } from "../core/store/open.ts";
import { runCommand, WrongUse } from "./command.ts";
import { encodePkcs12, issueCompanyCertificate, openPki } from "./pki/mod.ts";

const HELP = `Cria um certificado e-CNPJ de desenvolvimento, aceito só pelo portal desta máquina.

Uso: deno task dev:cert --cnpj CNPJ [opções]

  --cnpj   CNPJ da empresa, com ou sem máscara (pode ter letras)
  --razao  razão social      (padrão: a do CADOP importado)
  --nome   nome do responsável (padrão: o representante no CADOP importado)
  --cpf    CPF do responsável  (padrão: um CPF fictício, sempre o mesmo para o mesmo nome)
  --senha  senha do arquivo    (padrão: habilita)
  --out    arquivo a criar     (padrão: CNPJ.pfx)
  --dias   dias de validade a partir de hoje (padrão: 365; --dias=-1 cria um vencido)

HABILITA_DATA  pasta dos dados e das autoridades de desenvolvimento (padrão: .data)`;

const DAY = 24 * 60 * 60_000;

const TEXT = { type: "string" } as const;
const OPTIONS = {
  ...{ cnpj: TEXT, razao: TEXT, nome: TEXT, cpf: TEXT },
  ...{ senha: TEXT, out: TEXT, dias: TEXT },
};
type CertificateValues = Partial<Record<keyof typeof OPTIONS, string>>;

async function run(positionals: string[], values: CertificateValues): Promise<number> {
  if (positionals.length > 0) throw new WrongUse(`Não entendi “${positionals[0]}”.`);
  const { cnpj, dias, out, senha, ...options } = readOptions(values);
  const settings = readSettings("dev:cert");
  using kv = await openStore(settings);
  const operadora = await getOperadora({ kv }, cnpj);
  const name = options.nome ?? operadora?.representante ?? "Responsável de Demonstração";
  const companyName = options.razao ?? operadora?.razaoSocial ?? "Empresa de Demonstração Ltda";
  const cpf = options.cpf ?? await cpfForName(name);
  const notAfter = new Date(Date.now() + dias * DAY);
  const notBefore = new Date(Math.min(Date.now(), notAfter.getTime()) - DAY);

  const { certificate, chain, privateKey } = await issueCompanyCertificate(
    await openPki(settings.HABILITA_DATA),
    {
      cnpj,
      companyName,
      responsible: { name, cpf, birthDate: "1980-01-01" },
      notBefore,
      notAfter,
    },
  );
  const certificates = [certificate, ...chain];
  await write(out, await encodePkcs12({ privateKey, certificates, password: senha }));

  const day = (date: Date) => date.toLocaleDateString("pt-BR");
  console.log(`Certificado criado: ${out}
  Senha         ${senha}
  Empresa       ${companyName}
  CNPJ          ${formatCnpj(cnpj)}${operadora ? "" : " (não está no CADOP importado)"}
  Responsável   ${name}
  CPF           ${formatCpf(cpf)}
  Validade      de ${day(notBefore)} a ${day(notAfter)}`);
  return 0;
}

function readOptions(values: CertificateValues) {
  if (!values.cnpj) throw new WrongUse("Diga o CNPJ: --cnpj 12.ABC.345/01DE-35");
  const cnpj = parseCnpj(values.cnpj);
  if (!cnpj) throw new WrongUse(`O CNPJ “${values.cnpj}” não existe: os dígitos não conferem.`);
  const cpf = values.cpf === undefined ? undefined : parseCpf(values.cpf);
  if (cpf === null) {
    throw new WrongUse(`O CPF “${values.cpf}” não existe: os dígitos não conferem.`);
  }
  const dias = Number(values.dias ?? "365");
  if (!Number.isInteger(dias) || Math.abs(dias) > 3650) {
    throw new WrongUse(`--dias deve ser um número inteiro até 3650, não “${values.dias}”.`);
  }
  const { nome, out = `${cnpj}.pfx`, razao, senha = "habilita" } = values;
  return { cnpj, cpf, dias, nome, out, razao, senha };
}

/** A CPF with valid check digits that stands for a name; it is no known person's on purpose. */
async function cpfForName(name: string): Promise<string> {
  const bytes = new TextEncoder().encode(normaliseName(name));
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  const base = [...hash.subarray(0, 9)].map((octet) => octet % 10).join("");
  return base + cpfCheckDigits(base);
}

async function write(path: string, bytes: Uint8Array): Promise<void> {
  try {
    await Deno.writeFile(path, bytes, { mode: 0o600 });
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) throw new WrongUse(`A pasta de ${path} não existe.`);
    throw error;
  }
}

if (import.meta.main) await runCommand({ help: HELP, options: OPTIONS, run });
