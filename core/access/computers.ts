import { getAccounts, parseAccountId } from "../account/account.ts";
import { appendAudit } from "../audit/append.ts";
import type { Deps } from "../deps.ts";
import { computerRemoved } from "../mails/access_mails.ts";
import { notify } from "../notify/notify.ts";
import { accept, refuse, type Result } from "../result.ts";
import { keys } from "../store/keys.ts";
import { list, read } from "../store/read.ts";
import type { ComputerRecord, ComputerRequest } from "../store/records/access.ts";
import type { Account, AccountId } from "../store/records/account.ts";
import type { Transaction } from "../store/transact.ts";
import { type Actor, changeAt } from "./authority.ts";
import type { AccessCode } from "./messages.ts";
import type { Page } from "./users/find_users.ts";

/** Writes an approved computer inside a commit, in the place of the one it replaces. */
export function putComputer(tx: Transaction, request: ComputerRequest, by: AccountId): void {
  const { cnes, account, computer: { thumbprint, label, place, replaces }, decidedAt } = request;
  const since = decidedAt ?? request.createdAt;
  const record: ComputerRecord = { thumbprint, cnes, account, label, place, since, by };
  if (replaces) tx.delete(keys.computer(cnes, account, replaces.thumbprint));
  tx.set(keys.computer(cnes, account, thumbprint), record);
}

/** An approved computer by its thumbprint; null when it is not approved there for this person. */
export async function getComputer(
  deps: Deps,
  cnes: string,
  account: AccountId,
  thumbprint: string,
): Promise<ComputerRecord | null> {
  return await read(deps.kv, keys.computer(cnes, account, thumbprint));
}

/** A person's approved computers at an establishment, 100 at most. */
export async function listComputersOf(
  deps: Deps,
  cnes: string,
  account: AccountId,
): Promise<ComputerRecord[]> {
  const entries = list(deps.kv, keys.computer.under(cnes, account), { limit: 100 });
  return await Array.fromAsync(entries, ({ value }) => value);
}

/**
 * All approved computers at an establishment, by person; `after` is `<account>.<thumbprint>` of the
 * last one of the page before.
 */
export async function listComputersAt(
  deps: Deps,
  cnes: string,
  { limit = 50, after = "" }: { limit?: number; after?: string } = {},
): Promise<ComputerRecord[]> {
  const [id = "", thumbprint] = after.split(".");
  const account = parseAccountId(id);
  const start = account && thumbprint !== undefined ? [account, `${thumbprint}\0`] : undefined;
  const entries = list(deps.kv, keys.computer.under(cnes), { start, limit });
  return await Array.fromAsync(entries, ({ value }) => value);
}

export interface FoundComputer {
  computer: ComputerRecord;
  person: Account;
}

/**
 * The approved computers of an establishment, by person; the cursor is the `after` of
 * `listComputersAt`.
 */
export async function findComputers(
  deps: Deps,
  cnes: string,
  { limit = 20, cursor = null }: { limit?: number; cursor?: string | null } = {},
): Promise<Page<FoundComputer>> {
  const found = await listComputersAt(deps, cnes, { limit: limit + 1, after: cursor ?? "" });
  const computers = found.slice(0, limit);
  const people = await getAccounts(deps, [...new Set(computers.map(({ account }) => account))]);
  const items = computers.flatMap((computer) => {
    const person = people.find(({ id }) => id === computer.account);
    return person ? [{ computer, person }] : [];
  });
  const end = items.at(-1);
  const more = found.length > limit && end;
  return { items, cursor: more ? `${end.person.id}.${end.computer.thumbprint}` : null };
}

/**
 * Takes an approved computer away (J17), from the next request on. Those who administer the
 * establishment and its operadora's representative may, and each person their own. The person whose
 * computer it was is told by e-mail.
 *
 * @returns what was taken away; refused to all others, and for a computer that is not approved
 */
export async function removeComputer(
  deps: Deps,
  actor: Actor,
  { cnes, account, thumbprint }: { cnes: string; account: AccountId; thumbprint: string },
): Promise<Result<ComputerRecord, AccessCode>> {
  return await changeAt(deps, actor, cnes, async (tx, powers, where) => {
    const key = keys.computer(cnes, account, thumbprint);
    const [computer, person] = await tx.getMany([key, keys.account(account)]);
    const { person: by, administers, represents } = powers;
    if (!by || !(administers || represents || by.id === account)) return refuse("not_allowed");
    if (!computer) return refuse("computer_unknown");
    tx.delete(key);
    notify(deps, tx, person, computerRemoved(computer, where));
    await appendAudit(deps, tx, {
      stream: cnes,
      event: "computer.removed",
      actor: by.id,
      subject: account,
      detail: { computer: thumbprint },
    });
    return accept(computer);
  });
}
