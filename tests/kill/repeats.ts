import type { Mail } from "@/tools/dev/mailbox.ts";
import type { Life } from "./lives.ts";

/** What came more than once, by how the process ended that had sent it before. */
export interface Repeats {
  afterKill: number;
  /** After an ordinary stop, or without any: these are faults. */
  afterStop: number;
  /** Of all: those that a mail program cannot know for the same mail. */
  unlike: number;
}

/** @param lives oldest first; what came after the last one ended came from its successor */
export function repeatedMails(mails: readonly Mail[], lives: readonly Life[]): Repeats {
  const repeats: Repeats = { afterKill: 0, afterStop: 0, unlike: 0 };
  const same = Map.groupBy(mails, ({ to, subject, text }) => JSON.stringify([to, subject, text]));
  for (const copies of same.values()) {
    repeats.unlike += new Set(copies.map(({ messageId }) => messageId)).size - 1;
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
