import { readSettings } from "../core/config/mod.ts";
import { explain } from "../core/messages.ts";
import { type CnesProgress, type CnesReport, importCnes } from "../core/registry/cnes_import.ts";
import { openStore } from "../core/store/open.ts";
import { onlyOne, Refused, runCommand } from "./command.ts";
import { findFile } from "./import_file.ts";
import { type Progress, showProgress } from "./progress.ts";

const HELP = `Importa uma edição do CNES (tbEstabelecimento….csv, dados abertos do CNES).

Uso: deno task import:cnes ARQUIVO [--municipios ARQUIVO]

--municipios   a tabela tbMunicipio….csv da mesma edição, para os nomes dos municípios

O arquivo inteiro é verificado antes de gravar. A edição nova substitui a atual de uma só vez; se
houver qualquer erro, nada muda e a mensagem diz a linha e a coluna. Se a importação for
interrompida, a edição atual continua valendo: rode o comando de novo. O portal pode continuar no ar.

HABILITA_DATA  pasta onde o portal guarda os dados (padrão: .data)`;

async function run(positionals: string[], values: { municipios?: string }): Promise<number> {
  const [establishments, municipios] = await Promise.all([
    findFile(onlyOne(positionals, "Diga qual arquivo importar.")),
    values.municipios === undefined ? undefined : findFile(values.municipios),
  ]);
  using kv = await openStore(readSettings("import:cnes"));
  const progress = follow(establishments.size);
  const files = { establishments: establishments.open, municipios: municipios?.open };
  const result = await importCnes({ kv, now: Date.now }, files, { onProgress: progress.show });
  progress.end();
  if (!result.ok) {
    throw new Refused(`Importação recusada: a edição atual não mudou.\n${explain(result)}`);
  }
  console.log(summary(result.data));
  return 0;
}

/** A bar for each of the two times the file is read. */
function follow(size: number) {
  const bars = new Map<string, Progress>();
  const bar = (label: string) => {
    const known = bars.get(label) ?? showProgress(label, size);
    bars.set(label, known);
    return known;
  };
  return {
    show(progress: CnesProgress) {
      if (progress.phase === "check") bar("Conferindo").update(progress.bytes);
      else if (progress.phase === "store") bar("Gravando").update(progress.bytes);
      else console.error("Removendo o que não vale mais…");
    },
    end() {
      for (const one of bars.values()) one.end();
    },
  };
}

function summary(report: CnesReport): string {
  if (report.unchanged) {
    return `Nada mudou: a edição atual do CNES já é a deste arquivo, com ${report.rows} estabelecimentos.`;
  }
  const counts: [string, number][] = [
    ["Estabelecimentos", report.rows],
    ["Em funcionamento", report.active],
    ["Desativados", report.rows - report.active],
    ["CNPJ ou CPF inválidos", report.invalidNumbers],
  ];
  const lines = counts.map(([what, count]) => `  ${what.padEnd(24)}${String(count).padStart(8)}`);
  return ["Nova edição do CNES gravada.", ...lines].join("\n");
}

if (import.meta.main) {
  await runCommand({ help: HELP, options: { municipios: { type: "string" } }, run });
}
