import { reachableEmail } from "../notify/notify.ts";
import { getPeople } from "../account/person.ts";
import { appendAudit } from "../audit/append.ts";
import { newId } from "../ids.ts";
import { enqueue } from "../outbox/enqueue.ts";
import type { Deps } from "../deps.ts";
import { getEstablishment } from "../registry/establishment.ts";
import { accept, refuse, type Result } from "../result.ts";
import { keys } from "../store/keys.ts";
import { list, read } from "../store/read.ts";
import type { Membership, MembershipChange, Profile } from "../store/records/access.ts";
import type { Person } from "../store/records/account.ts";
import { transact, type Transaction } from "../store/transact.ts";
import { madeAdministratorMail } from "./mails.ts";
import type { AccessCode } from "./messages.ts";
import { notifyOfWaiting } from "./requests/takeover.ts";
import { isActiveTie } from "./users/tie.ts";

/** Profiles of the SGOP. */
export const PROFILES: Readonly<Record<Profile, string>> = {
  ADMINISTRADOR: "Gerencia pessoas, computadores e pedidos do estabelecimento",
  OPERADOR: "Consulta, cria, edita e imprime",
  CONSULTADOR: "Só consulta",
  CADASTRADOR: "Só cria cadastros",
};

/** Profiles that the administrators of an establishment give; ADMINISTRADOR comes from elsewhere. */
export const ORDINARY_PROFILES = ["OPERADOR", "CONSULTADOR", "CADASTRADOR"] as const;

export function isActiveMembership(membership: Membership | null): membership is Membership {
  return membership !== null && !membership.ended;
}

/** Does this membership give the power to decide for the establishment? */
export function isAdministrator(membership: Membership | null): boolean {
  return isActiveMembership(membership) && membership.profile === "ADMINISTRADOR";
}

/** Writes a membership and keeps the indexes in step, inside a commit. */
export function setMembership(tx: Transaction, membership: Membership): void {
  const { cnes, cpf, since } = membership;
  tx.set(keys.membership(cnes, cpf), membership);
  tx.set(keys.membershipByPerson(cpf, cnes), isAdministrator(membership));
  if (isAdministrator(membership)) tx.set(keys.administrator(cnes, cpf), since);
  else tx.delete(keys.administrator(cnes, cpf));
}

export async function getMembership(
  deps: Deps,
  cnes: string,
  cpf: string,
): Promise<Membership | null> {
  return await read(deps.kv, keys.membership(cnes, cpf));
}

/** Does a person decide for any establishment? One round trip. */
export async function administersAny(deps: Deps, cpf: string): Promise<boolean> {
  for await (const { value } of list(deps.kv, keys.membershipByPerson.under(cpf))) {
    if (value) return true;
  }
  return false;
}

/** A person's memberships that have not ended, by CNES number. */
export async function listMembershipsOf(deps: Deps, cpf: string): Promise<Membership[]> {
  const reads: Promise<Membership | null>[] = [];
  for await (const { rest: [cnes] } of list(deps.kv, keys.membershipByPerson.under(cpf))) {
    reads.push(getMembership(deps, cnes, cpf));
  }
  return (await Promise.all(reads)).filter(isActiveMembership);
}

/**
 * Everybody who is or was a member of an establishment, by CPF, `limit` a page; `after` is the last
 * CPF of the page before.
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
  const { cnes, cpf } = before;
  const at = deps.now();
  const change: MembershipChange = { at, before };
  tx.set(keys.membershipChange(cnes, cpf, newId(at)), change);
}

/** What a person was at an establishment before, the newest first. */
export async function listChanges(
  deps: Deps,
  cnes: string,
  cpf: string,
  limit = 20,
): Promise<MembershipChange[]> {
  const entries = list(deps.kv, keys.membershipChange.under(cnes, cpf), { limit, reverse: true });
  return await Array.fromAsync(entries, ({ value }) => value);
}

/** The active people who decide for an establishment. */
export async function listAdministrators(deps: Deps, cnes: string): Promise<Person[]> {
  const entries = list(deps.kv, keys.administrator.under(cnes));
  const cpfs = await Array.fromAsync(entries, ({ rest: [cpf] }) => cpf);
  return (await getPeople(deps, cpfs)).filter((person) => person.active);
}

/**
 * The legal representative makes a person of the operadora ADMINISTRADOR of one of its
 * establishments.
 */
export async function makeAdministrator(
  deps: Deps,
  actor: Person,
  cnpj: string,
  person: Person,
  cnes: string,
): Promise<Result<Membership, AccessCode>> {
  const establishment = await getEstablishment(deps, cnes);
  if (!establishment || establishment.operadora !== cnpj) return refuse("establishment_not_found");
  if (!establishment.active) return refuse("establishment_inactive");
  return await transact(deps.kv, async (tx) => {
    const [user, current, stored] = await tx.getMany([
      keys.userOfOperadora(cnpj, person.cpf),
      keys.membership(cnes, person.cpf),
      keys.person(person.cpf),
    ]);
    if (!isActiveTie(user) || !stored?.active) return refuse<AccessCode>("user_not_found");
    if (isAdministrator(current)) return refuse<AccessCode>("already_administrator");
    if (current) rememberChange(deps, tx, current);
    const membership: Membership = {
      cnes,
      cpf: person.cpf,
      profile: "ADMINISTRADOR",
      since: deps.now(),
      by: actor.id,
    };
    setMembership(tx, membership);
    const to = reachableEmail(stored);
    if (to) {
      const place = { establishment: establishment.nome, origin: deps.config.origin };
      enqueue(deps, tx, madeAdministratorMail(to, person.name, place));
    }
    await notifyOfWaiting(deps, tx, cnes, stored);
    await appendAudit(deps, tx, {
      stream: cnes,
      event: "membership.administrator",
      actor: actor.id,
      subject: person.id,
      detail: { operadora: cnpj },
    });
    return accept(membership);
  });
}
