import { redact } from "./redact.ts";
import { currentRequest } from "./request.ts";

export type Level = "info" | "warning" | "error";
export type LogFields = Record<string, string | number | boolean | null>;

/** Writes one entry. */
type Sink = (level: Level, event: string, fields: LogFields) => void;

/** For people at a terminal: what is not as it should be. */
const text: Sink = (level, event, { stack, ...fields }) => {
  if (level === "info") return;
  const pairs = Object.entries(fields).map(([name, value]) => `${name}=${value}`);
  console.error([`${event}:`, ...pairs].join(" ") + (stack ? `\n${stack}` : ""));
};

/** For programs: everything, a JSON object a line. */
const json: Sink = (level, event, fields) => {
  const time = new Date().toISOString();
  (level === "error" ? console.error : console.log)(
    JSON.stringify({ time, level, event, ...fields }),
  );
};

const MOST_CAUSES = 5;
let sink = text;

/** From now on every entry is a line of JSON: `error` on the error output, the rest on the output. */
export function logAsJson(): void {
  sink = json;
}

/**
 * Writes an entry to the log, with the id of the running request. Texts are redacted; pass ids, never a
 * CPF, a token or an address of a person.
 *
 * @param event a fixed name, like `crl_not_updated`
 * @param error what was thrown: its messages with their causes, and the stack of an `error`
 *
 * @example log("warning", "cns_not_answered", { service: "cns" }, error);
 */
export function log(level: Level, event: string, fields: LogFields = {}, error?: unknown): void {
  const request = currentRequest();
  const entry: LogFields = { ...(request && { request: request.id }), ...fields };
  if (error !== undefined) entry.error = describeError(error);
  if (level === "error" && error instanceof Error && error.stack) {
    entry.stack = error.stack.split("\n").filter((line) => /^ +at /.test(line)).join("\n");
  }
  for (const [name, value] of Object.entries(entry)) {
    if (typeof value === "string" && name !== "request") entry[name] = redact(value);
  }
  sink(level, event, entry);
}

/** The message of an error, then those of its causes, redacted: network errors hold what was called. */
export function describeError(error: unknown): string {
  const messages: string[] = [];
  for (let each = error; each && messages.length < MOST_CAUSES; each = causeOf(each)) {
    const { name = "", code = "", message = String(each) } = each as Partial<Failure>;
    messages.push([name === "Error" ? "" : name, code, message].filter(Boolean).join(" "));
  }
  return redact(messages.join(": "));
}

type Failure = Error & { code: string };

/** grammY keeps the cause of its errors in `error`. */
function causeOf(error: unknown): unknown {
  if (!(error instanceof Error)) return null;
  return error.cause ?? (error as { error?: unknown }).error;
}
