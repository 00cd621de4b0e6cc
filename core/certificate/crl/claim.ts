import { randomToken } from "../../ids.ts";
import type { Portal } from "../../portal.ts";
import type { Refusal } from "../../result.ts";
import { delay } from "../../store/delay.ts";
import { keys } from "../../store/keys.ts";
import type { FetchRecord } from "../../store/records/certificate.ts";
import { transact } from "../../store/transact.ts";
import { type CrlCode, isCrlCode } from "./messages.ts";

/** Null: a list was saved. */
export type FetchOutcome = Refusal<CrlCode> | null;

/** How long an outcome stands before there is another attempt: a dead host is not asked by everybody. */
export const RETRY_AFTER = 30_000;
const POLL_MS = 150;

/**
 * Has `work` done by one caller at a time across all instances; the others wait for its outcome and
 * share it. A worker that dies is replaced when its lease is over.
 *
 * @param lease milliseconds; longer than `work` can take
 * @returns undefined when the wait was longer than a lease
 */
export async function fetchOnce(
  portal: Portal,
  id: string,
  lease: number,
  work: () => Promise<FetchOutcome>,
): Promise<FetchOutcome | undefined> {
  const token = randomToken();
  for (let waited = 0; waited <= lease; waited += POLL_MS) {
    const record = await claim(portal, id, token, lease);
    if (record.settled) return outcomeOf(record);
    if (record.token === token) {
      let outcome: FetchOutcome | undefined;
      try {
        return outcome = await work();
      } finally {
        await settle(portal, id, token, outcome);
      }
    }
    await delay(POLL_MS);
  }
}

/** A code that another version of the portal has left is as good as no answer. */
function outcomeOf({ outcome }: FetchRecord): FetchOutcome {
  return outcome &&
    { ...outcome, code: isCrlCode(outcome.code) ? outcome.code : "crl_unreachable" };
}

/** Takes the work over unless somebody has it, or has settled it a moment ago; the record as it is. */
function claim(portal: Portal, id: string, token: string, lease: number): Promise<FetchRecord> {
  return transact(portal.kv, async (tx) => {
    const current = await tx.get(keys.crlFetch(id));
    if (current && current.until > portal.now()) return current;
    const mine = { token, until: portal.now() + lease, settled: false, outcome: null };
    tx.set(keys.crlFetch(id), mine, { expireIn: lease });
    return mine;
  });
}

/**
 * Leaves the outcome behind (undefined: the work broke off, somebody else may start at once), unless
 * the lease ended and somebody else has taken over.
 */
async function settle(
  portal: Portal,
  id: string,
  token: string,
  outcome: FetchOutcome | undefined,
): Promise<void> {
  await transact(portal.kv, async (tx) => {
    const current = await tx.get(keys.crlFetch(id));
    if (current?.token !== token) return;
    if (outcome === undefined) return tx.delete(keys.crlFetch(id));
    const settled = { token, until: portal.now() + RETRY_AFTER, settled: true, outcome };
    tx.set(keys.crlFetch(id), settled, { expireIn: RETRY_AFTER });
  });
}
