/** `deno task outbox`: messages that could not be delivered, for the operator of the portal. */
import { listDeadLetters, retryDeadLetter } from "../core/outbox/dead_letters.ts";
import { openStore } from "../core/store/open.ts";
import type { DeadLetter } from "../core/store/records/outbox.ts";

const HELP = `Mensagens que o portal não conseguiu entregar.

Uso: deno task outbox list
     deno task outbox retry ID…
     deno task outbox retry --all

"list" mostra o que não foi entregue e por quê. "retry" devolve mensagens à fila: o portal as envia
em até um minuto. O que não foi entregue fica guardado por 30 dias.

HABILITA_DATA  pasta onde o portal guarda os dados (padrão: .data)`;

/** Runs the command and answers its exit code: 0 done, 1 something was not found, 2 wrong use. */
async function main([command, ...ids]: string[]): Promise<number> {
  if (command === "--help" || command === "-h") {
    console.log(HELP);
    return 0;
  }
  const listing = command === "list" && ids.length === 0;
  if (!listing && !(command === "retry" && ids.length > 0)) {
    console.error(HELP);
    return 2;
  }
  using kv = await openStore(Deno.env.get("HABILITA_DATA") || ".data");
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
  const wanted = ids[0] === "--all"
    ? (await Array.fromAsync(allLetters(store))).map(({ id }) => id)
    : ids;
  let missing = 0;
  for (const id of wanted) {
    if (await retryDeadLetter(store, id)) continue;
    console.error(`Não existe a mensagem ${id}.`);
    missing++;
  }
  console.log(`De volta à fila: ${wanted.length - missing}`);
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
  const to = message.channel === "mail"
    ? `e-mail para ${message.to.replace(/^(.).*@/, "$1***@")}: ${message.subject.split(":")[0]}`
    : `Telegram, conversa ${message.chatId}: ${message.what}`;
  const when = new Date(diedAt).toISOString();
  return `${id}  ${when}  ${to}  (tentativas: ${attempts}; ${lastError ?? "sem erro"})`;
}

if (import.meta.main) Deno.exit(await main(Deno.args));
