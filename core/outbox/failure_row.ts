import type { Deps } from "../deps.ts";
import { keys } from "../store/keys.ts";
import type { FailureRow } from "../store/records/health.ts";
import type { Channel } from "../store/records/outbox.ts";
import { transact } from "../store/transact.ts";
import type { Delivery } from "./send.ts";

/**
 * So many receivers refused one after the other, with nobody reached between them, are the channel's
 * trouble: a relay that takes nothing from the portal says so about each receiver.
 */
const RECEIVERS = 3;

/** Whether a row of failures means that the channel sends nothing. */
export function isTroubled(row: FailureRow | null): row is FailureRow {
  return row !== null && (row.fault !== null || row.refused.length >= RECEIVERS);
}

/**
 * Writes down since when a channel sends nothing. The record is one for all processes on the store; a
 * message that goes out, whichever process sent it, ends it. It costs a round trip for the first message
 * of a run and for each failure.
 */
export class FailureWatch {
  readonly #deps: Deps;
  readonly #channel: Channel;
  #clear = false;

  constructor(deps: Deps, channel: Channel) {
    this.#deps = deps;
    this.#channel = channel;
  }

  /** Another process may have met a failure meanwhile. */
  forget(): void {
    this.#clear = false;
  }

  /** @param partition of the message that was tried */
  async note(partition: string, delivery: Delivery): Promise<void> {
    if (delivery.outcome === "sent") {
      if (this.#clear) return;
      this.#clear = true;
      await transact(this.#deps.kv, async (tx) => {
        const key = keys.failureRow(this.#channel);
        if (await tx.get(key)) tx.delete(key);
      });
      return;
    }
    // Nobody has refused anything.
    if (delivery.outcome === "never" && delivery.unsent) return;
    // A receiver who asks for a pause is being served.
    if (delivery.outcome === "later" && delivery.retryAfter !== undefined) return;
    this.#clear = false;
    const fault = delivery.outcome === "later" ? delivery.fault ?? null : null;
    await transact(this.#deps.kv, async (tx) => {
      const key = keys.failureRow(this.#channel);
      const before = await tx.get(key);
      const row = before ?? { since: this.#deps.now(), fault: null, refused: [] };
      const next = extend(row, partition, fault);
      if (!before || next !== row) tx.set(key, next);
    });
  }
}

/** The row with one more failure; the same object when that adds nothing to it. */
function extend(row: FailureRow, partition: string, fault: FailureRow["fault"]): FailureRow {
  if (fault) {
    const same = row.fault?.kind === fault.kind && row.fault.code === fault.code;
    return same ? row : { ...row, fault };
  }
  if (row.refused.length >= RECEIVERS || row.refused.includes(partition)) return row;
  return { ...row, refused: [...row.refused, partition] };
}
