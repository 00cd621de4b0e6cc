/** `deno task docs:settings`: the table of settings in `docs/operation.md`, made from their list. */
import { PORTAL, type Setting, SETTINGS, STORE, type Task } from "../core/config/mod.ts";

const page = new URL("../docs/operation.md", import.meta.url);
const BEGIN = "<!-- settings: made by `deno task docs:settings` -->\n";
const END = "<!-- end of settings -->\n";

/** The page with the table as the list of settings would have it. */
export async function renderSettingsPage(): Promise<string> {
  const text = await Deno.readTextFile(page);
  const [before, rest] = text.split(BEGIN) as [string, string];
  return `${before}${BEGIN}\n${renderTable()}\n${END}${rest.split(END)[1]}`;
}

function renderTable(): string {
  const rows = [
    ["variable", "meaning", "default", "read by"],
    ...Object.entries(SETTINGS).map(([name, setting]) => rowOf(name, setting)),
  ];
  const widths = rows[0]!.map((_, at) => Math.max(...rows.map((row) => row[at]!.length)));
  const lines = rows.map((row) =>
    `| ${row.map((cell, at) => cell.padEnd(widths[at]!)).join(" | ")} |\n`
  );
  const [head, ...body] = lines;
  return `${head}| ${widths.map((width) => "-".repeat(width)).join(" | ")} |\n${body.join("")}`;
}

function rowOf(name: string, setting: Setting): string[] {
  const help = setting.help.replace(/\bhttps?:\/\/[\w./-]+/g, "`$&`");
  return [
    `\`${name}\``,
    setting.secret ? `${help} (segredo)` : help,
    defaultOf(setting),
    readers(setting.tasks),
  ];
}

function defaultOf(setting: Setting): string {
  if (setting.requiredBy) return `required by ${readers(setting.requiredBy)}`;
  if (setting.requiredWith) return `required with \`${setting.requiredWith}\``;
  if (setting.default === undefined) return "none";
  const others = Object.entries(setting.defaultIn ?? {})
    .map(([task, value]) => `; \`${task}\`: ${value}`);
  return (setting.defaultName ?? `\`${setting.default}\``) + others.join("");
}

/** The tasks, in the words that the page explains. */
function readers(tasks: readonly Task[]): string {
  const groups: [readonly Task[], string][] = [[STORE, "_store_"], [PORTAL, "_portal_"]];
  const found = groups.find(([group]) => group.every((task) => tasks.includes(task)));
  const others = tasks.filter((task) => !found?.[0].includes(task)).map((task) => `\`${task}\``);
  return [...found ? [found[1]] : [], ...others].join(", ");
}

if (import.meta.main) await Deno.writeTextFile(page, await renderSettingsPage());
