import { getPeople, getPersonById } from "../account/person.ts";
import { appendAudit } from "../audit/append.ts";
import type { Deps } from "../deps.ts";
import { computerRemoved } from "../mails/access_mails.ts";
import { notify } from "../notify/notify.ts";
import { accept, refuse, type Result } from "../result.ts";
import { keys } from "../store/keys.ts";
import { list, read } from "../store/read.ts";
import type { ComputerRecord, ComputerRequest } from "../store/records/access.ts";
import type { Person } from "../store/records/account.ts";
import type { Transaction } from "../store/transact.ts";
import { type Actor, changeAt } from "./authority.ts";
import type { AccessCode } from "./messages.ts";
import type { Page } from "./users/find_users.ts";

/** Writes an approved computer inside a commit, in the place of the one it replaces. */
export function putComputer(tx: Transaction, request: ComputerRequest, by: string): void {
  const { cnes, cpf, computer: { thumbprint, label, place, replaces }, decidedAt } = request;
  const since = decidedAt ?? request.createdAt;
  const record: ComputerRecord = { thumbprint, cnes, cpf, label, place, since, by };
  if (replaces) tx.delete(keys.computer(cnes, cpf, replaces.thumbprint));
  tx.set(keys.computer(cnes, cpf, thumbprint), record);
}

/** An approved computer by its thumbprint; null when it is not approved there for this person. */
export async function getComputer(
  deps: Deps,
  cnes: string,
  cpf: string,
  thumbprint: string,
): Promise<ComputerRecord | null> {
  return await read(deps.kv, keys.computer(cnes, cpf, thumbprint));
}

/** A person's approved computers at an establishment, 100 at most. */
export async function listComputersOf(
  deps: Deps,
  cnes: string,
  cpf: string,
): Promise<ComputerRecord[]> {
  const entries = list(deps.kv, keys.computer.under(cnes, cpf), { limit: 100 });
  return await Array.fromAsync(entries, ({ value }) => value);
}

/**
 * All approved computers at an establishment, by person; `after` is `<cpf> <thumbprint>` of the last
 * one of the page before.
 */
export async function listComputersAt(
  deps: Deps,
  cnes: string,
  { limit = 50, after = "" }: { limit?: number; after?: string } = {},
): Promise<ComputerRecord[]> {
  const [cpf, thumbprint] = after.split(" ");
  const start = thumbprint === undefined ? undefined : [cpf!, `${thumbprint}\0`];
  const entries = list(deps.kv, keys.computer.under(cnes), { start, limit });
  return await Array.fromAsync(entries, ({ value }) => value);
}

export interface FoundComputer {
  computer: ComputerRecord;
  person: Person;
}

/**
 * The approved computers of an establishment, by person. The cursor goes into addresses: the id of
 * the last one's person and its thumbprint, never a CPF.
 */
export async function findComputers(
  deps: Deps,
  cnes: string,
  { limit = 20, cursor = null }: { limit?: number; cursor?: string | null } = {},
): Promise<Page<FoundComputer>> {
  const [id, thumbprint] = cursor?.split(".") ?? [];
  const last = id && thumbprint ? await getPersonById(deps, id) : null;
  const after = last ? `${last.cpf} ${thumbprint}` : "";
  const found = await listComputersAt(deps, cnes, { limit: limit + 1, after });
  const computers = found.slice(0, limit);
  const people = await getPeople(deps, [...new Set(computers.map(({ cpf }) => cpf))]);
  const items = computers.flatMap((computer) => {
    const person = people.find(({ cpf }) => cpf === computer.cpf);
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
  { cnes, cpf, thumbprint }: { cnes: string; cpf: string; thumbprint: string },
): Promise<Result<ComputerRecord, AccessCode>> {
  return await changeAt(deps, actor, cnes, async (tx, powers, where) => {
    const key = keys.computer(cnes, cpf, thumbprint);
    const [computer, person] = await tx.getMany([key, keys.person(cpf)]);
    const { person: by, administers, represents } = powers;
    if (!by || !(administers || represents || by.cpf === cpf)) return refuse("not_allowed");
    if (!computer) return refuse("computer_unknown");
    tx.delete(key);
    notify(deps, tx, person, computerRemoved(computer, where));
    await appendAudit(deps, tx, {
      stream: cnes,
      event: "computer.removed",
      actor: by.id,
      subject: person?.id ?? "unknown",
      detail: { computer: thumbprint },
    });
    return accept(computer);
  });
}
