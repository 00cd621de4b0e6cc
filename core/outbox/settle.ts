import type { Deps } from "../deps.ts";
import { log } from "../log/mod.ts";
import { Overloaded } from "../overloaded.ts";
import { delay } from "../store/delay.ts";
import { MaintenanceError } from "../store/transact.ts";
import { StoreUnavailable } from "../store/unavailable.ts";
import { acknowledge, type Claim } from "./partition.ts";
import type { Rate } from "./rate_limiter.ts";
import type { Delivery } from "./send.ts";

/** Between two attempts to write down what became of a message (ms). */
const PAUSE = 1_000;

/**
 * Like `acknowledge`, again while the store does not take it: a message that went out and is not noted goes
 * out twice. In maintenance it waits for the end, for no process can claim the message before; a
 * busy store is asked until the lease has ended.
 *
 * @param stopped ends the waiting
 * @throws what the store failed with; then the message is due again after its lease
 */
export async function settle(
  deps: Deps,
  claim: Claim,
  delivery: Delivery,
  rate: Rate,
  stopped: AbortSignal,
): Promise<void> {
  for (;;) {
    try {
      return await acknowledge(deps, claim, delivery, rate);
    } catch (error) {
      if (!stopped.aborted && passes(deps, claim, error)) {
        await delay(PAUSE, stopped).catch(() => {});
        continue;
      }
      if (delivery.outcome === "sent") {
        log("warning", "outbox_sent_not_noted", { message: claim.covers[0]!.id }, error);
      }
      throw error;
    }
  }
}

/** Whether it is worth asking again. */
function passes(deps: Deps, { until }: Claim, error: unknown): boolean {
  if (error instanceof MaintenanceError) return true;
  if (error instanceof StoreUnavailable && error.reason === "gone") return false;
  return error instanceof Overloaded && deps.now() < until;
}
