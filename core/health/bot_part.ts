import { countBlocked, getTelegramState } from "../account/telegram/reach.ts";
import type { Deps } from "../deps.ts";
import { keys } from "../store/keys.ts";
import { read } from "../store/read.ts";
import { ageText, COUNTED, countText, type Finding, MINUTE, type Part } from "./part.ts";

/** The bot polls about twice a minute; with the webhook it is looked at every five minutes. */
const SILENCE = { polling: 3 * MINUTE, webhook: 15 * MINUTE };

/** When the portal was last seen in maintenance: nothing can be noted then, and a silence means nothing. */
const maintained = new WeakMap<Deno.Kv, number>();

async function lookAtBot(deps: Deps): Promise<Finding> {
  if (!deps.config.telegram) return { state: "ok", text: "Não está configurado." };
  const [state, blocked, maintenance] = await Promise.all([
    getTelegramState(deps),
    countBlocked(deps, COUNTED),
    read(deps.kv, keys.maintenance()),
  ]);
  if (maintenance) maintained.set(deps.kv, deps.now());
  const links = blocked > 0 ? ` Bloqueado por ${countText(blocked)}.` : "";
  const failure = state?.failure;
  if (!state?.okAt) {
    const why = failure ? `: ${failure.what}` : "";
    return {
      state: "failing",
      text: "O robô ainda não falou com o Telegram.",
      todo: "Ligue o webhook com deno task bot:webhook set, ou rode deno task bot.",
      detail: `Ainda não falou com o Telegram${why}.${links}`,
    };
  }
  const { mode, okAt, pending } = state;
  const how = mode === "polling" ? "por consulta" : "por webhook";
  const waiting = pending > 0 ? `, ${pending} à espera no Telegram` : "";
  const trouble = failure ? `, ${failure.what}` : "";
  const detail = `Contato ${how} há ${ageText(deps.now() - okAt)}${trouble}${waiting}.${links}`;
  const silent = deps.now() - Math.max(okAt, maintained.get(deps.kv) ?? 0) > SILENCE[mode];
  if (!silent && !failure) return { state: "ok", text: `Recebe as mensagens ${how}.`, detail };
  return {
    state: silent ? "failing" : "warning",
    since: okAt,
    text: silent ? "O robô não fala com o Telegram." : "O contato com o Telegram falha.",
    todo: mode === "polling"
      ? "Confira se deno task bot está rodando, uma vez só, e se a rede chega ao Telegram."
      : "Veja o webhook com deno task bot:webhook info, e se o Telegram chega ao portal.",
    detail,
  };
}

export const botPart: Part = {
  id: "bot",
  name: "Robô do Telegram",
  look: lookAtBot,
};
