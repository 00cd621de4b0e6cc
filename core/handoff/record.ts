import type { Transaction } from "../store/transact.ts";
import { keys } from "./keys.ts";
import type { HandoffHolder } from "./powers.ts";

/** A hand-off on its way; what its token says is in the token. */
export interface HandoffRecord extends HandoffHolder {
  /** Id of the system. */
  system: string;
  profile: string;
  /** Milliseconds since the epoch. */
  issuedAt: number;
  redeemedAt: number | null;
}

/** Longer than any token lives, so that a replay is known as one (ms). */
const KEPT_FOR = 60 * 60_000;

/** Writes a hand-off inside a commit. */
export function putHandoff(tx: Transaction, jti: string, record: HandoffRecord): void {
  tx.set(keys.handoff(jti), record, { expireIn: KEPT_FOR });
}
