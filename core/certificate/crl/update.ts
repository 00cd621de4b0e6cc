import { log } from "../../log/mod.ts";
import { isRunning } from "../../clock.ts";
import { randomToken } from "../../ids.ts";
import type { Deps } from "../../deps.ts";
import { type Refusal, refuse } from "../../result.ts";
import { delay } from "../../store/delay.ts";
import { keys } from "../../store/keys.ts";
import { list } from "../../store/read.ts";
import type { CrlRecord, FetchRecord } from "../../store/records/certificate.ts";
import { transact } from "../../store/transact.ts";
import { shortNameText } from "../name.ts";
import { tryParseCertificate } from "../x509.ts";
import { checkCrl } from "./check.ts";
import { fetchCrl } from "./fetch.ts";
import { type CrlCode, isCrlCode } from "./messages.ts";
import { type CrlSource, deleteCrl, issuerId, saveCrl } from "./store.ts";

/** By rule there are two. */
const MAX_URLS = 4;
/** For reading and saving a long list, on top of the time for fetching it. */
const SAVING_MS = 15_000;

/**
 * Brings an authority's list up to date from the first of its addresses that serves a good one. Null
 * when there is one now; else why not. One fetch at a time for each authority across all instances.
 */
export async function updateCrl(deps: Deps, source: CrlSource): Promise<FetchOutcome> {
  const emissor = shortNameText(source.issuer.subject);
  const urls = source.urls.slice(0, MAX_URLS);
  if (urls.length === 0) return refuse("crl_no_address", { emissor });
  const id = await issuerId(source.issuer);
  const lease = urls.length * deps.config.crl.timeoutMs + SAVING_MS;
  const outcome = await fetchOnce(deps, id, lease, async () => {
    const failures = [];
    for (const url of urls) {
      const failure = await updateFrom(deps, source, url);
      if (failure === null) return null;
      failures.push(failure);
    }
    // A host that does not answer says less than one that answers wrongly.
    return failures.find(({ code }) => code !== "crl_unreachable") ?? failures[0]!;
  });
  return outcome === undefined ? refuse("crl_unreachable", { emissor }) : outcome;
}

async function updateFrom(deps: Deps, source: CrlSource, url: string): Promise<FetchOutcome> {
  const { config, now } = deps;
  const { issuer } = source;
  const der = await fetchCrl(config.crl, url);
  if (!der.ok) return refuse(der.code, { emissor: shortNameText(issuer.subject) });
  const staleMs = config.crl.staleHours * 60 * 60_000;
  const crl = await checkCrl({ der: der.data, issuer, time: now(), staleMs });
  if (!crl.ok) return crl;
  const saved = await saveCrl(deps, source, { der: der.data, crl: crl.data });
  return saved.ok ? null : saved;
}

/** Null: a list was saved. */
export type FetchOutcome = Refusal<CrlCode> | null;

/** How long an outcome stands before there is another attempt: a dead host is not asked by every login. */
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
  deps: Deps,
  id: string,
  lease: number,
  work: () => Promise<FetchOutcome>,
): Promise<FetchOutcome | undefined> {
  const token = randomToken();
  for (let waited = 0; waited <= lease; waited += POLL_MS) {
    const record = await claim(deps, id, token, lease);
    if (record.settled) return outcomeOf(record);
    if (record.token === token) {
      let outcome: FetchOutcome | undefined;
      try {
        return outcome = await work();
      } finally {
        await settle(deps, id, token, outcome);
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

/** Takes the work over unless another has it, or has settled it a moment ago; the record as it is. */
function claim(deps: Deps, id: string, token: string, lease: number): Promise<FetchRecord> {
  return transact(deps.kv, async (tx) => {
    const current = await tx.get(keys.crlFetch(id));
    const longest = Math.max(lease, RETRY_AFTER);
    if (current && isRunning(current.until, deps.now(), longest)) return current;
    const mine = { token, until: deps.now() + lease, settled: false, outcome: null };
    tx.set(keys.crlFetch(id), mine, { expireIn: lease });
    return mine;
  });
}

/**
 * Leaves the outcome behind (undefined: the work broke off, another may start at once), unless
 * the lease ended and another process has taken over.
 */
async function settle(
  deps: Deps,
  id: string,
  token: string,
  outcome: FetchOutcome | undefined,
): Promise<void> {
  await transact(deps.kv, async (tx) => {
    const current = await tx.get(keys.crlFetch(id));
    if (current?.token !== token) return;
    if (outcome === undefined) return tx.delete(keys.crlFetch(id));
    const settled = { token, until: deps.now() + RETRY_AFTER, settled: true, outcome };
    tx.set(keys.crlFetch(id), settled, { expireIn: RETRY_AFTER });
  });
}

const HOUR = 60 * 60_000;

/** Authorities publish long before a list runs out; a revocation should not wait for that. */
export const REFRESH_AFTER = 3 * HOUR;
/** Room for three attempts, half an hour apart, before logins would be refused. */
export const REFRESH_BEFORE_END = 1.5 * HOUR;

/**
 * Fetches every known list anew that is three hours old or runs out within an hour and a half, and
 * drops those of authorities whose certificates have ended. For `Deno.cron`, every half hour.
 *
 * @param onFailure told each list that could not be had; what is stored stays in use meanwhile
 */
export async function refreshCrls(
  deps: Deps,
  onFailure: (emissor: string, code: string) => void = (emissor, code) =>
    log("warning", "crl_not_updated", { emissor, code }),
): Promise<void> {
  for await (const { rest: [id], value } of list(deps.kv, keys.crl.under())) {
    const issuer = tryParseCertificate(value.issuer);
    if (!issuer || issuer.notAfter < deps.now()) {
      await deleteCrl(deps, id, value);
    } else if (isDue(value, deps.now())) {
      const failure = await updateCrl(deps, { issuer, urls: value.urls });
      if (failure) onFailure(shortNameText(issuer.subject), failure.code);
    }
  }
}

function isDue({ fetchedAt, nextUpdate }: CrlRecord, now: number): boolean {
  return now >= fetchedAt + REFRESH_AFTER || now >= nextUpdate - REFRESH_BEFORE_END;
}
