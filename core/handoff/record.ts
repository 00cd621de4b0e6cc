import { keys } from "../store/keys.ts";
import type { HandoffRecord } from "../store/records/handoff.ts";
import type { Transaction } from "../store/transact.ts";

/** Longer than any token lives, so that a replay is known as one (ms). */
const KEPT_FOR = 60 * 60_000;

/** Writes a hand-off inside a commit. */
export function putHandoff(tx: Transaction, jti: string, record: HandoffRecord): void {
  tx.set(keys.handoff(jti), record, { expireIn: KEPT_FOR });
}
