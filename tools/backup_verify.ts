/** `deno task backup:verify`: whether a backup is whole, and what is in it. */
import { readSettings } from "../core/config/mod.ts";
import { readBackup, type VerifiedBackup } from "../core/store/backup/read.ts";
import { onlyOne, runCommand } from "./command.ts";
import { countsBelow, findFile } from "./import_file.ts";
import { showProgress } from "./progress.ts";

const HELP = `Confere um backup do começo ao fim e mostra o que há nele.

Uso: deno task backup:verify ARQUIVO

Termina com 0 quando o backup está inteiro, com 1 quando não está.

HABILITA_BACKUP_KEY  a chave de um backup cifrado`;

async function run(positionals: string[]): Promise<number> {
  const file = onlyOne(positionals, "Diga qual backup conferir.");
  const { HABILITA_BACKUP_KEY: key } = readSettings("backup:verify");
  const { size } = await findFile(file);
  const progress = showProgress("Conferindo", size);
  try {
    const backup = await readBackup(file, { key, onProgress: progress.update });
    console.log(describe(file, backup));
    return 0;
  } finally {
    progress.end();
  }
}

function describe(file: string, { header, records, families, checksum }: VerifiedBackup): string {
  const sorted = Object.fromEntries(Object.entries(families).sort());
  const moment = header.pointInTime ? "de um só instante" : "não é de um só instante";
  const cipher = header.encryption ? "cifrado" : "não cifrado";
  return [
    countsBelow(`Backup inteiro: ${file}`, { ...sorted, Total: records }, [26, 10]),
    `Feito em ${header.createdAt}, ${moment}, ${cipher}.`,
    `SHA-256 ${checksum}`,
  ].join("\n");
}

if (import.meta.main) await runCommand({ help: HELP, run });
