import { getAccounts, getAccountsOfCpf } from "../account/account.ts";
import { provesDirector } from "../account/proof.ts";
import { opensMailbox, opensReached, speaksForProof } from "../account/credentials.ts";
import { newId } from "../ids.ts";
import type { Deps } from "../deps.ts";
import { keys } from "../store/keys.ts";
import { list, read, readMany } from "../store/read.ts";
import type {
  Membership,
  MembershipChange,
  Profile,
  UserOfOperadora,
} from "../store/records/access.ts";
import type { Account, AccountId } from "../store/records/account.ts";
import type { Standing } from "../store/records/session.ts";
import type { Transaction } from "../store/transact.ts";

/** Profiles of the SGOP. */
export const PROFILES: Readonly<Record<Profile, string>> = {
  ADMINISTRADOR: "Gerencia pessoas, computadores e pedidos do estabelecimento",
  OPERADOR: "Consulta, cria, edita e imprime",
  CONSULTADOR: "Só consulta",
  CADASTRADOR: "Só cria cadastros",
};

/** Profiles that the administrators of an establishment give; ADMINISTRADOR comes from elsewhere. */
export const ORDINARY_PROFILES = ["OPERADOR", "CONSULTADOR", "CADASTRADOR"] as const;

/** Is the person a member now? */
export function isActiveMembership(membership: Membership | null): membership is Membership {
  return membership !== null && !membership.ended;
}

/** Does this membership give the power to decide for the establishment? */
export function isAdministrator(membership: Membership | null): boolean {
  return isActiveMembership(membership) && membership.profile === "ADMINISTRADOR";
}

/**
 * Does a session, or a chat, open a membership of its account? One that came by the row of the CNES for
 * a proved CPF rests on that proof, and takes a credential that speaks for it; one that was given for a
 * tie takes what the tie takes; every other one a credential that opens its mailbox.
 */
export function opensMembership(
  deps: Pick<Deps, "config">,
  { origin, mailbox, reached }: Membership,
  person: Account,
  standing: Standing,
): boolean {
  const byProof = origin.kind === "row" && origin.operadora === null;
  const opens = reached
    ? opensReached(deps, { mailbox, reached }, person, standing)
    : opensMailbox(standing, mailbox);
  const proves = () => provesDirector(person) && speaksForProof(deps, person, standing);
  return opens && (!byProof || proves());
}

/** Does a membership give its account the power to decide, in this session or chat? */
export function decidesWith(
  deps: Pick<Deps, "config">,
  membership: Membership | null,
  person: Account,
  standing: Standing,
): boolean {
  return isAdministrator(membership) && opensMembership(deps, membership!, person, standing);
}

/** Writes a membership and keeps the indexes in step, inside a commit. */
export function setMembership(tx: Transaction, membership: Membership): void {
  const { cnes, account, since } = membership;
  tx.set(keys.membership(cnes, account), membership);
  tx.set(keys.membershipOfAccount(account, cnes), isAdministrator(membership));
  if (isAdministrator(membership)) tx.set(keys.administrator(cnes, account), since);
  else tx.delete(keys.administrator(cnes, account));
}

/** What a person is or was at an establishment; null when they never were a member. */
export async function getMembership(
  deps: Deps,
  cnes: string,
  account: AccountId,
): Promise<Membership | null> {
  return await read(deps.kv, keys.membership(cnes, account));
}

/** Does a person decide for any establishment? One round trip. */
export async function administersAny(deps: Deps, account: AccountId): Promise<boolean> {
  for await (const { value } of list(deps.kv, keys.membershipOfAccount.under(account))) {
    if (value) return true;
  }
  return false;
}

/** A person's memberships that have not ended, by CNES number. */
export async function listMembershipsOf(
  deps: Deps,
  account: AccountId,
): Promise<Membership[]> {
  const reads: Promise<Membership | null>[] = [];
  for await (const { rest: [cnes] } of list(deps.kv, keys.membershipOfAccount.under(account))) {
    reads.push(getMembership(deps, cnes, account));
  }
  return (await Promise.all(reads)).filter(isActiveMembership);
}

/**
 * All who are or were members of an establishment, by account, `limit` a page; `after` is the last
 * account of the page before.
 */
export async function listMembers(
  deps: Deps,
  cnes: string,
  { limit = 50, after = "" }: { limit?: number; after?: string } = {},
): Promise<Membership[]> {
  const entries = list(deps.kv, keys.membership.under(cnes), { after, limit });
  return await Array.fromAsync(entries, ({ value }) => value);
}

/** Keeps what a membership was, inside the commit that changes it. */
export function rememberChange(deps: Deps, tx: Transaction, before: Membership): void {
  const { cnes, account } = before;
  const at = deps.now();
  const change: MembershipChange = { at, before };
  tx.set(keys.membershipChange(cnes, account, newId(at)), change);
}

/** What a person was at an establishment before, the newest first. */
export async function listChanges(
  deps: Deps,
  cnes: string,
  account: AccountId,
  limit = 20,
): Promise<MembershipChange[]> {
  const changes = keys.membershipChange.under(cnes, account);
  const entries = list(deps.kv, changes, { limit, reverse: true });
  return await Array.fromAsync(entries, ({ value }) => value);
}

/** The active people who decide for an establishment. */
export async function listAdministrators(deps: Deps, cnes: string): Promise<Account[]> {
  const entries = list(deps.kv, keys.administrator.under(cnes));
  const ids = await Array.fromAsync(entries, ({ rest: [account] }) => account);
  return (await getAccounts(deps, ids)).filter((person) => person.active);
}

/**
 * Is or was another account of the person a member, which has proved the CPF at some time? Accounts that
 * have only declared it say nothing of the person.
 */
export async function wasMemberBefore(
  deps: Deps,
  cnes: string,
  { id, cpf }: Pick<Account, "id" | "cpf">,
): Promise<boolean> {
  const accounts = await getAccountsOfCpf(deps, cpf);
  const others = accounts.filter((other) => other.id !== id && other.proofNumber > 0);
  const found = await readMany(deps.kv, others.map((other) => keys.membership(cnes, other.id)));
  return found.some((membership) => membership !== null);
}

/**
 * What a membership names of the account to which it is given. For a tie it is what the operadora has
 * named: the account's own address may be another operadora's mailbox.
 */
export function mailboxOf(
  { email }: Account,
  tie: UserOfOperadora | null = null,
): Pick<Membership, "mailbox" | "reached"> {
  return tie ? { mailbox: tie.email, reached: tie.reached } : { mailbox: email ?? "" };
}
