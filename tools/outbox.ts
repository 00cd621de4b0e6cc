/** `deno task outbox`: messages that could not be delivered, for the operator of the portal. */
import { readSettings } from "../core/config/mod.ts";
import { MAILS } from "../core/mails/mod.ts";
import { listDeadLetters, retryDeadLetter } from "../core/outbox/dead_letters.ts";
import { maskAddress } from "../core/outbox/sealed_mail.ts";
import { openStore } from "../core/store/open.ts";
import type { DeadLetter } from "../core/store/records/outbox.ts";
import { runCommand, WrongUse } from "./command.ts";

const HELP = `Mensagens que o portal não conseguiu entregar.

Uso: deno task outbox list
     deno task outbox retry ID…
     deno task outbox retry --all

"list" mostra o que não foi entregue e por quê. "retry" devolve mensagens à fila: o portal as envia
em até um minuto. O que não foi entregue fica guardado por 30 dias. Uma mensagem com um código, uma
senha ou um link só pode ser enviada enquanto eles valem; depois "retry" diz o que fazer e a retira.

HABILITA_DATA  pasta onde o portal guarda os dados (padrão: .data)`;

/** Answers 0 when done, 1 when a message was not found. */
async function run([command, ...ids]: string[], { all }: { all?: boolean }): Promise<number> {
  const listing = command === "list" && ids.length === 0 && !all;
  const retrying = command === "retry" && (all ? ids.length === 0 : ids.length > 0);
  if (!listing && !retrying) throw new WrongUse();
  using kv = await openStore(readSettings("outbox"));
  const store = { kv, now: Date.now };
  if (listing) {
    let count = 0;
    for await (const letter of allLetters(store)) {
      console.log(describe(letter));
      count++;
    }
    console.log(count === 0 ? "Nenhuma mensagem parada." : `Total: ${count}`);
    return 0;
  }
  const wanted = all ? (await Array.fromAsync(allLetters(store))).map(({ id }) => id) : ids;
  let missing = 0;
  let back = 0;
  for (const id of wanted) {
    const retried = await retryDeadLetter(store, id);
    if (retried.outcome === "given_back") back++;
    if (retried.outcome === "unknown") {
      console.error(`Não existe a mensagem ${id}.`);
      missing++;
    }
    if (retried.outcome === "ended") {
      const instead = MAILS.get(retried.mail)?.secret?.instead ?? "";
      console.error(`${id} não pode mais ser enviada e saiu da lista. ${instead}`.trim());
    }
  }
  console.log(`De volta à fila: ${back}`);
  return missing > 0 ? 1 : 0;
}

async function* allLetters(store: Parameters<typeof listDeadLetters>[0]) {
  for (let after = "";;) {
    const page = await listDeadLetters(store, { after });
    yield* page;
    if (page.length === 0) return;
    after = page.at(-1)!.id;
  }
}

/** One line; neither the words of a message nor the whole of an address. */
function describe({ id, message, diedAt, attempts, lastError }: DeadLetter): string {
  const to = "mail" in message
    ? `e-mail para ${message.masked}: ${message.mail}${message.sealed ? "" : ", não vale mais"}`
    : message.channel === "mail"
    ? `e-mail para ${maskAddress(message.to)}`
    : `Telegram, conversa ${message.chatId}: ${message.what}`;
  const when = new Date(diedAt).toISOString();
  return `${id}  ${when}  ${to}  (tentativas: ${attempts}; ${lastError ?? "sem erro"})`;
}

if (import.meta.main) {
  await runCommand({ help: HELP, options: { all: { type: "boolean" } }, run });
}
