import { isRunning } from "../clock.ts";
import { fromBase64Url } from "../base64url.ts";
import { isKeyedHash, keyedHash, keyedHashes, timingSafeEqual } from "../secrets.ts";
import type { Deps } from "../deps.ts";
import { accept, refuse, type Result } from "../result.ts";
import type { Key } from "../store/key.ts";
import { keys } from "../store/keys.ts";
import type { CodeRecord, Tries } from "../store/records/account.ts";
import { transact, type Transaction } from "../store/transact.ts";
import type { AccountCode } from "./messages.ts";
import { randomText } from "./password.ts";

/** Without 0 O, 1 I L: what is read in an e-mail is typed by a person. */
const ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789";
const LENGTH = 8;
/** How often a code may be tried. */
export const CODE_TRIES = 5;
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
    attemptsLeft: CODE_TRIES,
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
  return await countTry(
    deps,
    keys.code(purpose, owner),
    (record) => isCode(deps, record, { purpose, owner, typed }),
  );
}

/** Uses up one attempt of what is tried with codes; `isRight` says whether this one was. */
export async function countTry<R extends Tries>(
  deps: Deps,
  key: Key<R>,
  isRight: (record: R) => boolean,
): Promise<Result<null, AccountCode>> {
  // The count is written for a wrong code too, so the verdict leaves the transaction as plain data.
  const { verdict } = await transact(deps.kv, async (tx) => {
    const record = await tx.get(key);
    const running = record && isRunning(record.expiresAt, deps.now(), CODE_LIFE);
    if (!running) return { verdict: refuse("code_expired") };
    if (record.attemptsLeft <= 0) return { verdict: refuse("code_exhausted") };
    const attemptsLeft = record.attemptsLeft - 1;
    const expireIn = record.expiresAt - deps.now();
    tx.set(key, { ...record, attemptsLeft }, { expireIn });
    if (isRight(record)) return { verdict: accept(null) };
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

/**
 * A code that follows from what it is for, under the portal's secret: nothing of it is stored, and it
 * can be made, and compared, wherever the parts are known. One of them has to be random.
 */
export function derivedCode({ config }: Deps, parts: readonly string[]): string {
  return lettersOf(keyedHash(config, "codes", ...parts));
}

/** Is what was typed the code of the parts, under any of the secrets? */
export function isDerivedCode({ config }: Deps, typed: string, parts: readonly string[]): boolean {
  const plain = plainOf(typed);
  return keyedHashes(config, "codes", ...parts)
    .map((hash) => timingSafeEqual(lettersOf(hash), plain)).includes(true);
}

/** 256 bits are so many that the remainders favour no letter. */
function lettersOf(hash: string): string {
  let rest = fromBase64Url(hash)!.reduce((sum, byte) => 256n * sum + BigInt(byte), 0n);
  const base = BigInt(ALPHABET.length);
  let code = "";
  for (let i = 0; i < LENGTH; i++) {
    code += ALPHABET[Number(rest % base)];
    rest /= base;
  }
  return code;
}
