import { log, outsideRequest } from "../log/mod.ts";
import type { Deps } from "../deps.ts";
import { keys } from "../store/keys.ts";
import { list } from "../store/read.ts";
import type { Channel } from "../store/records/outbox.ts";
import { ChannelRun } from "./channel_run.ts";
import { MaintenanceError } from "../store/transact.ts";
import type { Send } from "./send.ts";
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
/** How long a store that failed is left alone (ms). */
const AFTER_FAILURE = 2_000;

/** A worker for both channels. @param send what sends one message, see `createSend` */
export function createOutboxWorker(
  deps: Deps,
  send: Send,
  options: OutboxWorkerOptions = {},
): OutboxWorker {
  const notifyAll = () => workers.forEach((worker) => worker.notify());
  const workers = (["chat", "mail"] as const).map((channel) =>
    channelWorker(channel, deps, send, options, notifyAll)
  );
  return {
    notify: notifyAll,
    async run() {
      await Promise.all(workers.map((worker) => worker.run()));
    },
    async close() {
      await Promise.all(workers.map((worker) => worker.close()));
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
    onError = (error) => log("error", "outbox_run_failed", { channel }, error),
  }: OutboxWorkerOptions,
  onTried: () => void,
): OutboxWorker {
  const channelRun = new ChannelRun(channel, deps, send, rate);
  let running: Promise<void> | null = null;
  let again = false;
  let closed = false;
  let timer: ReturnType<typeof setTimeout> | undefined;

  async function run(): Promise<void> {
    try {
      do {
        again = false;
        const { tried } = await channelRun.run();
        // A message that went out, or did not, may be the cause of one in the other channel.
        if (tried > 0) onTried();
        if (selfWaking && !again) await setClock();
        // What was notified of while the clock was set may have come after its look.
      } while (again && !closed);
    } catch (error) {
      // In maintenance the messages wait.
      if (!(error instanceof MaintenanceError)) onError(error);
      if (selfWaking) comeBack(AFTER_FAILURE);
    }
    running = null;
  }

  /** Comes back for the first message that is due later. */
  async function setClock(): Promise<void> {
    const prefix = keys.outboxDue.under(channel);
    for await (const { rest: [dueAt] } of list(deps.kv, prefix, { limit: 1 })) {
      const wait = Math.max(0, dueAt - deps.now());
      if (wait <= HORIZON) comeBack(wait);
    }
  }

  function comeBack(wait: number): void {
    clearTimeout(timer);
    if (closed) return;
    timer = setTimeout(() => void start(), wait);
    Deno.unrefTimer(timer);
  }

  function start(): Promise<void> {
    clearTimeout(timer);
    if (closed) return Promise.resolve();
    if (running) {
      again = true;
      channelRun.wake();
    }
    // Mostly it is a request that notifies, and this goes on after it.
    return running ??= outsideRequest(run);
  }

  return {
    notify: () => void start(),
    run: start,
    async close() {
      closed = true;
      clearTimeout(timer);
      channelRun.stop();
      await running;
    },
  };
}
