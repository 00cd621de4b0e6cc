/** What the operators of the portal are told of its troubles. Portuguese; for mails and chats. */
import { defineMail, type MailText } from "./mail.ts";

/** What is told of one part: no CPF, token or person's address is in any of it. */
export interface AlertNews {
  /** `past`: it began and ended while nothing could be sent. */
  kind: "begun" | "ended" | "past";
  /** Name of the part. */
  name: string;
  /** Milliseconds since the epoch. */
  since: number;
  endedAt: number | null;
  /** How the part is. */
  text: string;
  todo: string | null;
  detail: string | null;
}

/**
 * One message for everything that is new.
 * @param origin address of the portal, to tell one from another
 * @example alertText([news], "https://portal.example.br").subject // "Alerta: E-mail"
 */
export function alertText(news: readonly AlertNews[], origin: string): MailText {
  const begun = news.filter(({ kind }) => kind === "begun");
  const names = (begun.length > 0 ? begun : news).map(({ name }) => name).join(", ");
  return {
    subject: begun.length > 0 ? `Alerta: ${names}` : `De volta ao normal: ${names}`,
    body: [
      ...news.map(describe),
      `Portal: ${origin}\nTodas as partes: ${origin}/saude, ou deno task health na máquina.`,
    ].join("\n\n"),
  };
}

export const alert = defineMail("alert", alertText);

function describe({ kind, name, since, endedAt, text, todo, detail }: AlertNews): string {
  if (kind === "begun") {
    const how = [text, detail].filter(Boolean).join(" ");
    const what = todo ? `\nO que fazer: ${todo}` : "";
    return `${name}: ${how}\nDesde ${format(since)}.${what}`;
  }
  const end = `de ${format(since)} a ${format(endedAt ?? since)}`;
  return kind === "ended"
    ? `${name}: voltou ao normal. O problema foi ${end}.`
    : `${name}: houve um problema, que já acabou: ${end}. O aviso não pôde sair antes.`;
}

const brasilia = new Intl.DateTimeFormat("pt-BR", {
  dateStyle: "short",
  timeStyle: "short",
  timeZone: "America/Sao_Paulo",
});

function format(at: number): string {
  return brasilia.format(at);
}
