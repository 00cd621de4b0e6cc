/** `deno task maintenance`: the portal shows its pages and changes nothing. */
import { readSettings } from "../core/config/mod.ts";
import { requireStore } from "../core/store/backup/run.ts";
import { readMaintenance, setMaintenance } from "../core/store/maintenance.ts";
import { openStore } from "../core/store/open.ts";
import { runCommand, WrongUse } from "./command.ts";

const HELP = `Liga ou desliga a manutenção, em todos os processos do portal ao mesmo tempo.

Uso: deno task maintenance [on|off]

Em manutenção nada é gravado: os formulários respondem que o portal volta em alguns minutos, e as
mensagens esperam. Sem argumento, diz como está.

HABILITA_DATA  pasta onde o portal guarda os dados (padrão: .data)`;

async function run([how, ...more]: string[]): Promise<number> {
  if (more.length > 0 || (how !== undefined && how !== "on" && how !== "off")) {
    throw new WrongUse();
  }
  const settings = readSettings("maintenance");
  await requireStore(settings);
  using kv = await openStore(settings);
  if (how) await setMaintenance({ kv, now: Date.now }, how === "on");
  const now = await readMaintenance({ kv });
  console.log(
    now ? `Em manutenção desde ${new Date(now.since).toISOString()}.` : "Sem manutenção.",
  );
  return 0;
}

if (import.meta.main) await runCommand({ help: HELP, run });
