import type { Deps } from "../deps.ts";
import { keys } from "../store/keys.ts";
import { list } from "../store/read.ts";
import type { Channel } from "../store/records/outbox.ts";
import { ChannelRun } from "./channel_run.ts";
import type { Send } from "./message.ts";
import { type Rate, TELEGRAM_RATE } from "./rate_limiter.ts";

/** Drains the outbox whenever it is told that there may be something in it. */
export interface OutboxWorker {
  /** Returns at once. */
  notify(): void;
  /** Like `notify`, and resolves when nothing is due any more. */
  run(): Promise<void>;
  /** No more is begun; resolves when what is on its way has been finished. */
  close(): Promise<void>;
}

export interface OutboxWorkerOptions {
  rate?: Rate;
  /** Comes back by itself for what is due later. Without it the next `notify` does. */
  selfWaking?: boolean;
  onError?: (error: unknown) => void;
}

/** What is due later than this (ms) is left to the cron. */
const HORIZON = 60_000;

export function createOutboxWorker(
  deps: Deps,
  send: Send,
  options: OutboxWorkerOptions = {},
): OutboxWorker {
  const kickAll = () => pumps.forEach((pump) => pump.notify());
  const pumps = (["chat", "mail"] as const).map((channel) =>
    channelWorker(channel, deps, send, options, kickAll)
  );
  return {
    notify: kickAll,
    async run() {
      await Promise.all(pumps.map((pump) => pump.run()));
    },
    async close() {
      await Promise.all(pumps.map((pump) => pump.close()));
    },
  };
}

/** One channel by itself: a mail server that hangs does not keep the chats waiting. */
function channelWorker(
  channel: Channel,
  deps: Deps,
  send: Send,
  {
    rate = TELEGRAM_RATE,
    selfWaking = false,
    onError = (error) => console.error("outbox:", error),
  }: OutboxWorkerOptions,
  onTried: () => void,
): OutboxWorker {
  const draining = new ChannelRun(channel, deps, send, rate);
  let running: Promise<void> | null = null;
  let again = false;
  let closed = false;
  let timer: ReturnType<typeof setTimeout> | undefined;

  async function run(): Promise<void> {
    try {
      do {
        again = false;
        const { tried } = await draining.run();
        // A message that went out, or did not, may be the cause of one in the other channel.
        if (tried > 0) onTried();
      } while (again && !closed);
      if (selfWaking) await setClock();
    } catch (error) {
      onError(error);
    }
    running = null;
  }

  /** Comes back for the first message that is due later. */
  async function setClock(): Promise<void> {
    const prefix = keys.outboxDue.under(channel);
    for await (const { rest: [dueAt] } of list(deps.kv, prefix, { limit: 1 })) {
      const wait = Math.max(0, dueAt - deps.now());
      if (wait > HORIZON || closed) return;
      timer = setTimeout(() => void drain(), wait);
      Deno.unrefTimer(timer);
    }
  }

  function drain(): Promise<void> {
    clearTimeout(timer);
    if (closed) return Promise.resolve();
    if (running) {
      again = true;
      draining.wake();
    }
    return running ??= run();
  }

  return {
    notify: () => void drain(),
    run: drain,
    async close() {
      closed = true;
      clearTimeout(timer);
      await running;
    },
  };
}
