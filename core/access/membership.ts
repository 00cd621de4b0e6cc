import { keys as accountKeys } from "../account/keys.ts";
import { getPeople, type Person, reachableEmail } from "../account/person.ts";
import { appendAudit } from "../audit/append.ts";
import { enqueue } from "../outbox/enqueue.ts";
import type { Portal } from "../portal.ts";
import { getEstablishment } from "../registry/establishment.ts";
import { accept, refuse, type Result } from "../result.ts";
import { transact, type Transaction } from "../store/transact.ts";
import { keys } from "./keys.ts";
import { madeAdministratorMail } from "./mails.ts";
import type { AccessCode } from "./messages.ts";
import { isActiveTie, type UserOfOperadora } from "./users/tie.ts";

/** Profiles of the SGOP. */
export const PROFILES = {
  ADMINISTRADOR: "Gerencia pessoas, computadores e pedidos do estabelecimento",
  OPERADOR: "Consulta, cria, edita e imprime",
  CONSULTADOR: "Só consulta",
  CADASTRADOR: "Só cria cadastros",
} as const;
export type Profile = keyof typeof PROFILES;

/** What a person may do at an establishment. */
export interface Membership {
  cnes: string;
  cpf: string;
  profile: Profile;
  since: number;
  /** Id of the person who decided. */
  by: string;
}

/** Writes a membership and keeps the index of administrators in step, inside a commit. */
export function setMembership(tx: Transaction, membership: Membership): void {
  const { cnes, cpf, profile, since } = membership;
  tx.set(keys.membership(cnes, cpf), membership);
  tx.set(keys.membershipByPerson(cpf, cnes), since);
  if (profile === "ADMINISTRADOR") tx.set(keys.administrator(cnes, cpf), since);
  else tx.delete(keys.administrator(cnes, cpf));
}

export async function getMembership(
  portal: Portal,
  cnes: string,
  cpf: string,
): Promise<Membership | null> {
  return (await portal.kv.get<Membership>(keys.membership(cnes, cpf))).value;
}

export async function listMembershipsOf(portal: Portal, cpf: string): Promise<Membership[]> {
  const reads: Promise<Membership | null>[] = [];
  for await (const { key } of portal.kv.list({ prefix: keys.membershipsOfPerson(cpf) })) {
    reads.push(getMembership(portal, key[2] as string, cpf));
  }
  return (await Promise.all(reads)).filter((membership) => membership !== null);
}

/** The active people who decide for an establishment. */
export async function listAdministrators(portal: Portal, cnes: string): Promise<Person[]> {
  const cpfs: string[] = [];
  for await (const { key } of portal.kv.list({ prefix: keys.administrators(cnes) })) {
    cpfs.push(key[2] as string);
  }
  return (await getPeople(portal, cpfs)).filter((person) => person.active);
}

/**
 * The legal representative makes a person of the operadora ADMINISTRADOR of one of its
 * establishments.
 */
export async function makeAdministrator(
  portal: Portal,
  actor: Person,
  cnpj: string,
  person: Person,
  cnes: string,
): Promise<Result<Membership, AccessCode>> {
  const establishment = await getEstablishment(portal, cnes);
  if (!establishment || establishment.operadora !== cnpj) return refuse("establishment_not_found");
  if (!establishment.active) return refuse("establishment_inactive");
  return await transact(portal.kv, async (tx) => {
    const [user, current, stored] = await tx.getMany<[UserOfOperadora, Membership, Person]>([
      keys.userOfOperadora(cnpj, person.cpf),
      keys.membership(cnes, person.cpf),
      accountKeys.person(person.cpf),
    ]);
    if (!isActiveTie(user) || !stored?.active) return refuse<AccessCode>("user_not_found");
    if (current?.profile === "ADMINISTRADOR") return refuse<AccessCode>("already_administrator");
    const membership: Membership = {
      cnes,
      cpf: person.cpf,
      profile: "ADMINISTRADOR",
      since: portal.now(),
      by: actor.id,
    };
    setMembership(tx, membership);
    const to = reachableEmail(stored);
    if (to) {
      const place = { establishment: establishment.nome, origin: portal.config.origin };
      enqueue(portal, tx, madeAdministratorMail(to, person.name, place));
    }
    await appendAudit(portal, tx, {
      stream: cnes,
      event: "membership.administrator",
      actor: actor.id,
      subject: person.id,
      detail: { operadora: cnpj },
    });
    return accept(membership);
  });
}
