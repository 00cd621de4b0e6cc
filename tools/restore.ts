/** `deno task restore`: a backup into an empty store. */
import { readSettings } from "../core/config/mod.ts";
import { discardRestore, restoreBackup } from "../core/store/backup/restore.ts";
import { requireStore } from "../core/store/backup/run.ts";
import { openStore } from "../core/store/open.ts";
import { onlyOne, runCommand, WrongUse } from "./command.ts";
import { countsBelow, findFile } from "./import_file.ts";
import { type Progress, showProgress } from "./progress.ts";

const HELP = `Restaura um backup em um banco vazio.

Uso: deno task restore ARQUIVO
     deno task restore --discard

O arquivo é conferido por inteiro antes que algo seja gravado. Se a restauração parar no meio, o
portal não inicia com esse banco: rode o comando de novo com o mesmo arquivo, que ele termina, ou
use --discard, que esvazia o banco.

HABILITA_DATA        pasta em que os dados são restaurados (padrão: .data)
HABILITA_KV          ou o banco em outro lugar
HABILITA_BACKUP_KEY  a chave de um backup cifrado`;

const OPTIONS = { discard: { type: "boolean" } } as const;
const LABELS = { verify: "Conferindo", restore: "Gravando" };

async function run(positionals: string[], { discard }: { discard?: boolean }): Promise<number> {
  if (discard && positionals.length > 0) throw new WrongUse();
  const file = discard ? null : onlyOne(positionals, "Diga qual backup restaurar.");
  const settings = readSettings("restore");
  const size = file === null ? 0 : (await findFile(file)).size;
  if (discard) await requireStore(settings);
  using kv = await openStore(settings, { toBeFilled: true });
  if (file === null) {
    console.log(`Restauração desfeita: ${await discardRestore(kv)} registros apagados.`);
    return 0;
  }
  const bars: { verify?: Progress; restore?: Progress } = {};
  try {
    const { restored, expired, resumed, backup } = await restoreBackup(kv, file, {
      key: settings.HABILITA_BACKUP_KEY,
      onProgress(phase, bytes) {
        (bars[phase] ??= showProgress(LABELS[phase], size)).update(bytes);
      },
    });
    const title = resumed ? "Restauração terminada" : "Backup restaurado";
    console.log(countsBelow(`${title}: ${file}`, {
      "Registros": restored,
      "Vencidos desde o backup": expired,
    }, [26, 10]));
    console.log(`Os dados são os de ${backup.header.createdAt}.`);
    return 0;
  } finally {
    bars.verify?.end();
    bars.restore?.end();
  }
}

if (import.meta.main) await runCommand({ help: HELP, options: OPTIONS, run });
