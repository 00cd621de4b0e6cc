/** `deno task health`: how each part of the portal is, with the numbers and causes, for its operator. */
import { readSettings, toConfig } from "../core/config/mod.ts";
import type { HealthPart } from "../core/health/part.ts";
import { checkParts } from "../core/health/parts.ts";
import { requireStore } from "../core/store/backup/run.ts";
import { openStore } from "../core/store/open.ts";
import { runCommand, WrongUse } from "./command.ts";

const HELP = `Mostra como está cada parte do portal, desde quando e o que fazer.

Uso: deno task health [--json]

Diz também os números e os motivos que a página /saude não mostra. Usa as mesmas variáveis e a mesma
pasta de dados que o servidor, que pode estar no ar. Termina com 1 quando uma parte falha.`;

const MARKS: Record<HealthPart["state"], string> = {
  ok: "em ordem ",
  warning: "ATENÇÃO  ",
  failing: "FALHA    ",
};

const brasilia = new Intl.DateTimeFormat("pt-BR", {
  dateStyle: "short",
  timeStyle: "short",
  timeZone: "America/Sao_Paulo",
});

/** Answers 0, or 1 when something fails. */
async function run(positionals: string[], { json }: { json?: boolean }): Promise<number> {
  if (positionals.length > 0) throw new WrongUse();
  const settings = readSettings("health");
  await requireStore(settings);
  using kv = await openStore(settings);
  const parts = await checkParts({ kv, config: toConfig(settings), now: Date.now });
  if (json) console.log(JSON.stringify(parts.map(withTime), null, 2));
  else console.log(parts.map(describe).join("\n"));
  return parts.some(({ state }) => state === "failing") ? 1 : 0;
}

function withTime(part: HealthPart) {
  return { ...part, since: part.since === null ? null : new Date(part.since).toISOString() };
}

function describe({ name, state, since, text, todo, detail }: HealthPart): string {
  const begin = since === null ? "" : ` (desde ${brasilia.format(since)})`;
  const how = [text, detail].filter(Boolean).join(" ");
  const what = todo ? `\n           O que fazer: ${todo}` : "";
  return `${MARKS[state]}  ${name}${begin}: ${how}${what}`;
}

if (import.meta.main) {
  await runCommand({ help: HELP, options: { json: { type: "boolean" } }, run });
}
