/** `deno task store:compact`: takes what was erased out of the file of the store. */
import { readSettings } from "../core/config/mod.ts";
import { requireStore } from "../core/store/backup/run.ts";
import { compactStore } from "../core/store/compact/mod.ts";
import { openStore } from "../core/store/open.ts";
import { CommandRefused, runCommand, WrongUse } from "./command.ts";
import { showProgress } from "./progress.ts";

const HELP = `Tira do arquivo do banco o que já foi excluído, e o deixa menor.

Uso: deno task store:compact

O portal pode ficar no ar: as páginas abrem, e o que se grava espera alguns segundos. É preciso ter
livre, no disco dos dados, duas vezes o tamanho do arquivo. O portal faz o mesmo toda noite, mas sem
diminuir o arquivo, e com três vezes o tamanho livre.

HABILITA_DATA  pasta onde o portal guarda os dados (padrão: .data)`;

async function run(positionals: string[]): Promise<number> {
  if (positionals.length > 0) throw new WrongUse();
  const settings = readSettings("store:compact");
  await requireStore(settings);
  using kv = await openStore(settings);
  const progress = showProgress("Reescrevendo", 1);
  try {
    const onProgress = (part: number) => progress.update(part);
    const done = await compactStore({ kv, now: Date.now }, { vacuum: true, onProgress });
    if (!done.ok) throw new CommandRefused(done.text);
    progress.update(1);
    const seconds = (done.ms / 1_000).toFixed(1).replace(".", ",");
    console.log(`Antes: ${size(done.before)}. Agora: ${size(done.after)}. Em ${seconds} s.`);
    return 0;
  } finally {
    progress.end();
  }
}

function size(bytes: number): string {
  return `${(bytes / 1_000_000).toFixed(1).replace(".", ",")} MB`;
}

if (import.meta.main) await runCommand({ help: HELP, run });
