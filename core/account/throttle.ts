import type { Key } from "../store/key.ts";
import { hmac } from "../hmac.ts";
import type { Deps } from "../deps.ts";
import { accept, refuse, type Result } from "../result.ts";
import { keys } from "../store/keys.ts";
import type { AttemptCount, Person } from "../store/records/account.ts";
import { transact } from "../store/transact.ts";
import type { AccountCode } from "./messages.ts";
import { appendAudit } from "../audit/append.ts";
import { maskCpf } from "../registry/numbers.ts";

export interface Limit {
  /** What is counted, e.g. `login`. */
  what: string;
  attempts: number;
  /** Milliseconds after the first attempt when the count starts again. */
  window: number;
}

/**
 * In the place of a network, when it is not known from which one a person comes. It is nobody's, so that
 * nothing is counted against it alone: all would be counted together, and a stranger could lock everybody
 * out. With a person it is counted like any other.
 */
export const UNKNOWN_NETWORK = "unknown";

/**
 * Counts an attempt of `who` before it is made, so that guesses made in parallel count too.
 * Passwords are counted per person *and* address: a stranger elsewhere locks no person out.
 */
export async function consumeAttempt(
  deps: Deps,
  limit: Limit,
  who: string,
): Promise<Result<null, AccountCode>> {
  if (who === UNKNOWN_NETWORK) return accept(null);
  const key = await keyOf(deps, limit, who);
  return await transact(deps.kv, async (tx) => {
    const now = deps.now();
    const stored = await tx.get(key);
    const whole = now + limit.window;
    // No count lasts longer than its window, though the clock was ahead when it began.
    const count = stored && stored.endsAt > now
      ? { ...stored, endsAt: Math.min(stored.endsAt, whole) }
      : { attempts: 0, endsAt: whole };
    if (count.attempts >= limit.attempts) {
      const minutes = Math.max(1, Math.ceil((count.endsAt - now) / 60_000));
      return refuse<AccountCode>("too_many_attempts", { minutos: minutes });
    }
    tx.set(key, { ...count, attempts: count.attempts + 1 }, { expireIn: count.endsAt - now });
    return accept(null);
  });
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
  const key = await keyOf(deps, limit, who);
  await transact(deps.kv, (tx) => tx.delete(key));
}

/**
 * Gives one attempt back after a success: a whole company may log in from one address, and a person
 * who knows one password there must not have the failures at others forgotten.
 */
export async function refundAttempt(deps: Deps, limit: Limit, who: string): Promise<void> {
  const key = await keyOf(deps, limit, who);
  await transact(deps.kv, async (tx) => {
    const count = await tx.get(key);
    if (!count || count.attempts === 0 || count.endsAt <= deps.now()) return;
    const expireIn = count.endsAt - deps.now();
    tx.set(key, { ...count, attempts: count.attempts - 1 }, { expireIn });
  });
}

/** Hashed: the store keeps no list of the addresses and CPFs (typing errors too) that were tried. */
async function keyOf(deps: Deps, { what }: Limit, who: string): Promise<Key<AttemptCount>> {
  return keys.throttle(what, await hmac(deps.config.secret, "throttle", what, who));
}

const QUARTER = 15 * 60_000;
const PER_PERSON: Limit = { what: "login", attempts: 8, window: QUARTER };
const PER_ADDRESS: Limit = { what: "login_address", attempts: 100, window: QUARTER };

/** Counts an attempt at this person's password from this address, before it is made. */
export function consumeLoginAttempt(
  deps: Deps,
  cpf: string,
  address: string,
): Promise<Result<null, AccountCode>> {
  return consumeAttempts(deps, [[PER_ADDRESS, address], [PER_PERSON, `${cpf} ${address}`]]);
}

/** After a success. */
export async function refundLoginAttempts(
  deps: Deps,
  cpf: string,
  address: string,
): Promise<void> {
  await Promise.all([
    resetAttempts(deps, PER_PERSON, `${cpf} ${address}`),
    refundAttempt(deps, PER_ADDRESS, address),
  ]);
}

/** A refused password leaves a trace; of an unknown person only the masked number. */
export async function auditFailure(
  deps: Deps,
  cpf: string,
  person: Person | null,
): Promise<void> {
  await transact(deps.kv, (tx) =>
    appendAudit(deps, tx, {
      stream: "portal",
      event: "login.refused",
      actor: person?.id ?? "unknown",
      subject: maskCpf(cpf),
    }));
}
