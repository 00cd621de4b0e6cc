/**
 * `deno task bot`: the bot by long polling, for one machine that Telegram cannot reach. It works on the
 * same store as the server and shares the sending of messages with it.
 */
import { startPolling } from "../bot/mod.ts";
import { createServices } from "../bot/services.ts";
import { readSettings, toConfig } from "../core/config/mod.ts";
import { Crons } from "../core/crons.ts";
import type { Deps } from "../core/deps.ts";
import { stopRunning } from "../core/stop.ts";
import { openStore } from "../core/store/open.ts";
import { watchStore } from "../core/store/watch.ts";
import { runCommand, WrongUse } from "./command.ts";
import { untilStopped } from "./stop.ts";

const HELP = `Recebe as mensagens do Telegram por consulta, sem endereço público.

Uso: deno task bot

Usa as mesmas variáveis e a mesma pasta de dados que o servidor, que pode estar no ar ao mesmo tempo.
Desfaz o webhook, se houver um. Para com Ctrl+C.`;

/** What others left behind is looked for this often (ms). */
const LOOK = 30_000;

/** Runs until SIGINT or SIGTERM. */
async function run(positionals: string[]): Promise<number> {
  if (positionals.length > 0) throw new WrongUse();
  const settings = readSettings("bot");
  const kv = await openStore(settings);
  watchStore(kv);
  const deps: Deps = { kv, config: toConfig(settings), now: Date.now };
  const services = createServices(deps, { alone: true });
  const { outbox } = services;
  const bot = services.bot!;

  const stopping = new AbortController();
  const crons = new Crons(stopping.signal);
  const look = () => {
    outbox.notify();
    void crons.run("bot updates", () => bot.updateProcessor.resume());
  };
  const looking = setInterval(look, LOOK);
  stopping.signal.addEventListener("abort", () => clearInterval(looking));
  outbox.notify();
  console.log("O robô está atendendo.");
  const polling = startPolling(bot, stopping.signal);
  const stop = () =>
    stopRunning({
      stopping,
      // What updates ask for comes by polling.
      shutdown: () => polling,
      background: [() => services.close(), () => crons.idle()],
      kv,
    });
  await untilStopped(stop, settings.HABILITA_STOP_SECONDS);
  return 0;
}

if (import.meta.main) await runCommand({ help: HELP, run });
