import type { Key } from "../store/key.ts";
import { keyedHashes } from "../secrets.ts";
import type { Deps } from "../deps.ts";
import { manyAttempts } from "../mails/account_mails.ts";
import { mailTo, notify } from "../notify/notify.ts";
import { enqueueDecoy } from "../outbox/enqueue.ts";
import { accept, type Refusal, refuse, type Result } from "../result.ts";
import { keys } from "../store/keys.ts";
import type { Account, AccountId, AttemptCount } from "../store/records/account.ts";
import { transact, type Transaction } from "../store/transact.ts";
import type { Handle } from "./account.ts";
import type { AccountCode } from "./messages.ts";
import { appendAudit } from "../audit/append.ts";
import { maskCpf } from "../registry/numbers.ts";
import { readMany } from "../store/read.ts";

export interface Limit {
  /** What is counted, e.g. `login`. */
  what: string;
  attempts: number;
  /** Milliseconds after the first attempt when the count starts again. */
  window: number;
}

/**
 * Counts an attempt of `who` before it is made, so that guesses made in parallel count too.
 *
 * @param who null for a network of which it is not known whose it is (see `addressOf`): nothing is
 *   counted, or all of these would be counted together and a stranger could lock everybody out
 */
export async function consumeAttempt(
  deps: Deps,
  limit: Limit,
  who: string | null,
): Promise<Result<null, AccountCode>> {
  if (who === null) return accept(null);
  return await transact(deps.kv, async (tx) => {
    const key = await keyOf(deps, tx, limit, who);
    const now = deps.now();
    const count = countOf(await tx.get(key), limit, now);
    if (count.attempts >= limit.attempts) return tooMany(count, now);
    addTo(tx, key, count, now);
    return accept(null);
  });
}

/** The count that runs; no count lasts longer than its window, though the clock was ahead when it began. */
function countOf(stored: AttemptCount | null, { window }: Limit, now: number): AttemptCount {
  const whole = now + window;
  return stored && stored.endsAt > now
    ? { ...stored, endsAt: Math.min(stored.endsAt, whole) }
    : { attempts: 0, endsAt: whole };
}

function tooMany({ endsAt }: AttemptCount, now: number): Refusal<AccountCode> {
  return refuse("too_many_attempts", { minutos: Math.max(1, Math.ceil((endsAt - now) / 60_000)) });
}

function addTo(
  tx: Transaction,
  key: Key<AttemptCount>,
  count: AttemptCount,
  now: number,
  attempts = 1,
): void {
  const next = { ...count, attempts: count.attempts + attempts };
  tx.set(key, next, { expireIn: count.endsAt - now });
}

/** Counts an attempt against several limits, one after the other; the first that refuses ends it. */
export async function consumeAttempts(
  deps: Deps,
  counts: readonly [limit: Limit, who: string][],
): Promise<Result<null, AccountCode>> {
  for (const [limit, who] of counts) {
    const counted = await consumeAttempt(deps, limit, who);
    if (!counted.ok) return counted;
  }
  return accept(null);
}

/** Forgets the attempts after a success. */
export async function resetAttempts(deps: Deps, limit: Limit, who: string): Promise<void> {
  await transact(deps.kv, (tx) => {
    for (const key of keysOf(deps, limit, who)) tx.delete(key);
  });
}

/**
 * Gives one attempt back after a success: a whole company may log in from one address, and a person
 * who knows one password there must not have the failures at others forgotten.
 */
export async function refundAttempt(deps: Deps, limit: Limit, who: string): Promise<void> {
  await transact(deps.kv, async (tx) => {
    const key = await keyOf(deps, tx, limit, who);
    const count = await tx.get(key);
    if (!count || count.attempts === 0 || count.endsAt <= deps.now()) return;
    const expireIn = count.endsAt - deps.now();
    tx.set(key, { ...count, attempts: count.attempts - 1 }, { expireIn });
  });
}

/** Hashed: the store keeps no list of the addresses and CPFs (typing errors too) that were tried. */
function keysOf({ config }: Deps, { what }: Limit, who: string): Key<AttemptCount>[] {
  return keyedHashes(config, "throttle", what, who).map((hash) => keys.throttle(what, hash));
}

/** A count that was begun before the secret changed goes on where it is. */
async function keyOf(
  deps: Deps,
  tx: Transaction,
  limit: Limit,
  who: string,
): Promise<Key<AttemptCount>> {
  const candidates = keysOf(deps, limit, who);
  const counts = await tx.getMany(candidates);
  return candidates.find((_, i) => counts[i] !== null) ?? candidates[0]!;
}

/** Like `keyOf` before a commit; costs a round trip only while the secret is being changed. */
async function keyNow(deps: Deps, limit: Limit, who: string): Promise<Key<AttemptCount>> {
  const candidates = keysOf(deps, limit, who);
  if (candidates.length === 1) return candidates[0]!;
  const counts = await readMany(deps.kv, candidates);
  return candidates.find((_, i) => counts[i] !== null) ?? candidates[0]!;
}

const QUARTER = 15 * 60_000;
const DAY = 24 * 60 * 60_000;
/** Refuses: who tries from elsewhere is not held up. */
const PER_PAIR: Limit = { what: "login", attempts: 8, window: QUARTER };
const PER_NETWORK: Limit = { what: "login_network", attempts: 100, window: QUARTER };
/** Over all networks. Refuses nobody; beyond it a code is asked besides the password. */
const PER_DAY: Limit = { what: "login_day", attempts: 20, window: DAY };

/** One attempt at a password. */
export interface SignInAttempt {
  /** As typed, in its stored form; an account's id where the page knows whose password it asks. */
  handle: string;
  /** Those that the handle leads to. */
  accounts: readonly Account[];
  /**
   * See `addressOf`; null when it is not known whose address it is: not counted. A page that knows by
   * something else who tries gives that then, or passwords could be guessed there without end.
   */
  network: string | null;
}

/** Accounts that one commit counts for, beside the handle: two checks each. */
const A_COMMIT = 3;

/**
 * Counts an attempt at a password, before it is made: for the typed handle and for each account that
 * it leads to. A pair of one of them and a network refuses, and so does a network. Over all networks
 * nothing refuses, or a stranger could lock a person out: beyond 20 a day `asks` says that the
 * password alone does not open the account, and its person is told, once. The same is done, and
 * answered, for a handle that leads to no account.
 */
export async function countSignIn(
  deps: Deps,
  { handle, accounts, network }: SignInAttempt,
): Promise<Result<{ asks: boolean }, AccountCode>> {
  const counted = await consumeAttempt(deps, PER_NETWORK, network);
  if (!counted.ok) return counted;
  const some = accounts.length > 0 ? accounts : [null];
  let asks = false;
  for (let i = 0; i < some.length; i += A_COMMIT) {
    const part = some.slice(i, i + A_COMMIT);
    const counted = await countPart(deps, { handle, network }, part, i === 0);
    if (!counted.ok) return counted;
    asks ||= counted.data.asks;
  }
  return accept({ asks });
}

/** What stands for the account of a handle that leads to none. */
const nobodyOf = (handle: string) => `nobody ${handle}`;

async function countPart(
  deps: Deps,
  { handle, network }: Omit<SignInAttempt, "accounts">,
  accounts: readonly (Account | null)[],
  withHandle: boolean,
): Promise<Result<{ asks: boolean }, AccountCode>> {
  const ids = accounts.map((account) => account?.id ?? nobodyOf(handle));
  const counted = [...new Set(withHandle ? [handle, ...ids] : ids)];
  const [pairs, days] = await Promise.all([
    network === null
      ? []
      : Promise.all(counted.map((who) => keyNow(deps, PER_PAIR, `${who} ${network}`))),
    Promise.all(counted.map((who) => keyNow(deps, PER_DAY, who))),
  ]);
  return await transact(deps.kv, async (tx) => {
    const now = deps.now();
    const stored = await tx.getMany([...pairs, ...days]);
    const pairCounts = stored.slice(0, pairs.length).map((one) => countOf(one, PER_PAIR, now));
    const full = pairCounts.find(({ attempts }) => attempts >= PER_PAIR.attempts);
    if (full) return tooMany(full, now);
    pairCounts.forEach((count, i) => addTo(tx, pairs[i]!, count, now));
    let asks = false;
    stored.slice(pairs.length).forEach((one, i) => {
      const count = countOf(one, PER_DAY, now);
      const beyond = count.attempts >= PER_DAY.attempts;
      asks ||= beyond;
      const account = accounts.find((account) => account?.id === counted[i]) ?? null;
      const tells = beyond && !count.told;
      if (tells) tellOfAttempts(deps, tx, account, String(days[i]!.at(-1)));
      addTo(tx, days[i]!, tells ? { ...count, told: true } : count, now);
    });
    return accept({ asks });
  });
}

/** Once a day; written as well where there is nobody to be told. */
function tellOfAttempts(
  deps: Deps,
  tx: Transaction,
  account: Account | null,
  decoy: string,
): void {
  const text = manyAttempts(PER_DAY.attempts, deps.config.origin);
  if (!account || !notify(deps, tx, account, text, { discreet: true })) {
    enqueueDecoy(deps, tx, decoy, mailTo(decoy, text, decoy));
  }
}

/** Gives an attempt back after a success; what others have tried stays counted. */
export async function refundSignIn(
  deps: Deps,
  { handle, network }: { handle: string; network: string | null },
  account: AccountId | null,
): Promise<void> {
  const counted = [...new Set([handle, account ?? handle])];
  const [pairs, days] = await Promise.all([
    network === null
      ? []
      : Promise.all(counted.map((who) => keyNow(deps, PER_PAIR, `${who} ${network}`))),
    Promise.all(counted.map((who) => keyNow(deps, PER_DAY, who))),
  ]);
  await Promise.all([
    network === null ? null : refundAttempt(deps, PER_NETWORK, network),
    transact(deps.kv, async (tx) => {
      const now = deps.now();
      const stored = await tx.getMany(days);
      for (const pair of pairs) tx.delete(pair);
      stored.forEach((one, i) => {
        const count = countOf(one, PER_DAY, now);
        if (count.attempts > 0) addTo(tx, days[i]!, count, now, -1);
      });
    }),
  ]);
}

/** A refused password leaves a trace; of an unknown person no more than the masked number. */
export async function auditFailure(
  deps: Deps,
  handle: Handle,
  person: Account | null,
): Promise<void> {
  const cpf = "cpf" in handle ? handle.cpf : person?.cpf;
  await transact(deps.kv, (tx) =>
    appendAudit(deps, tx, {
      stream: "portal",
      event: "login.refused",
      actor: person?.id ?? "unknown",
      subject: cpf ? maskCpf(cpf) : "unknown",
    }));
}

const HOUR = 60 * 60_000;
const MAILS_OF_PAIR: Limit = { what: "code_mail_pair", attempts: 5, window: HOUR };
const MAILS_TO_BOX: Limit = { what: "code_mail_box", attempts: 8, window: HOUR };
/** Whether a network has asked for a mail to a mailbox today. */
const FIRST_OF_DAY: Limit = { what: "code_mail_day", attempts: 1, window: DAY };
/** First requests of networks that were mailed although the mailbox had its share. */
const FIRSTS_TO_BOX: Limit = { what: "code_mail_firsts", attempts: 30, window: DAY };

/**
 * May a code be mailed? Counted over all forms that mail one, before it is made. What is beyond is
 * silent: the answer is the same, and no mail goes out. A network sends a mailbox 5 an hour, all
 * together 8; beyond these the first request of a network in a day is mailed all the same, to 30 a
 * day, so that strangers do not keep the mailbox's reader from a code.
 *
 * @param mailbox the address, or what was typed when there is none
 * @param network null when it is not known whose it is: each request counts as a network's first
 */
export async function mayMailCode(
  deps: Deps,
  { mailbox, network }: { mailbox: string; network: string | null },
): Promise<boolean> {
  const pair = `${mailbox} ${network}`;
  const limits = [MAILS_OF_PAIR, MAILS_TO_BOX, FIRST_OF_DAY, FIRSTS_TO_BOX] as const;
  const whose = [pair, mailbox, pair, mailbox];
  const found = await Promise.all(limits.map((limit, i) => keyNow(deps, limit, whose[i]!)));
  return await transact(deps.kv, async (tx) => {
    const now = deps.now();
    const stored = await tx.getMany(found);
    const [ofPair, toBox, ofDay, firsts] = limits.map((limit, i) =>
      countOf(stored[i] ?? null, limit, now)
    ) as [AttemptCount, AttemptCount, AttemptCount, AttemptCount];
    const pairMay = network === null || ofPair.attempts < MAILS_OF_PAIR.attempts;
    const boxMay = toBox.attempts < MAILS_TO_BOX.attempts;
    const isFirst = network === null || ofDay.attempts === 0;
    const asFirst = !boxMay && isFirst && firsts.attempts < FIRSTS_TO_BOX.attempts;
    const may = pairMay && (boxMay || asFirst);
    // All four are written whatever comes of it, so that it takes as long.
    addTo(tx, found[0]!, ofPair, now);
    addTo(tx, found[1]!, toBox, now, may && boxMay ? 1 : 0);
    addTo(tx, found[2]!, ofDay, now);
    addTo(tx, found[3]!, firsts, now, may && asFirst ? 1 : 0);
    return may;
  });
}
