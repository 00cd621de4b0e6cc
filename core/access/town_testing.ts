/**
 * A small town for the tests of access: two operadoras with their representatives, establishments,
 * people. Everybody is put into the store where the journeys would walk, so that a test costs no
 * passwords; the registries come from real imports.
 */
import { verifyStream } from "../audit/chain.ts";
import { newId } from "../ids.ts";
import type { Portal } from "../portal.ts";
import { getEstablishment } from "../registry/establishment.ts";
import type { Establishment } from "../registry/establishment.ts";
import { putEstablishment } from "../registry/establishment_testing.ts";
import { getOperadora } from "../registry/operadora.ts";
import { keys } from "../store/keys.ts";
import type { Membership, Profile } from "../store/records/access.ts";
import type { Person, Representative } from "../store/records/account.ts";
import type { AuditRecord } from "../store/records/audit.ts";
import { transact } from "../store/transact.ts";
import type { TestPortal } from "../testing.ts";
import {
  ALFA,
  BETA,
  caio,
  CNES,
  ivo,
  lia,
  must,
  nair,
  personOf,
  rosa,
  SECOND_CNES,
  world,
  type WorldPerson,
  zeca,
} from "../testing_world.ts";
import { setMembership } from "./membership.ts";
import { askForComputer } from "./requests/computer.ts";
import { type Asker, createRequest } from "./requests/create.ts";
import { decideRequest, type Decision } from "./requests/decide.ts";
import { putTie } from "./users/tie.ts";

/** Lia and Caio administer CNES, Nair SECOND_CNES; Rosa represents ALFA, Ivo BETA; Zeca is new. */
export async function town(): Promise<TestPortal> {
  const portal = await world();
  for (const person of [rosa, ivo, lia, caio, nair, zeca]) await settle(portal, person);
  await represent(portal, rosa, ALFA);
  await represent(portal, ivo, BETA);
  for (const person of [lia, caio]) await join(portal, person, "ADMINISTRADOR");
  await join(portal, nair, "ADMINISTRADOR", SECOND_CNES);
  return portal;
}

/** Puts a person into the portal, or another state of theirs. */
export async function settle(
  portal: Portal,
  { cpf, name, email }: WorldPerson,
  more: Partial<Person> = {},
): Promise<void> {
  const before = (await portal.kv.get<Person>(keys.person(cpf))).value;
  const person: Person = before ?? {
    id: newId(portal.now()),
    cpf,
    name,
    email,
    contactEmail: null,
    passwordHash: null,
    provisional: null,
    active: true,
    createdAt: portal.now(),
    origin: "declarado",
  };
  await portal.kv.set(keys.person(cpf), { ...person, ...more });
  await portal.kv.set(keys.personById(person.id), cpf);
}

/** Binds the representative of an operadora under the name that CADOP has now. */
export async function represent(portal: Portal, { cpf }: WorldPerson, cnpj: string): Promise<void> {
  const name = (await getOperadora(portal, cnpj))!.representante!;
  const bound: Representative = { cpf, name, since: portal.now() };
  await portal.kv.set(keys.representative(cnpj), bound);
}

/** Makes a person a member as if somebody had approved them. */
export async function join(
  portal: Portal,
  { cpf }: WorldPerson,
  profile: Profile | null,
  cnes = CNES,
): Promise<void> {
  const membership: Membership = { cnes, cpf, profile, since: portal.now(), by: "test" };
  await transact(portal.kv, (tx) => setMembership(tx, membership));
}

/** Ties a person to an operadora, or ties them with the tie switched off. */
export async function tie(
  portal: Portal,
  person: WorldPerson,
  cnpj: string,
  { active = true } = {},
): Promise<void> {
  const at = portal.now();
  const off = active ? {} : { deactivated: { by: "test", at } };
  await transact(portal.kv, (tx) => putTie(tx, cnpj, person, { by: "test", since: at, ...off }));
}

/** Changes what the CNES says of an establishment. */
export async function rebuild(
  portal: Portal,
  change: Partial<Establishment>,
  cnes = CNES,
): Promise<void> {
  await putEstablishment(portal, { ...(await getEstablishment(portal, cnes))!, ...change });
}

export async function ask(
  portal: Portal,
  person: WorldPerson,
  profile: string = "OPERADOR",
  { cnes = CNES, ...asker }: Asker & { cnes?: string } = {},
) {
  return await createRequest(portal, await personOf(portal, person), { cnes, profile }, asker);
}

export async function askComputer(
  portal: Portal,
  person: WorldPerson,
  thumbprint: string | null = "chave-a",
  { cnes = CNES, label = "PAT-1", place = "Recepção", replaces = "" } = {},
) {
  const form = { cnes, label, place, replaces };
  return await askForComputer(portal, await personOf(portal, person), thumbprint, form);
}

type Choices = Partial<Pick<Decision, "represents" | "via" | "reason">>;

export function approve(portal: Portal, id: string, by: WorldPerson, choices: Choices = {}) {
  return decideRequest(portal, {
    requestId: id,
    outcome: "aprovada",
    by: by.cpf,
    via: "portal",
    ...choices,
  });
}

export function reject(portal: Portal, id: string, by: WorldPerson, choices: Choices = {}) {
  return decideRequest(portal, {
    requestId: id,
    outcome: "reprovada",
    reason: "Setor errado",
    by: by.cpf,
    via: "portal",
    ...choices,
  });
}

/** A computer that was asked for and approved. */
export async function equip(
  portal: Portal,
  person: WorldPerson,
  thumbprint: string,
  by: WorldPerson = lia,
): Promise<void> {
  const { id } = must(await askComputer(portal, person, thumbprint));
  must(await approve(portal, id, by));
}

/** The whole audit log: what happened, when every chain holds and no CPF stands in it. */
export async function soundLog(portal: Portal): Promise<AuditRecord[]> {
  const entries = await Array.fromAsync(
    portal.kv.list<AuditRecord>({ prefix: keys.audit.under() }),
  );
  for (const stream of new Set(entries.map(({ key }) => key[1] as string))) {
    const { brokenAt } = await verifyStream(portal.kv, stream);
    if (brokenAt !== null) throw new Error(`the chain of ${stream} is broken at ${brokenAt}`);
  }
  const text = JSON.stringify(entries.map(({ value }) => value));
  for (const { cpf } of [rosa, ivo, lia, caio, nair, zeca]) {
    if (text.includes(cpf)) throw new Error("a CPF in the audit log");
  }
  return entries.map(({ value }) => value);
}

export async function eventsOf(portal: Portal): Promise<string[]> {
  return (await soundLog(portal)).map(({ event }) => event);
}
