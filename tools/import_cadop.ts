import { readSettings } from "../core/config/mod.ts";
import { explain } from "../core/messages.ts";
import { importCadop, type ImportReport } from "../core/registry/cadop_import.ts";
import { openStore } from "../core/store/open.ts";
import { CommandRefused, onlyOne, runCommand } from "./command.ts";
import { countsBelow, findFile } from "./import_file.ts";
import { type Progress, showProgress } from "./progress.ts";

const HELP = `Importa uma edição do CADOP (Relatorio_cadop.csv, dados abertos da ANS).

Uso: deno task import:cadop ARQUIVO

A edição nova substitui a atual por inteiro. Se houver qualquer erro no arquivo, nada é gravado
e a mensagem diz a linha e a coluna. O portal pode continuar no ar durante a importação.

HABILITA_DATA  pasta onde o portal guarda os dados (padrão: .data)`;

async function run(positionals: string[]): Promise<number> {
  const source = await findFile(onlyOne(positionals, "Diga qual arquivo importar."));
  using kv = await openStore(readSettings("import:cadop"));
  const reading = showProgress("Lendo", source.size);
  let storing: Progress | undefined;
  const result = await importCadop({ kv, now: Date.now }, await source.open(), {
    onProgress(progress) {
      if (progress.phase === "read") return reading.update(progress.bytes);
      storing ??= showProgress("Gravando", progress.total);
      storing.update(progress.rows);
    },
  });
  reading.end();
  storing?.end();
  if (!result.ok) {
    throw new CommandRefused(`Importação recusada: nada foi gravado.\n${explain(result)}`);
  }
  console.log(summary(result.data));
  return 0;
}

function summary(report: ImportReport): string {
  if (report.unchanged) {
    return `Nada mudou: a edição atual do CADOP já tem estas ${report.rows} operadoras.`;
  }
  return countsBelow("Nova edição do CADOP gravada.", {
    "Operadoras": report.rows,
    "Novas": report.added.length,
    "Alteradas": report.changed.length,
    "Com novo representante": report.newRepresentative.length,
    "Retiradas": report.removed.length,
    "Sem e-mail para códigos": report.withoutEmail.length,
  }, [24, 6]);
}

if (import.meta.main) await runCommand({ help: HELP, run });
