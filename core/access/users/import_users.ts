import type { AccountCode } from "../../account/messages.ts";
import { parseEmail, parseName } from "../../account/account.ts";
import type { Deps } from "../../deps.ts";
import { type CsvRow, readCsv } from "../../registry/csv.ts";
import { parseCpf } from "../../registry/numbers.ts";
import { accept, type Refusal, refuse, type Result } from "../../result.ts";
import type { Account } from "../../store/records/account.ts";
import type { Operadora } from "../../store/records/registry.ts";
import type { AccessCode } from "../messages.ts";
import type { System } from "../../config/mod.ts";
import { inviteUser, isTaken, type UserForm, whyNotInvited } from "../invitations/invite.ts";

export const MAX_IMPORT_LINES = 1_000;

/** Titles of the columns, in any order; the last may be missing. */
const COLUMNS = ["CPF", "Nome", "E-mail", "Sistemas"] as const;
type Column = typeof COLUMNS[number];

/** What one line of the file says, or what is wrong with it. */
export interface ImportLine {
  /** As an editor counts, from 1; the title line included. */
  line: number;
  /** As typed. */
  name: string;
  outcome: "novo" | "ja_cadastrado" | "erro";
  /** Where and what, when the outcome is `erro`. */
  problem: (Refusal<AccessCode | AccountCode> & { column: string }) | null;
}

interface ReadLine {
  line: number;
  form: UserForm;
  problem: ImportLine["problem"];
}

/** Says what an import would do with each line: only what the operadora knows. Writes nothing. */
export async function previewImport(
  deps: Deps,
  operadora: Operadora,
  text: string,
): Promise<Result<ImportLine[], AccessCode>> {
  const lines = await readLines(deps, text);
  if (!lines.ok) return lines;
  return accept(
    await inParts(lines.data, async ({ line, form, problem }) => {
      if (problem) return { line, name: form.name, outcome: "erro", problem };
      const taken = await whyNotInvited(deps, operadora.cnpj, form);
      return { line, name: form.name, outcome: taken ? "ja_cadastrado" : "novo", problem: null };
    }),
  );
}

/**
 * Invites the people of the file and reports on every line. Lines with an error are left out; the same
 * file again invites only whom it did not before.
 */
export async function importUsers(
  deps: Deps,
  actor: Account,
  operadora: Operadora,
  text: string,
): Promise<Result<ImportLine[], AccessCode>> {
  const read = await readLines(deps, text);
  if (!read.ok) return read;
  return accept(
    await inParts(read.data, async ({ line, form, problem }) => {
      const { name } = form;
      if (problem) return { line, name, outcome: "erro", problem };
      const done = await inviteUser(deps, actor, operadora, form);
      if (done.ok) return { line, name, outcome: "novo", problem: null };
      return isTaken(done.code)
        ? { line, name, outcome: "ja_cadastrado", problem: null }
        : { line, name, outcome: "erro", problem: { ...done, column: "" } };
    }),
  );
}

/** A few at a time: all write to the audit log of the operadora, one after the other. */
async function inParts(
  lines: readonly ReadLine[],
  work: (line: ReadLine) => Promise<ImportLine>,
): Promise<ImportLine[]> {
  const done: ImportLine[] = [];
  for (let i = 0; i < lines.length; i += 4) {
    done.push(...await Promise.all(lines.slice(i, i + 4).map(work)));
  }
  return done;
}

async function readLines(deps: Deps, text: string): Promise<Result<ReadLine[], AccessCode>> {
  const title = text.slice(0, text.search(/[\r\n]|$/));
  const separator = title.includes(";") ? ";" : ",";
  let columns: Map<Column, number> | null = null;
  const lines: ReadLine[] = [];
  const lineOfCpf = new Map<string, number>();
  for await (const row of readCsv(ReadableStream.from([text]), separator)) {
    if (!row.ok) return refuse("import_csv", row.detail);
    if (row.data.fields.every((field) => field.trim() === "")) continue;
    if (!columns) {
      columns = columnsOf(row.data.fields);
      const missing = COLUMNS.slice(0, 3).find((column) => !columns!.has(column));
      if (missing) return refuse("import_column_missing", { coluna: missing });
      continue;
    }
    if (lines.length === MAX_IMPORT_LINES) {
      return refuse("import_too_long", { maximo: MAX_IMPORT_LINES });
    }
    lines.push(readLine(deps, row.data, columns, lineOfCpf));
  }
  return lines.length > 0 ? accept(lines) : refuse("import_empty");
}

/** Titles are known whatever the case, accents and hyphens. */
function columnsOf(titles: readonly string[]): Map<Column, number> {
  const plain = (text: string) => text.toLowerCase().replace(/[^a-z]/g, "");
  const found = titles.map(plain);
  return new Map(
    COLUMNS.map((column) => [column, found.indexOf(plain(column))] as const)
      .filter(([, index]) => index >= 0),
  );
}

function readLine(
  deps: Deps,
  { fields, lines }: CsvRow,
  columns: Map<Column, number>,
  lineOfCpf: Map<string, number>,
): ReadLine {
  const cell = (column: Column) => fields[columns.get(column) ?? -1]?.trim() ?? "";
  const line = lines[0]!;
  const wanted = cell("Sistemas").split(/[,|]/).map((name) => name.trim()).filter(Boolean);
  const systems = wanted.map((name) => systemOf(deps.config.systems, name));
  const form: UserForm = {
    cpf: cell("CPF"),
    name: cell("Nome"),
    email: cell("E-mail"),
    systems: systems.filter((id) => id !== null),
  };
  const wrong = (column: Column, problem: Refusal<AccessCode | AccountCode>): ReadLine => ({
    line,
    form,
    problem: { ...problem, column },
  });
  const cpf = parseCpf(form.cpf);
  if (!cpf) return wrong("CPF", refuse("cpf_invalid"));
  const before = lineOfCpf.get(cpf);
  if (before) return wrong("CPF", refuse("import_duplicate", { outra: before }));
  lineOfCpf.set(cpf, line);
  if (!parseName(form.name)) return wrong("Nome", refuse("name_invalid"));
  if (!parseEmail(form.email)) return wrong("E-mail", refuse("email_invalid"));
  if (systems.includes(null)) return wrong("Sistemas", refuse("system_unknown"));
  return { line, form, problem: null };
}

function systemOf(known: readonly System[], text: string): string | null {
  const plain = text.toLowerCase();
  return known.find(({ id, name }) => id === plain || name.toLowerCase() === plain)?.id ?? null;
}
