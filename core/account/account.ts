import type { Deps } from "../deps.ts";
import { newId } from "../ids.ts";
import { keys } from "../store/keys.ts";
import { read, readMany } from "../store/read.ts";
import type { Account, AccountId, PasswordCredential } from "../store/records/account.ts";
import type { Transaction } from "../store/transact.ts";

export async function getAccount(deps: Deps, account: AccountId): Promise<Account | null> {
  return await read(deps.kv, keys.account(account));
}

/** Read in the place of an account that is not there: no account has this id. */
export const NOBODY = "0".repeat(26) as AccountId;

/**
 * The account with this CPF. Two round trips, the index and then the account, whether there is one
 * or not: how long it takes tells nothing.
 */
export async function getAccountOfCpf(deps: Deps, cpf: string): Promise<Account | null> {
  const account = await read(deps.kv, keys.accountByCpf(cpf));
  return await getAccount(deps, account ?? NOBODY);
}

/**
 * Like `getAccountOfCpf`, inside a commit, which it costs one check: of the account, or of the place
 * in the index where there is none. What the index says of a CPF never changes.
 */
export async function accountOfCpfInCommit(
  deps: Deps,
  tx: Transaction,
  cpf: string,
): Promise<Account | null> {
  const index = keys.accountByCpf(cpf);
  const account = await read(deps.kv, index) ?? await tx.get(index);
  return account && await tx.get(keys.account(account));
}

/** Reads many accounts, 10 a round trip, in the order asked; those not found are left out. */
export async function getAccounts(deps: Deps, ids: readonly AccountId[]): Promise<Account[]> {
  const accounts = await readMany(deps.kv, ids.map((id) => keys.account(id)));
  return accounts.filter((account) => account !== null);
}

/** Id for a new account. */
export function newAccountId(now: number): AccountId {
  return newId(now) as AccountId;
}

/** What an account begins with: nothing has proved its CPF. */
export const UNPROVEN = { proof: null, proofNumber: 0 } as const;

/** What is known of a person whose account begins. */
export type NewAccount =
  & Pick<Account, "cpf" | "name" | "email" | "password">
  & Partial<Pick<Account, "origin" | "govbr" | "cns" | "id">>;

/**
 * Begins an account inside a commit that has seen that its address, if it has one, is nobody's. Costs
 * one check.
 */
export async function createAccount(
  deps: Deps,
  tx: Transaction,
  known: NewAccount,
): Promise<Account> {
  const now = deps.now();
  const account: Account = {
    id: newAccountId(now),
    ...UNPROVEN,
    active: true,
    createdAt: now,
    ...known,
  };
  const { id, cpf, email } = account;
  tx.set(keys.account(id), account);
  tx.set(keys.accountsOfCpf(cpf, id), now);
  const index = keys.accountByCpf(cpf);
  if (!await tx.get(index)) tx.set(index, id);
  if (email) tx.set(keys.accountByEmail(email), id);
  return account;
}

/** From now on the sign-in finds the account by its CPF: it has a tie, a membership or a proof. */
export function findableByCpf(
  tx: Transaction,
  { id, cpf, createdAt }: Pick<Account, "id" | "cpf" | "createdAt">,
): void {
  tx.set(keys.signInByCpf(cpf, id), createdAt);
}

/** A password that was set just now, by a person who is in, or with all that was asked for it. */
export function newPassword(hash: string, proofNumber = 0): PasswordCredential {
  return { hash, confirmedUnder: proofNumber, mailboxes: null };
}

/** An id as it came in an address (URL) or a form; null when it cannot be one. */
export function parseAccountId(text: string): AccountId | null {
  return /^[0-9A-HJKMNP-TV-Z]{26}$/.test(text) ? text as AccountId : null;
}

/**
 * Normalises an e-mail address: trimmed and in lower case.
 * @returns null when it does not look like one address (at most 254 characters, RFC 5321 4.5.3.1)
 */
export function parseEmail(text: string): string | null {
  const email = text.trim().toLowerCase();
  const looksRight = /^[^\s@<>(),;:"\\[\]]{1,64}@[^\s@<>(),;:"\\[\]]+\.[a-z0-9-]{2,}$/;
  if (email.length > 254 || !looksRight.test(email)) return null;
  return /\.\.|^\.|\.@|@\.|@-/.test(email) ? null : email;
}

/** A person's name: blanks collapsed, at least two words, letters first; else null. */
export function parseName(text: string): string | null {
  const name = text.normalize("NFC").replace(/\s+/g, " ").trim();
  return name.length <= 120 && /^\p{L}[\p{L}\p{M}'’.-]* [\p{L}\p{M} '’.-]+$/u.test(name)
    ? name
    : null;
}
