import { closestString } from "@std/text";
import * as v from "valibot";
import { isLoopback } from "../address_list.ts";
import {
  type Setting,
  type SettingName,
  SETTINGS,
  type SettingValues,
  type Task,
} from "./settings.ts";
import { BY_GOVBR } from "./choices.ts";
import type { System } from "./systems.ts";
import type { AlertReceiver } from "./types.ts";

/** The environment, as `Deno.env.toObject()` gives it. */
type Env = Readonly<Record<string, string | undefined>>;

/** One setting, as the environment has it. */
export interface Inspected {
  name: SettingName;
  setting: Setting;
  source: "environment" | "default" | "absent";
  /** As written; null when it is absent. */
  text: string | null;
  /** Null when it is absent or wrong. */
  value: unknown;
}

/** What is missing or wrong; `text` (Portuguese, one line) names the variable. */
export interface SettingProblem {
  name: string;
  text: string;
}

/** Variables that begin so are the portal's own: one that is not in the list is a mistake. */
const PREFIX = "HABILITA_";

export const settingNames = Object.keys(SETTINGS) as SettingName[];

/**
 * Looks at every setting of the list, whichever task reads it.
 *
 * @param task which defaults hold, and what may not be absent
 * @returns all settings in the order of the list, and everything that is wrong with them
 */
export function inspectSettings(
  env: Env,
  task: Task,
): { settings: Inspected[]; problems: SettingProblem[] } {
  const problems = findStrangers(env);
  const settings = settingNames.map((name): Inspected => {
    const setting: Setting = SETTINGS[name];
    const written = env[name]?.trim() ? env[name] : undefined;
    const text = written ?? setting.defaultIn?.[task] ?? setting.default ?? null;
    if (text === null) {
      const other = setting.requiredWith;
      if (setting.requiredBy?.includes(task) || (other && env[other]?.trim())) {
        problems.push({ name, text: `Falta a variável ${name}: ${setting.help}.` });
      }
      return { name, setting, source: "absent", text, value: null };
    }
    const result = v.safeParse(setting.type, text, { abortEarly: true, abortPipeEarly: true });
    if (!result.success) problems.push({ name, text: after(name, result.issues[0].message) });
    const value = result.success ? result.output : null;
    return { name, setting, source: written ? "environment" : "default", text, value };
  });
  const values = new Map(settings.map(({ name, value }) => [name, value]));
  problems.push(...findContradictions(values), ...findOpenDoor(values, task));
  return { settings, problems };
}

function after(name: string, message: string): string {
  return message.startsWith(":") ? name + message : `${name} ${message}`;
}

function findStrangers(env: Env): SettingProblem[] {
  return Object.keys(env)
    .filter((name) => name.startsWith(PREFIX) && !(name in SETTINGS))
    .map((name) => ({
      name,
      text: `A variável ${name} não existe. Seria ${closestString(name, settingNames)}?`,
    }));
}

/** What is right by itself and wrong together. */
function findContradictions(values: Map<SettingName, unknown>): SettingProblem[] {
  const problems: SettingProblem[] = [];
  const times = ["HABILITA_REMIND_HOURS", "HABILITA_ESCALATE_HOURS", "HABILITA_EXPIRE_HOURS"]
    .map((name) => values.get(name as SettingName) as number | null);
  const [remind, escalate, expire] = times as [number, number, number];
  if (!times.includes(null) && (remind > escalate || escalate >= expire)) {
    problems.push({
      name: "HABILITA_EXPIRE_HOURS",
      text: "HABILITA_REMIND_HOURS, HABILITA_ESCALATE_HOURS e HABILITA_EXPIRE_HOURS devem crescer.",
    });
  }
  const name = "HABILITA_CLIENT_CERT_HEADER";
  const known = values.get("HABILITA_TRUSTED_PROXIES") ?? values.get("HABILITA_PROXY_SECRET");
  if (values.get(name) && !known) {
    problems.push({
      name,
      text:
        `${name} precisa de HABILITA_TRUSTED_PROXIES ou HABILITA_PROXY_SECRET: sem saber qual ` +
        "é o proxy, qualquer um poderia escrever o cabeçalho.",
    });
  }
  for (const { id, minimum } of (values.get("HABILITA_SYSTEMS") ?? []) as readonly System[]) {
    if (values.get("GOVBR_ISSUER") || (minimum.acr !== BY_GOVBR && minimum.cpf === "any")) continue;
    const text = `HABILITA_SYSTEMS: "${id}" tem um minimum que só o gov.br dá, e falta ` +
      "GOVBR_ISSUER: ninguém entraria.";
    problems.push({ name: "HABILITA_SYSTEMS", text });
  }
  const receivers = values.get("HABILITA_ALERT_TO") as readonly AlertReceiver[] | null;
  for (const [channel, needs] of [["mail", "SMTP_URL"], ["chat", "TELEGRAM_BOT_TOKEN"]] as const) {
    if (!values.get(needs) && receivers?.some((one) => one.channel === channel)) {
      const what = channel === "mail" ? "um endereço de e-mail" : "uma conversa do Telegram";
      const text = `HABILITA_ALERT_TO tem ${what}, e falta ${needs}: os avisos não sairiam.`;
      problems.push({ name: "HABILITA_ALERT_TO", text });
    }
  }
  return problems;
}

/**
 * A portal that serves plain HTTP to other machines must know the proxy that ends TLS before it: behind
 * one that it does not know everybody has one address, and whoever types a hundred wrong passwords locks
 * out all others (decision 35). `start:mtls` ends TLS itself.
 */
function findOpenDoor(values: Map<SettingName, unknown>, task: Task): SettingProblem[] {
  const name = "HABILITA_LISTEN";
  const address = values.get(name) as string | null;
  // On Deno Deploy the platform listens, and ends TLS.
  const known = values.get("HABILITA_TRUSTED_PROXIES") ?? values.get("HABILITA_PROXY_SECRET") ??
    values.get("DENO_DEPLOYMENT_ID");
  if (task !== "start" || !address || isLoopback(address) || known) return [];
  const text =
    `${name} (${address}) abre o portal a outras máquinas sem que se saiba qual é o proxy: ` +
    "declare-o em HABILITA_TRUSTED_PROXIES ou HABILITA_PROXY_SECRET, ou deixe HABILITA_LISTEN=127.0.0.1, ou " +
    "use a tarefa start:mtls, com TLS_CERT e TLS_KEY.";
  return [{ name, text }];
}

/** Whether a task is concerned: by its own settings, and by names that no task knows. */
export function concerns(task: Task, { name }: SettingProblem): boolean {
  const setting: Setting | undefined = SETTINGS[name as SettingName];
  return !setting || setting.tasks.includes(task);
}

/**
 * The settings that a task reads, checked.
 *
 * @example const { PORT } = readSettings("start");
 * @throws {ConfigError} naming the variable, when one is missing, wrong or unknown
 */
export function readSettings<T extends Task>(
  task: T,
  env: Env = Deno.env.toObject(),
): SettingValues<T> {
  const { settings, problems } = inspectSettings(env, task);
  const problem = problems.find((one) => concerns(task, one));
  if (problem) throw new ConfigError(problem.text);
  const own = settings.filter(({ setting }) => setting.tasks.includes(task));
  return Object.fromEntries(own.map(({ name, value }) => [name, value])) as SettingValues<T>;
}

/** A setting is missing or wrong; the message (Portuguese, one line) names it and says what to do. */
export class ConfigError extends Error {
  override name = "ConfigError";
}

/**
 * Runs the start of a program. A `ConfigError` ends the process with its message on the error output
 * and code 1, without a stack that would hide it; any other error is thrown on.
 *
 * @example const settings = await orExit(() => readSettings("start"));
 */
export async function orExit<T>(start: () => T | Promise<T>): Promise<T> {
  try {
    return await start();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    console.error(error.message);
    Deno.exit(1);
  }
}
