import { isIdentified } from "../../account/identification.ts";
import { hashPassword, makeProvisionalPassword } from "../../account/password.ts";
import { reachableEmail } from "../../notify/notify.ts";
import { parseEmail, parseName, PROVISIONAL_LIFE } from "../../account/person.ts";
import { appendAudit } from "../../audit/append.ts";
import { newId } from "../../ids.ts";
import { enqueue } from "../../outbox/enqueue.ts";
import type { Deps } from "../../deps.ts";
import { getOperadora } from "../../registry/operadora.ts";
import { parseCpf } from "../../registry/numbers.ts";
import { accept, refuse, type Result } from "../../result.ts";
import { transact, type Transaction } from "../../store/transact.ts";
import type { AccountCode } from "../../account/messages.ts";
import { keys } from "../../store/keys.ts";
import { list, read, readMany } from "../../store/read.ts";
import type { UserOfOperadora } from "../../store/records/access.ts";
import type { Person, ProvisionalPassword } from "../../store/records/account.ts";
import type { Operadora } from "../../store/records/registry.ts";
import { addedToOperadoraMail, provisionalPasswordMail } from "../mails.ts";
import type { AccessCode } from "../messages.ts";
import { isSystem } from "../systems.ts";
import { isActiveTie, putTie } from "./tie.ts";
import { systemsChangedMail } from "./user_mails.ts";

export interface UserForm {
  cpf: string;
  name: string;
  email: string;
  systems: readonly string[];
}

/**
 * The representative registers a person of the operadora (J6). Somebody new gets a provisional
 * password by e-mail; somebody who is in the portal keeps name, e-mail and password and is told at
 * the address they already have. Never at the one typed here, or a company could take over the
 * account of somebody else's employee.
 *
 * @returns the person, and whether they were in the portal before
 */
export async function registerUser(
  deps: Deps,
  actor: Person,
  operadora: Operadora,
  form: UserForm,
): Promise<Result<{ person: Person; known: boolean }, AccessCode | AccountCode>> {
  const cpf = parseCpf(form.cpf);
  if (!cpf) return refuse("cpf_invalid");
  const name = parseName(form.name);
  if (!name) return refuse("name_invalid");
  const email = parseEmail(form.email);
  if (!email) return refuse("email_invalid");
  if (!form.systems.every((id) => isSystem(deps.config.systems, id))) {
    return refuse("system_unknown");
  }
  const systems = [...new Set(form.systems)];

  const password = makeProvisionalPassword();
  const hash = await hashPassword(password);
  return await transact(deps.kv, async (tx) => {
    const now = deps.now();
    const [stored, user] = await tx.getMany([
      keys.person(cpf),
      keys.userOfOperadora(operadora.cnpj, cpf),
    ]);
    if (user) return refuse<AccessCode>("user_already_registered");
    const known = stored && mergeExisting(stored, email);
    if (stored && !known) return refuse<AccessCode>("user_declared");
    const provisional: ProvisionalPassword = {
      hash,
      expiresAt: now + PROVISIONAL_LIFE,
      companies: [
        ...stored?.provisional?.companies ?? [],
        operadora.razaoSocial,
        operadora.nomeFantasia,
      ],
    };
    const person: Person = known ? canSignIn(known) ? known : { ...known, provisional } : {
      id: newId(now),
      cpf,
      name,
      email: null,
      contactEmail: email,
      passwordHash: null,
      provisional,
      active: true,
      createdAt: now,
    };
    tx.set(keys.person(cpf), person);
    tx.set(keys.personById(person.id), cpf);
    const elsewhere = known !== null && reachableEmail(known) !== email;
    const tie: UserOfOperadora = { by: actor.id, since: now };
    putTie(tx, operadora.cnpj, person, elsewhere ? { ...tie, otherAddress: true } : tie);
    for (const system of systems) tx.set(keys.grant(operadora.cnpj, cpf, system), now);
    notifyUser(deps, tx, person, operadora, password);
    await appendAudit(deps, tx, {
      stream: operadora.cnpj,
      event: "user.registered",
      actor: actor.id,
      subject: person.id,
      detail: { systems: systems.join(" "), known: stored !== null },
    });
    return accept({ person, known: stored !== null });
  });
}

/**
 * Need they be sent no provisional password? Neither somebody who has finished the first access, nor
 * the holder of a CPF that somebody else had declared, until they finish theirs: they have proven it
 * by gov.br or certificate, and what was granted to the record is not for whoever an operadora names.
 */
function canSignIn({ email, takenOverAt }: Person): boolean {
  return email !== null || takenOverAt !== undefined;
}

/**
 * Somebody whom the operadora registers and who is in the portal. A record that only declares its CPF
 * is theirs when the address confirmed there is the one that the operadora knows them by; from then
 * on the operadora answers for it.
 *
 * @returns null when the record may be a stranger's, who would get what is granted here
 */
export function mergeExisting(stored: Person, email: string): Person | null {
  if (!stored.email || isIdentified(stored)) return stored;
  return stored.email === email ? { ...stored, origin: "operadora" } : null;
}

function notifyUser(
  deps: Deps,
  tx: Transaction,
  person: Person,
  operadora: Operadora,
  password: string,
): void {
  const to = reachableEmail(person);
  if (!to) return;
  const place = { operadora: operadora.razaoSocial, origin: deps.config.origin };
  enqueue(
    deps,
    tx,
    canSignIn(person)
      ? addedToOperadoraMail(to, person.name, place)
      : provisionalPasswordMail(to, { name: person.name, cpf: person.cpf, password }, place),
  );
}

/** A person of this operadora by their id; null for anybody else, whoever they are. */
export async function getUser(deps: Deps, cnpj: string, id: string): Promise<Person | null> {
  const cpf = await read(deps.kv, keys.personById(id));
  if (!cpf) return null;
  const [person, user] = await readMany(deps.kv, [
    keys.person(cpf),
    keys.userOfOperadora(cnpj, cpf),
  ]);
  return user && person;
}

/** Ids of the systems a person was granted at an operadora. */
export async function listGrants(deps: Deps, cnpj: string, cpf: string): Promise<string[]> {
  const entries = list(deps.kv, keys.grant.under(cnpj, cpf));
  return await Array.fromAsync(entries, ({ rest: [system] }) => system);
}

/**
 * Makes the granted systems of a person exactly these. A grant for a system that is not in the list
 * of the portal any more stays: nobody chose to take it. The person is told by e-mail.
 */
export async function setGrants(
  deps: Deps,
  actor: Person,
  cnpj: string,
  person: Person,
  systems: readonly string[],
): Promise<Result<null, AccessCode>> {
  const known = deps.config.systems;
  if (!systems.every((id) => isSystem(known, id))) return refuse("system_unknown");
  const operadora = (await getOperadora(deps, cnpj))?.razaoSocial ?? `CNPJ ${cnpj}`;
  return await transact(deps.kv, async (tx) => {
    const key = keys.userOfOperadora(cnpj, person.cpf);
    const [user, stored] = await tx.getMany([
      key,
      keys.person(person.cpf),
    ]);
    if (!user || !stored) return refuse("user_not_found");
    const before = await listGrants(deps, cnpj, person.cpf);
    const taken = before.filter((system) => isSystem(known, system) && !systems.includes(system));
    const added = [...new Set(systems)].filter((system) => !before.includes(system));
    if (taken.length + added.length === 0) return accept(null);
    // Written unchanged: whoever changes the same person's grants at once has to look again.
    tx.set(key, user);
    for (const system of taken) tx.delete(keys.grant(cnpj, person.cpf, system));
    for (const system of added) tx.set(keys.grant(cnpj, person.cpf, system), deps.now());
    await appendAudit(deps, tx, {
      stream: cnpj,
      event: "user.grants_changed",
      actor: actor.id,
      subject: person.id,
      detail: { added: added.join(" "), taken: taken.join(" ") },
    });
    const to = reachableEmail(stored);
    if (to) {
      const names = known.filter(({ id }) => systems.includes(id)).map(({ name }) => name);
      const place = { operadora, origin: deps.config.origin };
      enqueue(deps, tx, systemsChangedMail(to, stored.name, names, place));
    }
    return accept(null);
  });
}

export async function getTie(
  deps: Deps,
  cnpj: string,
  cpf: string,
): Promise<UserOfOperadora | null> {
  return await read(deps.kv, keys.userOfOperadora(cnpj, cpf));
}

export async function isActiveUserOf(deps: Deps, cnpj: string, cpf: string): Promise<boolean> {
  return isActiveTie(await getTie(deps, cnpj, cpf));
}
