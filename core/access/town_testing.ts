/**
 * A small town for the tests of access: two operadoras with their representatives, establishments,
 * people. Everybody is put into the store where the journeys would walk, so that a test costs no
 * passwords; the registries come from real imports.
 */
import { verifyStream } from "../audit/chain.ts";
import { newId } from "../ids.ts";
import type { Deps } from "../deps.ts";
import { getEstablishment } from "../registry/establishment.ts";
import type { Establishment } from "../registry/establishment.ts";
import { putEstablishment } from "../registry/establishment_testing.ts";
import { getOperadora } from "../registry/operadora.ts";
import { keys } from "../store/keys.ts";
import type { Membership, Profile } from "../store/records/access.ts";
import type { Person, Representative } from "../store/records/account.ts";
import type { AuditRecord } from "../store/records/audit.ts";
import { transact } from "../store/transact.ts";
import type { TestDeps } from "../testing.ts";
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
import { createRequest, type RequesterProof } from "./requests/create.ts";
import { decideRequest, type Decision } from "./requests/decide.ts";
import { putTie } from "./users/user_of_operadora.ts";

/** Lia and Caio administer CNES, Nair SECOND_CNES; Rosa represents ALFA, Ivo BETA; Zeca is new. */
export async function town(): Promise<TestDeps> {
  const deps = await world();
  for (const person of [rosa, ivo, lia, caio, nair, zeca]) await settle(deps, person);
  await represent(deps, rosa, ALFA);
  await represent(deps, ivo, BETA);
  for (const person of [lia, caio]) await join(deps, person, "ADMINISTRADOR");
  await join(deps, nair, "ADMINISTRADOR", SECOND_CNES);
  return deps;
}

/** Puts a person into the portal, or another state of theirs. */
export async function settle(
  deps: Deps,
  { cpf, name, email }: WorldPerson,
  more: Partial<Person> = {},
): Promise<void> {
  const before = (await deps.kv.get<Person>(keys.person(cpf))).value;
  const person: Person = before ?? {
    id: newId(deps.now()),
    cpf,
    name,
    email,
    contactEmail: null,
    passwordHash: null,
    provisional: null,
    active: true,
    createdAt: deps.now(),
    origin: "declarado",
  };
  await deps.kv.set(keys.person(cpf), { ...person, ...more });
  await deps.kv.set(keys.personById(person.id), cpf);
}

/** Binds the representative of an operadora under the name that CADOP has now. */
export async function represent(deps: Deps, { cpf }: WorldPerson, cnpj: string): Promise<void> {
  const name = (await getOperadora(deps, cnpj))!.representante!;
  const bound: Representative = { cpf, name, since: deps.now() };
  await deps.kv.set(keys.representative(cnpj), bound);
}

/** Makes a person a member as if somebody had approved them. */
export async function join(
  deps: Deps,
  { cpf }: WorldPerson,
  profile: Profile | null,
  cnes = CNES,
): Promise<void> {
  const membership: Membership = { cnes, cpf, profile, since: deps.now(), by: "test" };
  await transact(deps.kv, (tx) => setMembership(tx, membership));
}

/** Ties a person to an operadora, or ties them with the tie switched off. */
export async function tie(
  deps: Deps,
  person: WorldPerson,
  cnpj: string,
  { active = true } = {},
): Promise<void> {
  const at = deps.now();
  const off = active ? {} : { deactivated: { by: "test", at } };
  await transact(deps.kv, (tx) => putTie(tx, cnpj, person, { by: "test", since: at, ...off }));
}

/** Changes what the CNES says of an establishment. */
export async function rebuild(
  deps: Deps,
  change: Partial<Establishment>,
  cnes = CNES,
): Promise<void> {
  await putEstablishment(deps, { ...(await getEstablishment(deps, cnes))!, ...change });
}

export async function ask(
  deps: Deps,
  person: WorldPerson,
  profile: string = "OPERADOR",
  { cnes = CNES, ...asker }: RequesterProof & { cnes?: string } = {},
) {
  return await createRequest(deps, await personOf(deps, person), { cnes, profile }, asker);
}

export async function askComputer(
  deps: Deps,
  person: WorldPerson,
  thumbprint: string | null = "chave-a",
  { cnes = CNES, label = "PAT-1", place = "Recepção", replaces = "" } = {},
) {
  const form = { cnes, label, place, replaces };
  return await askForComputer(deps, await personOf(deps, person), thumbprint, form);
}

type Choices = Partial<Pick<Decision, "represents" | "via" | "reason">>;

export function approve(deps: Deps, id: string, by: WorldPerson, choices: Choices = {}) {
  return decideRequest(deps, {
    requestId: id,
    outcome: "aprovada",
    by: by.cpf,
    via: "portal",
    ...choices,
  });
}

export function reject(deps: Deps, id: string, by: WorldPerson, choices: Choices = {}) {
  return decideRequest(deps, {
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
  deps: Deps,
  person: WorldPerson,
  thumbprint: string,
  by: WorldPerson = lia,
): Promise<void> {
  const { id } = must(await askComputer(deps, person, thumbprint));
  must(await approve(deps, id, by));
}

/** The whole audit log: what happened, when every chain holds and no CPF stands in it. */
export async function soundLog(deps: Deps): Promise<AuditRecord[]> {
  const entries = await Array.fromAsync(
    deps.kv.list<AuditRecord>({ prefix: keys.audit.under() }),
  );
  for (const stream of new Set(entries.map(({ key }) => key[1] as string))) {
    const { brokenAt } = await verifyStream(deps.kv, stream);
    if (brokenAt !== null) throw new Error(`the chain of ${stream} is broken at ${brokenAt}`);
  }
  const text = JSON.stringify(entries.map(({ value }) => value));
  for (const { cpf } of [rosa, ivo, lia, caio, nair, zeca]) {
    if (text.includes(cpf)) throw new Error("a CPF in the audit log");
  }
  return entries.map(({ value }) => value);
}

export async function eventsOf(deps: Deps): Promise<string[]> {
  return (await soundLog(deps)).map(({ event }) => event);
}
