import type { ApiCall } from "@/tools/telegram/bot_api.ts";

/** How fast messages came, as the Bot API saw them, in the time of the portal's clock. */
export interface MeasuredPace {
  /** Calls that would show or change a message, whatever became of them. */
  messages: number;
  /** The most within any second, in all chats together. */
  mostInASecond: number;
  /** The shortest time between two in one chat, in milliseconds. */
  closestInAChat: number;
}

const MESSAGES = new Set(["sendMessage", "editMessageText"]);

/** @param speed how much faster than the real one the portal's clock went */
export function measurePace(calls: readonly ApiCall[], speed: number): MeasuredPace {
  const messages = calls.filter(({ method }) => MESSAGES.has(method))
    .map(({ at, params }) => ({ at: at * speed, chat: Number(params.chat_id) }))
    .sort((a, b) => a.at - b.at);
  let most = 0;
  for (let first = 0, last = 0; last < messages.length; last++) {
    while (messages[last]!.at - messages[first]!.at >= 1_000) first++;
    most = Math.max(most, last - first + 1);
  }
  const before = new Map<number, number>();
  let closest = Infinity;
  for (const { at, chat } of messages) {
    closest = Math.min(closest, at - (before.get(chat) ?? -Infinity));
    before.set(chat, at);
  }
  return {
    messages: messages.length,
    mostInASecond: most,
    closestInAChat: Math.round(closest),
  };
}
