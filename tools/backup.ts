/** `deno task backup`: the whole store in one file, while the portal goes on. */
import { dirname } from "@std/path";
import { readSettings } from "../core/config/mod.ts";
import { BackupRefused, explainFailure } from "../core/store/backup/messages.ts";
import { requireStore, runBackup } from "../core/store/backup/run.ts";
import type { BackupReport } from "../core/store/backup/write.ts";
import { openStore } from "../core/store/open.ts";
import { CommandRefused, onlyOne, runCommand } from "./command.ts";
import { countsBelow } from "./import_file.ts";
import { type Progress, showCount, showProgress } from "./progress.ts";

const HELP = `Grava um backup de todos os dados do portal em um arquivo novo.

Uso: deno task backup ARQUIVO

O portal pode continuar no ar: o backup é de um só instante. O arquivo só aparece com esse nome
quando está completo; um que já existe não é substituído. Copiar o arquivo do banco (cp) não é um
backup: o que foi gravado por último pode não estar nele.

De um banco em outro lugar (HABILITA_KV), o backup só é de um instante em manutenção:
  deno task maintenance on; deno task backup ARQUIVO; deno task maintenance off

HABILITA_DATA        pasta onde o portal guarda os dados (padrão: .data)
HABILITA_BACKUP_KEY  cifra o arquivo; quem perde a chave não o abre mais`;

async function run(positionals: string[]): Promise<number> {
  const file = onlyOne(positionals, "Diga o nome do arquivo que será gravado.");
  const settings = readSettings("backup");
  await requireStore(settings);
  using kv = await openStore(settings);
  const { signal, told } = listenForStop();
  let progress: Progress | undefined;
  const target = { file, part: `${file}.part`, key: settings.HABILITA_BACKUP_KEY };
  try {
    const report = await runBackup(kv, settings, target, {
      signal,
      onProgress(done, total) {
        progress ??= total === null ? showCount("Registros") : showProgress("Gravando", total);
        progress.update(done);
      },
    });
    progress?.end();
    console.log(summary(report));
    for (const warning of warnings(report, settings.HABILITA_BACKUP_KEY)) console.error(warning);
    return 0;
  } catch (error) {
    progress?.end();
    const code = told();
    if (code !== null) throw new CommandRefused("Interrompido: nada foi gravado.", code);
    if (error instanceof BackupRefused) throw error;
    throw new CommandRefused(explainFailure(error, dirname(file)));
  }
}

/** Aborted by SIGINT or SIGTERM; `told` is the exit code that goes with the signal, else null. */
function listenForStop(): { signal: AbortSignal; told(): number | null } {
  const stopping = new AbortController();
  let code: number | null = null;
  for (const [name, number] of [["SIGINT", 2], ["SIGTERM", 15]] as const) {
    Deno.addSignalListener(name, () => {
      code = 128 + number;
      stopping.abort(new Error(name));
    });
  }
  return { signal: stopping.signal, told: () => code };
}

function summary({ file, records, bytes, checksum }: BackupReport): string {
  const counts = countsBelow(`Backup gravado: ${file}`, { Registros: records, Bytes: bytes }, [
    10,
    14,
  ]);
  return `${counts}\n  SHA-256   ${checksum}`;
}

function* warnings({ pointInTime }: BackupReport, key: string | null): Generator<string> {
  if (!pointInTime) {
    yield "Atenção: este backup não é de um só instante, porque o portal não estava em manutenção.";
  }
  if (key === null) {
    yield "Atenção: o arquivo não está cifrado e tem dados de pessoas. Defina HABILITA_BACKUP_KEY.";
  }
}

if (import.meta.main) await runCommand({ help: HELP, run });
