import type { Deps } from "../deps.ts";
import { newId } from "../ids.ts";
import { keys } from "../store/keys.ts";
import { parseCpf } from "../registry/numbers.ts";
import { list, read, readMany } from "../store/read.ts";
import type { Account, AccountId, PasswordCredential } from "../store/records/account.ts";
import type { Transaction } from "../store/transact.ts";

export async function getAccount(deps: Deps, account: AccountId): Promise<Account | null> {
  return await read(deps.kv, keys.account(account));
}

/** Read in the place of an account that is not there: no account has this id. */
export const NOBODY = "0".repeat(26) as AccountId;

/** Accounts of one CPF that a sign-in looks at. */
const AT_MOST = 20;

/**
 * Ids of the accounts that a CPF leads to: those with a tie, a membership or a proof, the one that has
 * proved it first, then the oldest; at most 20. One round trip, whether there are any or not.
 */
export async function accountIdsOfCpf(deps: Deps, cpf: string): Promise<AccountId[]> {
  const [proven, found] = await Promise.all([
    read(deps.kv, keys.provenAccount(cpf)),
    Array.fromAsync(list(deps.kv, keys.signInByCpf.under(cpf), { limit: AT_MOST })),
  ]);
  const others = found.map(({ rest: [account] }) => account).filter((one) => one !== proven);
  return [...proven ? [proven] : [], ...others].slice(0, AT_MOST);
}

/**
 * The account that a CPF leads to, the first of `accountIdsOfCpf`. Two round trips, whether there is
 * one or not: how long it takes tells nothing.
 */
export async function accountForCpf(deps: Deps, cpf: string): Promise<Account | null> {
  const [account] = await accountIdsOfCpf(deps, cpf);
  return await getAccount(deps, account ?? NOBODY);
}

/**
 * Like `accountForCpf`, inside a commit, which it costs one check: of the account, or of the place
 * that changes with the first one.
 */
export async function accountForCpfInCommit(
  deps: Deps,
  tx: Transaction,
  cpf: string,
): Promise<Account | null> {
  const [account] = await accountIdsOfCpf(deps, cpf);
  if (account) return await tx.get(keys.account(account));
  const since = await tx.get(keys.signInByCpfLast(cpf));
  return since && await tx.get(keys.account(since));
}

/**
 * Lets an account be found by its CPF, inside the commit that makes a tie, a membership or a proof.
 * Who only declares a CPF signs in by e-mail.
 */
export function findableByCpf(
  tx: Transaction,
  { id, cpf, createdAt }: Pick<Account, "id" | "cpf"> & { createdAt?: number },
): void {
  tx.set(keys.signInByCpf(cpf, id), createdAt ?? 0);
  tx.set(keys.signInByCpfLast(cpf), id);
}

/** The account whose confirmed address this is now; two round trips, whether there is one or not. */
export async function accountOfEmail(deps: Deps, email: string): Promise<Account | null> {
  const id = await read(deps.kv, keys.accountByEmail(email));
  const account = await getAccount(deps, id ?? NOBODY);
  // An address that the person has left stays kept for them a while.
  return account?.email === email ? account : null;
}

/** What a person types to say who they are: a CPF or an e-mail address, in its stored form. */
export type Handle = { cpf: string } | { email: string };

/** Null when it is neither. */
export function parseHandle(text: string): Handle | null {
  const email = text.includes("@") ? parseEmail(text) : null;
  if (email) return { email };
  const cpf = parseCpf(text);
  return cpf ? { cpf } : null;
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
 * Makes an account inside a commit that has seen that its address, if it has one, is nobody's. Nothing
 * has proved its CPF; several may have the same.
 */
export function createAccount(deps: Deps, tx: Transaction, known: NewAccount): Account {
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
  if (email) tx.set(keys.accountByEmail(email), id);
  return account;
}

/** Every account that has this CPF, proved or declared. Two round trips and more. */
export async function getAccountsOfCpf(deps: Deps, cpf: string): Promise<Account[]> {
  const entries = list(deps.kv, keys.accountsOfCpf.under(cpf));
  return await getAccounts(deps, await Array.fromAsync(entries, ({ rest: [account] }) => account));
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

/** An address as its owner knows it, and others do not: `m…a@empresa.com.br`. */
export function maskEmail(email: string): string {
  const [name = "", host = ""] = email.split("@");
  return `${name.slice(0, 1)}…${name.length > 2 ? name.slice(-1) : ""}@${host}`;
}

/** A person's name: blanks collapsed, at least two words, letters first; else null. */
export function parseName(text: string): string | null {
  const name = text.normalize("NFC").replace(/\s+/g, " ").trim();
  return name.length <= 120 && /^\p{L}[\p{L}\p{M}'’.-]* [\p{L}\p{M} '’.-]+$/u.test(name)
    ? name
    : null;
}
