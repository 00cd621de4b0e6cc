import type { Deps } from "../deps.ts";
import { ChannelRun } from "./channel_run.ts";
import type { Send } from "./message.ts";
import { type Rate, UNLIMITED } from "./rate_limiter.ts";

/**
 * Goes through the outbox once, and again for the messages that those sent were the cause of.
 * Without a pace, everything that is due goes out at once.
 *
 * @returns how many messages were sent
 */
export async function runOutbox(
  deps: Deps,
  send: Send,
  pace: Rate = UNLIMITED,
): Promise<number> {
  const drains = (["chat", "mail"] as const).map((each) => new ChannelRun(each, deps, send, pace));
  for (let total = 0;;) {
    const runs = await Promise.all(drains.map((drain) => drain.run()));
    total += runs.reduce((sum, { sent }) => sum + sent, 0);
    if (runs.every(({ tried }) => tried === 0)) return total;
  }
}
