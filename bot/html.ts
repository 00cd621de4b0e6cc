import { escape } from "@std/html";

/** Text in the Bot API's HTML style; only `html` makes it, so every value in it is escaped. */
export class Html {
  constructor(readonly text: string) {}
}

/**
 * Text with values. A line break of the source, with its indentation, is one blank; `lines` makes
 * the breaks that are seen.
 *
 * @example html`<b>${person.name}</b>, CPF ${maskCpf(person.cpf)}`
 */
export function html(parts: TemplateStringsArray, ...values: (Html | string | number)[]): Html {
  const [first = "", ...rest] = parts.map((part) => part.replace(/\s*\n\s*/g, " "));
  return new Html(rest.reduce((text, part, i) => text + toText(values[i]!) + part, first));
}

/** An empty line. */
export const gap = html``;

/** One under the other; null is left out. */
export function lines(...all: (Html | null)[]): Html {
  return new Html(all.flatMap((line) => line ? [line.text] : []).join("\n"));
}

function toText(value: Html | string | number): string {
  return value instanceof Html ? value.text : escape(String(value));
}

const brasilia = new Intl.DateTimeFormat("pt-BR", {
  timeZone: "America/Sao_Paulo",
  dateStyle: "short",
  timeStyle: "short",
});

/** Brasília time, as `03/11/2026, 09:05`. */
export function formatTime(ms: number): string {
  return brasilia.format(ms);
}
