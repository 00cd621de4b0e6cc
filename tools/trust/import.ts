import {
  importTrust,
  type SkippedCertificate,
  type TrustImport,
} from "../../core/certificate/trust_import.ts";
import { ICP_BRASIL_ROOTS, readSettings } from "../../core/config/mod.ts";
import { openStore } from "../../core/store/open.ts";
import { onlyOne, runCommand } from "../command.ts";
import { countsBelow } from "../import_file.ts";
import { showProgress } from "../progress.ts";
import { type BundledCertificate, readBundle } from "./bundle.ts";

const HELP = `Carrega os certificados das autoridades da ICP-Brasil (o pacote publicado pelo ITI).

Uso: deno task trust:import CAMINHO

CAMINHO é uma pasta, um arquivo .zip ou um .p7b; valem os arquivos .crt, .cer, .pem, .der e .p7b
que houver dentro. Só valem as raízes cuja impressão digital está
fixada no portal e as autoridades abaixo delas; as demais são puladas, com o motivo. O portal
pode continuar no ar: ele usa os certificados novos em até um minuto.

HABILITA_DATA  pasta onde o portal guarda os dados (padrão: .data)`;

/** Answers 0 when there are anchors, 1 when the door stays closed. */
async function run(positionals: string[]): Promise<number> {
  const found = await readBundle(onlyOne(positionals, "Diga onde estão os certificados."));
  using kv = await openStore(readSettings("trust:import"));
  const deps = { kv, config: { anchors: ICP_BRASIL_ROOTS }, now: Date.now };
  const progress = showProgress("Conferindo", found.length);
  const ders = found.map(({ der }) => der);
  const report = await importTrust(deps, ders, (done) => progress.update(done));
  progress.end();
  console.log(summary(report, found));
  return report.anchors > 0 ? 0 : 1;
}

function summary(report: TrustImport, found: readonly BundledCertificate[]): string {
  const title = report.anchors > 0
    ? "Autoridades carregadas."
    : "Nenhuma raiz fixada da ICP-Brasil foi encontrada: a entrada com certificado continua fechada.";
  const counted = countsBelow(title, {
    "Raízes fixadas": report.anchors,
    "Autoridades abaixo delas": report.intermediates,
    "Novas no portal": report.added,
    "Puladas": report.skipped.length,
  }, [26, 5]);
  return [counted, ...skippedLines(report.skipped, found)].join("\n");
}

/** What the usual reasons mean for the operator of the portal. */
const REASONS: Partial<Record<SkippedCertificate["code"], string>> = {
  algorithm_unsupported: "com algoritmo que este ambiente não confere (não servem a esta entrada)",
  ca_expired: "abaixo de uma autoridade vencida",
  certificate_expired: "vencidas",
  certificate_malformed: "ilegíveis: não são certificados",
  certificate_not_yet_valid: "ainda não válidas",
  extended_key_usage: "que não emitem certificados de pessoa ou empresa (só de sites)",
  issuer_unknown: "fora das árvores das raízes fixadas (não servem a esta entrada)",
};

/** One paragraph for each reason, with the files it is about. */
function skippedLines(
  skipped: readonly SkippedCertificate[],
  found: readonly BundledCertificate[],
): string[] {
  const byReason = Map.groupBy(skipped, ({ code }) => REASONS[code] ?? `recusadas (${code})`);
  return [...byReason].flatMap(([reason, group]) => [
    "",
    `${group.length} ${reason}:`,
    ...group.map(({ index, name }) => `  ${found[index]!.file}  ${name}`),
  ]);
}

if (import.meta.main) await runCommand({ help: HELP, run });
