import type { Mail } from "@/tools/dev/mailbox.ts";
import type { ApiCall } from "@/tools/telegram/bot_api.ts";
import { CARD } from "../bot/drive.ts";
import type { Life } from "./lives.ts";

/** A message that has arrived. */
interface Arrived {
  /** The same for those that say the same to the same person. */
  content: string;
  /** By which a mail program knows it. */
  id: string;
  at: number;
}

export function arrivedMails(mails: readonly Mail[]): Arrived[] {
  return mails.map(({ to, subject, text, messageId, at }) => ({
    content: JSON.stringify([to, subject, text]),
    id: messageId,
    at,
  }));
}

/** The cards of requests. Telegram knows nothing that would tell a repeat from another message. */
export function arrivedCards(calls: readonly ApiCall[]): Arrived[] {
  return calls.filter(({ method, status, params }) =>
    method === "sendMessage" && status === 200 && String(params.text).includes(CARD)
  ).map(({ params: { chat_id, text }, at }) => {
    const content = JSON.stringify([chat_id, text]);
    return { content, id: content, at };
  });
}

/** What came more than once, by how the process ended that had sent it before. */
export interface Repeats {
  afterKill: number;
  /** After an ordinary stop, or without any: these are faults. */
  afterStop: number;
  /** Of all: those that a mail program cannot know for the same mail. */
  unlike: number;
}

/** @param lives oldest first; what came after the last one ended came from its successor */
export function findRepeats(messages: readonly Arrived[], lives: readonly Life[]): Repeats {
  const repeats: Repeats = { afterKill: 0, afterStop: 0, unlike: 0 };
  for (const copies of Map.groupBy(messages, ({ content }) => content).values()) {
    repeats.unlike += new Set(copies.map(({ id }) => id)).size - 1;
    for (const [i, { at }] of copies.entries()) {
      if (i === 0) continue;
      const [before, now] = [lifeAt(lives, copies[i - 1]!.at), lifeAt(lives, at)];
      const killed = before?.signal === "SIGKILL" && before !== now;
      repeats[killed ? "afterKill" : "afterStop"]++;
    }
  }
  return repeats;
}

function lifeAt(lives: readonly Life[], at: number): Life | undefined {
  return lives.findLast(({ startedAt }) => startedAt <= at);
}
