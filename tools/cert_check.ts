import { parseArgs } from "node:util";
import { join } from "@std/path";
import { explainA1, openA1 } from "../core/certificate/a1/mod.ts";
import { diagnose, type Diagnosis } from "../core/certificate/diagnose.ts";
import { advice, checkNames, outcomeNames } from "../core/certificate/diagnose_messages.ts";
import { readPem } from "../core/certificate/pem.ts";
import { fingerprint } from "../core/certificate/trust.ts";
import { tryParseCertificate } from "../core/certificate/x509.ts";
import { readConfig } from "../core/config.ts";
import { explain } from "../core/messages.ts";
import type { Portal } from "../core/portal.ts";
import { openStore } from "../core/store/open.ts";

const HELP = `Confere um certificado como a entrada do portal o faria e diz o que há de errado.

Uso: deno task cert:check ARQUIVO [opções]

  ARQUIVO      certificado A1 (.pfx, .p12) ou só o certificado público (.cer, .crt, .pem, .der)
  --senha      senha do arquivo A1; sem ela, a variável HABILITA_SENHA
  --json       o resultado em JSON
  --offline    não busca listas de certificados revogados

Nada é guardado além de listas de revogados, e a chave não é usada. Termina com 0 quando o certificado
abre o portal, 1 quando não, 2 quando o comando está errado.

HABILITA_DATA  pasta onde o portal guarda os dados (padrão: .data)`;

/** Something the person typed is wrong; the message says what to do. */
class WrongUse extends Error {}

/** Runs the command and answers its exit code. */
async function main(args: string[]): Promise<number> {
  try {
    const { file, help, json, offline, senha } = readOptions(args);
    if (help) {
      console.log(HELP);
      return 0;
    }
    const certificates = await readCertificates(file, senha);
    const data = Deno.env.get("HABILITA_DATA") || ".data";
    using kv = await openStore(data);
    const diagnosis = await diagnose(await portalOf(kv, data, offline), certificates);
    console.log(json ? toJson(diagnosis) : toText(diagnosis));
    return diagnosis.accepted ? 0 : 1;
  } catch (error) {
    if (!(error instanceof WrongUse)) throw error;
    console.error(error.message);
    return 2;
  }
}

function readOptions(args: string[]) {
  try {
    const { positionals, values } = parseArgs({
      args,
      allowPositionals: true,
      options: {
        senha: { type: "string" },
        json: { type: "boolean", default: false },
        offline: { type: "boolean", default: false },
        help: { type: "boolean", short: "h", default: false },
      },
    });
    const [file, ...more] = positionals;
    if (!values.help && (file === undefined || more.length > 0)) {
      throw new WrongUse(`Diga o arquivo do certificado.\n\n${HELP}`);
    }
    return { ...values, file: file ?? "" };
  } catch (error) {
    if (error instanceof TypeError) throw new WrongUse(`Opção não entendida: ${error.message}`);
    throw error;
  }
}

/** DER, the company's first. What is neither a certificate nor PEM is taken for an A1 file. */
async function readCertificates(
  path: string,
  senha: string | undefined,
): Promise<readonly Uint8Array[]> {
  const bytes = await readFile(path);
  const pem = readPem(new TextDecoder("latin1").decode(bytes));
  if (pem.length > 0) return pem;
  if (tryParseCertificate(bytes)) return [bytes];
  const a1 = await openA1(bytes, senha ?? Deno.env.get("HABILITA_SENHA") ?? "");
  if (a1.ok) return a1.data.certificates;
  const hint = a1.code === "pfx_wrong_password" && senha === undefined ? " Use --senha." : "";
  throw new WrongUse(`${path}: ${explainA1(a1)}${hint}`);
}

async function readFile(path: string): Promise<Uint8Array> {
  try {
    return await Deno.readFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) throw new WrongUse(`${path} não existe.`);
    if (error instanceof Deno.errors.IsADirectory) throw new WrongUse(`${path} é uma pasta.`);
    throw error;
  }
}

/** What a configuration must have, and a diagnosis has no use for. */
const UNUSED: Record<string, string> = {
  HABILITA_ORIGIN: "http://localhost",
  HABILITA_SECRET: "-".repeat(32),
};

/** The portal of a data folder, with the settings of its revocation lists. */
async function portalOf(kv: Deno.Kv, data: string, offline: boolean): Promise<Portal> {
  const config = readConfig((name) => name.includes("CRL") ? Deno.env.get(name) : UNUSED[name]);
  return {
    kv,
    now: Date.now,
    config: {
      ...config,
      anchors: [...config.anchors, ...await developmentRoots(data)],
      crl: { ...config.crl, revocation: offline ? "off" : "require" },
    },
  };
}

/** The root of the development world, when the folder holds one. */
async function developmentRoots(data: string): Promise<string[]> {
  try {
    const pem = readPem(await Deno.readTextFile(join(data, "pki", "raiz.crt")));
    return await Promise.all(pem.map(fingerprint));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}

function toJson({ accepted, checks, presented }: Diagnosis): string {
  const withTexts = checks.map((check) => ({
    ...check,
    text: check.reason && explain(check.reason),
  }));
  return JSON.stringify({ accepted, presented, checks: withTexts }, null, 2);
}

function toText(diagnosis: Diagnosis): string {
  const { checks, presented } = diagnosis;
  const lines: string[] = [];
  if (presented) {
    const { authorities, cnpj, companyName, kindName, responsible } = presented;
    const facts: [string, string | null][] = [
      ["Apresentado", kindName],
      ["Empresa", companyName],
      ["CNPJ", cnpj],
      ["Responsável", responsible && `${responsible.name} (CPF ${responsible.cpf})`],
      ["Validade", `de ${presented.validFrom} a ${presented.validUntil}`],
      ["Titular", presented.subject],
      ["Emitido por", presented.issuer],
      ["Autoridades", authorities.map(({ name }) => name).join(" > ") || null],
      ["SHA-256", presented.sha256],
    ];
    lines.push(
      ...facts.map(([name, value]) => `${name.padEnd(13)}${value ?? "não informado"}`),
      "",
    );
  }
  for (const { check, outcome, reason } of checks) {
    lines.push(`${outcomeNames[outcome].padEnd(16)}${checkNames[check]}`);
    if (reason) lines.push(`${" ".repeat(16)}${explain(reason)}`);
  }
  return [...lines, "", advice(diagnosis)].join("\n");
}

if (import.meta.main) Deno.exit(await main(Deno.args));
