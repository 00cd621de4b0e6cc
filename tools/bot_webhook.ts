/** `deno task bot:webhook`: where Telegram sends the bot's updates. */
import { publishCommands } from "../bot/commands.ts";
import { describeError } from "../core/log/mod.ts";
import { readSettings, toConfig } from "../core/config/mod.ts";
import { CommandRefused, runCommand, WrongUse } from "./command.ts";
import { Api } from "grammy/web";

const HELP = `Diz ao Telegram para onde mandar as mensagens do robô.

Uso: deno task bot:webhook set      manda para HABILITA_ORIGIN/api/telegram e publica o menu
     deno task bot:webhook info     mostra o que está em vigor
     deno task bot:webhook delete   desfaz; para usar deno task bot`;

async function run(positionals: string[]): Promise<number> {
  const [command] = positionals;
  if (positionals.length !== 1 || !["set", "info", "delete"].includes(command!)) {
    throw new WrongUse();
  }
  const { origin, telegram } = toConfig(readSettings("bot:webhook"));
  const { apiRoot, token, webhookSecret } = telegram!;
  const api = new Api(token, { apiRoot, timeoutSeconds: 30 });
  try {
    if (command === "set") {
      await api.setWebhook(`${origin}/api/telegram`, {
        secret_token: webhookSecret,
        allowed_updates: ["message", "callback_query"],
      });
      await publishCommands(api);
    }
    if (command === "delete") await api.deleteWebhook();
    const info = await api.getWebhookInfo();
    console.log(`Webhook: ${info.url || "nenhum"}`);
    console.log(`Mensagens à espera: ${info.pending_update_count}`);
    if (info.last_error_message) {
      const when = new Date((info.last_error_date ?? 0) * 1_000).toISOString();
      console.log(`Último erro: ${info.last_error_message} (${when})`);
    }
    return 0;
  } catch (error) {
    throw new CommandRefused(`O Telegram recusou ou não respondeu: ${describeError(error)}`);
  }
}

if (import.meta.main) await runCommand({ help: HELP, run });
