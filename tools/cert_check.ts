import { join } from "@std/path";
import { explainA1, openA1 } from "../core/certificate/a1/mod.ts";
import { diagnose, type Diagnosis } from "../core/certificate/diagnose.ts";
import { advice, checkNames, outcomeNames } from "../core/certificate/diagnose_messages.ts";
import { readPem } from "../core/certificate/pem.ts";
import { fingerprint } from "../core/certificate/trust.ts";
import { tryParseCertificate } from "../core/certificate/x509.ts";
import { type Config, ICP_BRASIL_ROOTS, readSettings, toCrlConfig } from "../core/config/mod.ts";
import { explain } from "../core/messages.ts";
import { openStore } from "../core/store/open.ts";
import { CommandRefused, onlyOne, runCommand } from "./command.ts";

const HELP = `Confere um certificado como a entrada do portal o faria e diz o que há de errado.

Uso: deno task cert:check ARQUIVO [opções]

  ARQUIVO      certificado A1 (.pfx, .p12) ou só o certificado público (.cer, .crt, .pem, .der)
  --senha      senha do arquivo A1; sem ela, a variável HABILITA_SENHA
  --json       o resultado em JSON
  --offline    não busca listas de certificados revogados

Nada é guardado além de listas de revogados, e a chave não é usada. Termina com 0 quando o certificado
abre o portal, 1 quando não, 2 quando o comando está errado.

HABILITA_DATA  pasta onde o portal guarda os dados (padrão: .data)`;

/** Code 1 says that a certificate was judged. */
const WRONG_USE = 2;

const OPTIONS = {
  senha: { type: "string" },
  json: { type: "boolean" },
  offline: { type: "boolean" },
} as const;

/** Answers 0 when the certificate opens the portal, 1 when not. */
async function run(
  positionals: string[],
  { json, offline, senha }: { json?: boolean; offline?: boolean; senha?: string },
): Promise<number> {
  const path = onlyOne(positionals, "Diga o arquivo do certificado.");
  const settings = readSettings("cert:check");
  const certificates = await readCertificates(path, senha, settings.HABILITA_SENHA);
  using kv = await openStore(settings);
  const config: Partial<Config> = {
    anchors: [...ICP_BRASIL_ROOTS, ...await developmentRoots(settings.HABILITA_DATA)],
    crl: { ...toCrlConfig(settings), revocation: offline ? "off" : "require" },
  };
  // A diagnosis looks at no other part of the configuration.
  const deps = { kv, now: Date.now, config: config as Config };
  const diagnosis = await diagnose(deps, certificates);
  console.log(json ? toJson(diagnosis) : toText(diagnosis));
  return diagnosis.accepted ? 0 : 1;
}

/** DER, the company's first. What is neither a certificate nor PEM is taken for an A1 file. */
async function readCertificates(
  path: string,
  senha: string | undefined,
  fromEnvironment: string | null,
): Promise<readonly Uint8Array[]> {
  const bytes = await readFile(path);
  const pem = readPem(new TextDecoder("latin1").decode(bytes));
  if (pem.length > 0) return pem;
  if (tryParseCertificate(bytes)) return [bytes];
  const a1 = await openA1(bytes, senha ?? fromEnvironment ?? "");
  if (a1.ok) return a1.data.certificates;
  const hint = a1.code === "pfx_wrong_password" && senha === undefined ? " Use --senha." : "";
  throw new CommandRefused(`${path}: ${explainA1(a1)}${hint}`, WRONG_USE);
}

async function readFile(path: string): Promise<Uint8Array> {
  try {
    return await Deno.readFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) {
      throw new CommandRefused(`${path} não existe.`, WRONG_USE);
    }
    if (error instanceof Deno.errors.IsADirectory) {
      throw new CommandRefused(`${path} é uma pasta.`, WRONG_USE);
    }
    throw error;
  }
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

if (import.meta.main) await runCommand({ help: HELP, options: OPTIONS, run });
