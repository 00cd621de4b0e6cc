import { isRunning } from "../clock.ts";
import { isKeyedHash, keyedHash } from "../secrets.ts";
import type { Deps } from "../deps.ts";
import { accept, refuse, type Result } from "../result.ts";
import { keys } from "../store/keys.ts";
import type { CodeRecord } from "../store/records/account.ts";
import { transact, type Transaction } from "../store/transact.ts";
import type { AccountCode } from "./messages.ts";
import { randomText } from "./password.ts";

/** Without 0 O, 1 I L: what is read in an e-mail is typed by a person. */
const ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789";
const LENGTH = 8;
const ATTEMPTS = 5;
/** ASVS 6.5.5 */
export const CODE_LIFE = 10 * 60_000;
/** As the mails with a code say it. */
export const CODE_MINUTES = CODE_LIFE / 60_000;

/** A fresh code of 8 characters (about 39 bits; with 5 attempts that is out of reach of guessing). */
export function makeCode(): string {
  return randomText(ALPHABET, LENGTH);
}

/**
 * Stores a code, hashed, for `owner` (the session that asked); an earlier code for the same purpose
 * and owner ends with it.
 */
export function storeCode(
  deps: Deps,
  tx: Transaction,
  { purpose, owner, code }: { purpose: string; owner: string; code: string },
): void {
  const record: CodeRecord = {
    hash: keyedHash(deps.config, "codes", purpose, owner, plainOf(code)),
    expiresAt: deps.now() + CODE_LIFE,
    attemptsLeft: ATTEMPTS,
  };
  tx.set(keys.code(purpose, owner), record, { expireIn: CODE_LIFE });
}

/**
 * Uses up one attempt and compares. The right code stays until `consumeCode` takes it away in the
 * commit that it was needed for.
 */
export async function tryCode(
  deps: Deps,
  { purpose, owner, typed }: { purpose: string; owner: string; typed: string },
): Promise<Result<null, AccountCode>> {
  const key = keys.code(purpose, owner);
  // The count is written for a wrong code too, so the verdict leaves the transaction as plain data.
  const { verdict } = await transact(deps.kv, async (tx) => {
    const record = await tx.get(key);
    const running = record && isRunning(record.expiresAt, deps.now(), CODE_LIFE);
    if (!running) return { verdict: refuse("code_expired") };
    if (record.attemptsLeft <= 0) return { verdict: refuse("code_exhausted") };
    const attemptsLeft = record.attemptsLeft - 1;
    const expireIn = record.expiresAt - deps.now();
    tx.set(key, { ...record, attemptsLeft }, { expireIn });
    if (isCode(deps, record, { purpose, owner, typed })) return { verdict: accept(null) };
    return {
      verdict: attemptsLeft > 0
        ? refuse("code_wrong", { restam: attemptsLeft })
        : refuse("code_exhausted"),
    };
  });
  return verdict as Result<null, AccountCode>;
}

/**
 * Ends the code inside the commit that spends it. False when it was spent before, or when another
 * code has taken its place since it was tried: that one was sent to another address, perhaps.
 */
export async function consumeCode(
  deps: Deps,
  tx: Transaction,
  { purpose, owner, typed }: { purpose: string; owner: string; typed: string },
): Promise<boolean> {
  const key = keys.code(purpose, owner);
  const record = await tx.get(key);
  if (!record || !isCode(deps, record, { purpose, owner, typed })) return false;
  tx.delete(key);
  return true;
}

function isCode(
  { config }: Deps,
  { hash }: CodeRecord,
  { purpose, owner, typed }: { purpose: string; owner: string; typed: string },
): boolean {
  return isKeyedHash(config, hash, "codes", purpose, owner, plainOf(typed));
}

/** The code as it is printed: people type it in lower case, with blanks or a hyphen. */
function plainOf(code: string): string {
  return code.toUpperCase().replace(/[\s-]/g, "");
}
