/**
 * `deno task bot`: the bot by long polling, for one machine that Telegram cannot reach. It works on the
 * same store as the server and shares the sending of messages with it.
 */
import { createBot, createChatSender, startPolling } from "../bot/mod.ts";
import { ConfigError, readConfig } from "../core/config.ts";
import { createMailer } from "../core/outbox/mail.ts";
import { createPump } from "../core/outbox/pump.ts";
import { createSend } from "../core/outbox/send.ts";
import type { Portal } from "../core/portal.ts";
import { openStore } from "../core/store/open.ts";

const HELP = `Recebe as mensagens do Telegram por consulta, sem endereço público.

Uso: deno task bot

Usa as mesmas variáveis e a mesma pasta de dados que o servidor, que pode estar no ar ao mesmo tempo.
Desfaz o webhook, se houver um. Para com Ctrl+C.`;

/** What others left behind is looked for this often (ms). */
const LOOK = 30_000;

/** Runs until SIGINT or SIGTERM; answers the exit code: 0 stopped, 1 not configured, 2 wrong use. */
async function main(args: string[]): Promise<number> {
  if (args.length > 0) {
    const asked = args.length === 1 && ["--help", "-h"].includes(args[0]!);
    console[asked ? "log" : "error"](HELP);
    return asked ? 0 : 2;
  }
  const config = readConfig((name) => Deno.env.get(name));
  if (!config.telegram) {
    console.error("Falta a variável TELEGRAM_BOT_TOKEN: sem ela não há robô.");
    return 1;
  }
  using kv = await openStore(Deno.env.get("HABILITA_DATA") || ".data");
  const portal: Portal = { kv, config, now: Date.now };
  const bot = createBot(portal, { ...config.telegram, alone: true, onCommit: () => outbox.kick() });
  const mailer = config.mail && createMailer(config.mail);
  const send = createSend({ mailer, chat: createChatSender(portal, bot.api) });
  const outbox = createPump(portal, send, { selfWaking: true });

  const stop = new AbortController();
  const end = () => stop.abort();
  for (const signal of ["SIGINT", "SIGTERM"] as const) Deno.addSignalListener(signal, end);
  const look = () => {
    outbox.kick();
    bot.intake.resume().catch((error) => console.error("bot: kept updates:", error));
  };
  const looking = setInterval(look, LOOK);
  outbox.kick();
  console.log("O robô está atendendo.");
  await startPolling(bot, stop.signal);
  clearInterval(looking);
  await outbox.close();
  mailer?.close();
  for (const signal of ["SIGINT", "SIGTERM"] as const) Deno.removeSignalListener(signal, end);
  return 0;
}

if (import.meta.main) {
  try {
    Deno.exit(await main(Deno.args));
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    console.error(error.message);
    Deno.exit(1);
  }
}
