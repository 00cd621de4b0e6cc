/** `deno task config`: every setting, and where it came from. */
import {
  concerns,
  type Inspected,
  inspectSettings,
  settingNames,
  SETTINGS,
  type Task,
} from "../core/config/mod.ts";
import { runCommand, WrongUse } from "./command.ts";

const HELP = `Mostra cada variável que o portal lê, com seu valor e de onde ele veio.

Uso: deno task config [TAREFA] [--check]

  TAREFA    a tarefa para a qual se confere o que falta (padrão: start)
  --check   termina com 1 quando, para ela, falta alguma variável ou há alguma errada

Os segredos não são mostrados.`;

const OPTIONS = { check: { type: "boolean" } } as const;
const SOURCES = { environment: "ambiente", default: "padrão", absent: "ausente" };
const WIDTH = Math.max(...settingNames.map((name) => name.length));
/** Characters of a value; the list of systems is long. */
const SHOWN = 60;

function run(positionals: string[], { check }: { check?: boolean }): number {
  const [task = "start", ...more] = positionals;
  if (more.length > 0 || !isTask(task)) {
    throw new WrongUse(`TAREFA deve ser uma destas: ${tasks.join(", ")}.`);
  }
  const { settings, problems } = inspectSettings(Deno.env.toObject(), task);
  for (const setting of settings) console.log(describe(setting));
  for (const { text } of problems) console.error(text);
  return check && problems.some((problem) => concerns(task, problem)) ? 1 : 0;
}

const tasks = [...new Set(Object.values(SETTINGS).flatMap(({ tasks }): Task[] => [...tasks]))];

function isTask(name: string): name is Task {
  return (tasks as string[]).includes(name);
}

function describe({ name, setting, source, text }: Inspected): string {
  const value = text === null ? "" : setting.secret ? "(oculto)" : shorten(text);
  return `${name.padEnd(WIDTH)}  ${SOURCES[source].padEnd(8)}  ${value}`.trimEnd();
}

function shorten(text: string): string {
  const line = text.replace(/\s+/g, " ");
  return line.length > SHOWN ? `${line.slice(0, SHOWN)}…` : line;
}

if (import.meta.main) await runCommand({ help: HELP, options: OPTIONS, run });
