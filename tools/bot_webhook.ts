/** `deno task bot:webhook`: where Telegram sends the bot's updates. */
import { publishCommands } from "../bot/commands.ts";
import { describeError } from "../bot/errors.ts";
import { ConfigError, readConfig } from "../core/config.ts";
import { Api } from "grammy/web";

const HELP = `Diz ao Telegram para onde mandar as mensagens do robô.

Uso: deno task bot:webhook set      manda para HABILITA_ORIGIN/api/telegram e publica o menu
     deno task bot:webhook info     mostra o que está em vigor
     deno task bot:webhook delete   desfaz; para usar deno task bot`;

/** Runs the command and answers its exit code: 0 done, 1 refused or not configured, 2 wrong use. */
async function main(args: string[]): Promise<number> {
  const [command] = args;
  if (args.length !== 1 || !["set", "info", "delete"].includes(command!)) {
    console.error(HELP);
    return 2;
  }
  const { origin, telegram } = readConfig((name) => Deno.env.get(name));
  if (!telegram) {
    console.error("Falta a variável TELEGRAM_BOT_TOKEN: sem ela não há robô.");
    return 1;
  }
  const api = new Api(telegram.token, { apiRoot: telegram.apiRoot, timeoutSeconds: 30 });
  try {
    if (command === "set") {
      await api.setWebhook(`${origin}/api/telegram`, {
        secret_token: telegram.webhookSecret,
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
    console.error(`O Telegram recusou ou não respondeu: ${describeError(error, telegram.token)}`);
    return 1;
  }
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
