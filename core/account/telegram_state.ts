import type { Portal } from "../portal.ts";
import { transact } from "../store/transact.ts";
import { keys } from "./telegram_link.ts";

/** When the bot and Telegram last spoke, for the health page. */
export interface TelegramState {
  mode: "polling" | "webhook";
  /** The last time that it went well; null before. */
  okAt: number | null;
  /** What went wrong since: a status or a short text of Telegram's, never an address. */
  failure: { at: number; what: string } | null;
  /** Updates that Telegram still holds; only with the webhook. */
  pending: number;
}

/** Notes this often at most (ms) that all is well: it is written with every poll otherwise. */
const OFTEN = 60_000;

export async function getTelegramState(portal: Portal): Promise<TelegramState | null> {
  return (await portal.kv.get<TelegramState>(keys.state())).value;
}

/**
 * Notes that the bot could speak with Telegram, or why not. A failure stays on record until it goes
 * well again.
 */
export async function noteTelegramState(
  portal: Portal,
  { mode, failure = null, pending = 0 }: {
    mode: TelegramState["mode"];
    failure?: string | null;
    pending?: number;
  },
): Promise<void> {
  const before = await getTelegramState(portal);
  const at = portal.now();
  const okAt = failure === null ? at : before?.okAt ?? null;
  const state: TelegramState = {
    mode,
    okAt,
    failure: failure === null ? null : { at, what: failure },
    pending,
  };
  const news = before?.mode !== mode || before.failure?.what !== state.failure?.what ||
    before.pending !== pending;
  const last = Math.max(before?.okAt ?? 0, before?.failure?.at ?? 0);
  if (!news && at - last < OFTEN) return;
  await transact(portal.kv, (tx) => tx.set(keys.state(), state));
}

/** How many people have blocked the bot; counted no further than `limit`. */
export async function countBlocked(portal: Portal, limit: number): Promise<number> {
  const list = portal.kv.list({ prefix: keys.allBlocked() }, { limit });
  return (await Array.fromAsync(list)).length;
}
