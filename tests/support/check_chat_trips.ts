import type { Update } from "grammy/types";
import type { Bot } from "grammy/web";
import { parseCallback } from "@/bot/callback_data.ts";
import { CHAT_BUDGETS } from "./budgets.ts";
import { check, type Measured } from "./check_trips.ts";
import { countTrips, currentTrips, RoundTrips } from "./round_trips.ts";

/** An update that the bot works on, and the outbox for it. */
interface Watched {
  number: number;
  what: string;
  chatId: number | undefined;
  /** What was counted so far: `answer` of a tap, and the first `message` that it led to. */
  counted: Map<string, number>;
}

/** What a person sees of an update; all else may take longer. */
const SEEN: Record<string, "answer" | "message"> = {
  answerCallbackQuery: "answer",
  sendMessage: "message",
  editMessageText: "message",
};

/**
 * Counts, from each update on, the trips to the answer of the tapped button and to the first message
 * that is sent or changed for it in its chat. Of updates that overlap nothing is counted, because one
 * that loses a race begins its commit again.
 *
 * @returns holds what was counted to the budgets
 */
export function watchChat(kv: Deno.Kv, bot: Bot): () => void {
  const all = new WeakMap<RoundTrips, Watched>();
  const measured: Measured[] = [];
  let started = 0;
  let underWay = 0;

  bot.api.config.use((call, method, payload, signal) => {
    const trips = currentTrips();
    const watched = trips && all.get(trips);
    const seen = SEEN[method];
    const elsewhere = "chat_id" in payload && payload.chat_id !== watched?.chatId;
    const alone = watched?.number === started;
    if (watched && seen && alone && !elsewhere && !watched.counted.has(seen)) {
      watched.counted.set(seen, trips.count);
      measured.push(measure(watched.what, seen, trips.count));
    }
    return call(method, payload, signal);
  });

  const handle = bot.handleUpdate.bind(bot);
  bot.handleUpdate = async (update, ...rest) => {
    const trips = new RoundTrips();
    started++;
    if (underWay++ === 0) all.set(trips, watch(update, started));
    try {
      await countTrips(kv, trips, () => handle(update, ...rest));
    } finally {
      underWay--;
    }
  };
  return () => measured.splice(0).forEach(check);
}

function watch(update: Update, number: number): Watched {
  const { message, callback_query: tap } = update;
  const chat = (message ?? tap?.message)?.chat;
  return { number, what: whatOf(update), chatId: chat?.id, counted: new Map() };
}

function whatOf({ message, callback_query: tap }: Update): string {
  if (tap) return `tap ${parseCallback(tap.data ?? "")?.action ?? "unknown"}`;
  if (message?.chat.type !== "private") return "in a group";
  if (message.reply_to_message) return "reply";
  return /^\/\w+/.exec(message.text ?? "")?.[0] ?? "text";
}

function measure(what: string, name: "answer" | "message", trips: number): Measured {
  const most = CHAT_BUDGETS[what]?.[name];
  if (most === undefined) {
    throw new Error(`${what}, ${name}: no row in tests/support/budgets.ts`);
  }
  return { row: { group: what, name, most }, trips, what: `${what}, to the ${name}` };
}
