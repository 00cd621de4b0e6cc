import type { Deps } from "../deps.ts";
import { isTroubled } from "../outbox/failure_row.ts";
import { keys } from "../store/keys.ts";
import { list, read } from "../store/read.ts";
import type { FailureRow } from "../store/records/health.ts";
import type { Channel } from "../store/records/outbox.ts";
import { ageText, COUNTED, countText, type Finding, MINUTE, type Part } from "./part.ts";

/** A server that is being restarted is away for less than this. */
const PATIENCE = 2 * MINUTE;

async function lookAtMail(deps: Deps): Promise<Finding> {
  if (!deps.config.mail) {
    return {
      state: "warning",
      text: "O envio de e-mails não está configurado; as mensagens esperam.",
      todo: "Configure SMTP_URL e MAIL_FROM.",
    };
  }
  const text = "O portal não consegue enviar e-mails; eles esperam.";
  const todo = "Confira o servidor de e-mail e SMTP_URL; deno task health diz o motivo.";
  return await lookAtChannel(deps, "mail", { text, todo }, {
    unknown_host: ["o nome do servidor não foi encontrado", "Confira SMTP_URL e o DNS."],
    refused: ["o servidor recusou a conexão", "Confira o servidor de e-mail e SMTP_URL."],
    slow: ["o servidor não respondeu a tempo", "Confira o servidor de e-mail e a rede."],
    broken: ["a conexão caiu no meio", "Confira o servidor de e-mail e a rede."],
    tls: [
      "o servidor não oferece TLS (STARTTLS), ou o certificado dele não serve",
      "Confira o TLS e o certificado do servidor de e-mail.",
    ],
    login: ["o servidor recusou o usuário ou a senha", "Confira o usuário e a senha de SMTP_URL."],
    answer: ["o servidor recusou o portal", "Veja no servidor de e-mail por que recusa o portal."],
  });
}

async function lookAtChat(deps: Deps): Promise<Finding> {
  if (!deps.config.telegram) return { state: "ok", text: "Não está configurado." };
  const text = "O robô não consegue enviar mensagens; elas esperam.";
  const todo = "Confira a rede e o token do robô; deno task health diz o motivo.";
  const network = "Confira a rede e se o Telegram está no ar.";
  return await lookAtChannel(deps, "chat", { text, todo }, {
    unknown_host: ["o nome do servidor não foi encontrado", network],
    refused: ["o Telegram recusou a conexão", network],
    slow: ["o Telegram não respondeu a tempo", network],
    broken: ["o Telegram não respondeu", network],
    tls: ["o TLS do servidor não serve", network],
    login: ["o Telegram recusou o token do robô", "Confira TELEGRAM_BOT_TOKEN com o BotFather."],
    answer: ["o Telegram respondeu com erro", network],
  });
}

type Fault = NonNullable<FailureRow["fault"]>;
/** For the operator alone: what a server answers is nobody else's business. */
type Words = Record<Fault["kind"], [cause: string, advice: string]>;

async function lookAtChannel(
  deps: Deps,
  channel: Channel,
  trouble: Pick<Finding, "text" | "todo">,
  words: Words,
): Promise<Finding> {
  const row = await read(deps.kv, keys.failureRow(channel));
  if (!isTroubled(row)) return { state: "ok", text: "As mensagens saem." };
  const { since, fault } = row;
  const [cause, advice] = fault
    ? words[fault.kind]
    : ["o servidor recusa os destinatários", "Veja no servidor por que recusa os destinatários."];
  const detail = `Motivo: ${cause}${fault?.code ? ` (${fault.code})` : ""}. ${advice}`;
  if (deps.now() - since < PATIENCE) {
    return { state: "ok", text: "A última tentativa falhou; o portal tenta de novo.", detail };
  }
  return { state: "failing", since, ...trouble, detail };
}

/** With the pauses between attempts, a message that waits longer has failed a few times. */
const OLD_MESSAGE = 30 * MINUTE;
/** So many are looked at for the oldest. */
const SEEN = 500;

async function lookAtWaiting(deps: Deps): Promise<Finding> {
  let waiting = 0;
  let oldest = deps.now();
  const entries = list(deps.kv, keys.outbox.under(), { limit: SEEN, batchSize: SEEN });
  for await (const { value } of entries) {
    waiting++;
    oldest = Math.min(oldest, value.createdAt);
  }
  const age = deps.now() - oldest;
  if (waiting === 0) return { state: "ok", text: "Nenhuma." };
  const many = waiting >= SEEN ? `${SEEN} ou mais` : waiting;
  const detail = `${many} à espera, a mais antiga há ${ageText(age)}.`;
  if (age <= OLD_MESSAGE) return { state: "ok", text: "Há mensagens a caminho.", detail };
  return {
    state: "warning",
    since: oldest,
    text: "Há mensagens que esperam há muito tempo.",
    todo: "Confira o envio de e-mails e o do Telegram.",
    detail,
  };
}

async function lookAtDeadLetters(deps: Deps): Promise<Finding> {
  const letters = list(deps.kv, keys.outboxDead.under(), { limit: COUNTED });
  const died = await Array.fromAsync(letters, ({ value }) => value.diedAt);
  if (died.length === 0) return { state: "ok", text: "Nenhuma." };
  return {
    state: "warning",
    since: Math.min(...died),
    text: "Há mensagens que não puderam ser entregues.",
    todo: "Veja quais com deno task outbox list; devolva-as à fila com deno task outbox retry.",
    detail: `${countText(died.length)} guardadas.`,
  };
}

const dependsOn = ["mail", "telegram"];

export const messageParts: readonly Part[] = [
  { id: "mail", name: "E-mail", look: lookAtMail },
  { id: "telegram", name: "Envio pelo Telegram", look: lookAtChat },
  { id: "waiting", name: "Mensagens à espera", look: lookAtWaiting, dependsOn },
  { id: "dead-letters", name: "Mensagens não entregues", look: lookAtDeadLetters, dependsOn },
];
