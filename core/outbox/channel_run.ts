import { deliveries } from "../log/mod.ts";
import type { Key } from "../store/key.ts";
import type { Deps } from "../deps.ts";
import { keys } from "../store/keys.ts";
import { list } from "../store/read.ts";
import type { Channel } from "../store/records/outbox.ts";
import { FailureWatch } from "./failure_row.ts";
import { CLOCK_STEP } from "./lease.ts";
import { messageId } from "./message_id.ts";
import { type Claim, claimPartition, giveBack } from "./partition.ts";
import { findAhead, reschedule } from "./reschedule.ts";
import { openMessage } from "./sealed_mail.ts";
import type { Delivery, Send } from "./send.ts";
import { settle } from "./settle.ts";
import { type Rate, RateLimiter, UNLIMITED } from "./rate_limiter.ts";

/** Partitions worked on at once. A mail server takes few connections; Telegram waits for no chat. */
const AT_ONCE: Record<Channel, number> = { mail: 4, chat: 24 };
/** Schedule entries read at once. */
const PAGE = 500;

/**
 * Sends what is due in one channel, many partitions side by side: a receiver that is slow or asks for a
 * pause holds up no other receiver. Any number of runs may go on, in one process or in many: a partition is
 * one's at a time.
 */
export class ChannelRun {
  readonly channel: Channel;
  readonly #deps: Deps;
  readonly #send: Send;
  readonly #rate: Rate;
  readonly #rateLimiter: RateLimiter;
  readonly #watch: FailureWatch;
  readonly #active = new Map<string, Promise<void>>();
  #ready = new Map<string, Key<unknown>[]>();
  readonly #stopped = new AbortController();
  /** The clock at the last look; before the first one anything may have been written ahead of it. */
  #looked = Infinity;
  #failures: unknown[] = [];
  #woken = Promise.withResolvers<void>();
  #settled = 0;
  #sent = 0;

  constructor(channel: Channel, deps: Deps, send: Send, rate: Rate) {
    this.channel = channel;
    this.#deps = deps;
    this.#send = send;
    this.#rate = rate;
    this.#rateLimiter = new RateLimiter(deps, channel === "chat" ? rate : UNLIMITED);
    this.#watch = new FailureWatch(deps, channel);
  }

  /** There may be something new. */
  wake(): void {
    this.#woken.resolve();
  }

  /** No more is begun: `run` ends when what is on its way has been finished. */
  stop(): void {
    this.#stopped.abort();
    this.wake();
  }

  /**
   * Works until nothing is due and nothing is on its way.
   *
   * @returns how many messages were sent, and how many tried
   * @throws what the store failed with; what was not done stays due
   */
  async run(): Promise<{ sent: number; tried: number }> {
    this.#sent = 0;
    this.#settled = 0;
    this.#failures = [];
    this.#watch.forget();
    while (this.#failures.length === 0 && !this.#stopped.signal.aborted) {
      this.#woken = Promise.withResolvers();
      if (this.#ready.size === 0) this.#ready = await this.#findDue();
      this.#start();
      if (this.#active.size === 0) break;
      await Promise.race([...this.#active.values(), this.#woken.promise]);
    }
    await Promise.all(this.#active.values());
    this.#ready.clear();
    if (this.#failures.length > 0) throw this.#failures[0];
    return { sent: this.#sent, tried: this.#settled };
  }

  /** The partitions with due schedule entries that are not being worked on. */
  async #findDue(): Promise<Map<string, Key<unknown>[]>> {
    const due = new Map<string, Key<unknown>[]>();
    const now = this.#deps.now();
    const wentBack = now < this.#looked - CLOCK_STEP;
    const options = { end: [now + 1], limit: PAGE };
    const [entries, ahead] = await Promise.all([
      Array.fromAsync(list(this.#deps.kv, keys.outboxDue.under(this.channel), options)),
      wentBack ? findAhead(this.#deps, this.channel) : [],
    ]);
    if (ahead.length > 0) {
      await reschedule(this.#deps, this.channel, ahead);
      this.#looked = now;
      return await this.#findDue();
    }
    this.#looked = now;
    for (const { key, rest: [, partition] } of entries) {
      if (this.#active.has(partition)) continue;
      due.set(partition, [...due.get(partition) ?? [], key]);
    }
    return due;
  }

  #start(): void {
    for (const [partition, entries] of this.#ready) {
      if (this.#active.size >= AT_ONCE[this.channel] || this.#stopped.signal.aborted) return;
      this.#ready.delete(partition);
      const working = this.#work(partition, entries)
        .catch((error) => void this.#failures.push(error))
        .finally(() => this.#active.delete(partition));
      this.#active.set(partition, working);
    }
  }

  async #work(partition: string, entries: readonly Key<unknown>[]): Promise<void> {
    const claim = await claimPartition(this.#deps, partition, entries);
    if (!claim) return;
    // After the claim: a partition that only rests takes up no place.
    await this.#rateLimiter.acquire(this.#stopped.signal);
    if (this.#stopped.signal.aborted) return await giveBack(this.#deps, claim);
    const delivery = await attempt(this.#deps, this.#send, claim);
    await settle(this.#deps, claim, delivery, this.#rate, this.#stopped.signal);
    deliveries.add(1, { channel: this.channel, outcome: delivery.outcome });
    await this.#watch.note(partition, delivery);
    this.#settled++;
    if (delivery.outcome === "sent") this.#sent++;
  }
}

async function attempt(deps: Deps, send: Send, claim: Claim): Promise<Delivery> {
  const record = claim.covers[0]!;
  const opened = openMessage(deps, record, claim.message);
  if ("outcome" in opened) {
    const { outcome, error } = opened;
    return outcome === "never" ? { outcome, error, unsent: true } : { outcome, error };
  }
  try {
    const id = messageId(claim.partition, record, deps.config.origin);
    const delivery = await send(opened.outgoing, claim.attempt, id);
    if (delivery.outcome === "sent") return delivery;
    return { ...delivery, error: opened.conceal(delivery.error) };
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    return { outcome: "later", error: opened.conceal(text) };
  }
}
