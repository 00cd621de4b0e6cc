import type { Portal } from "../portal.ts";
import type { PersonCns } from "./cns/person_cns.ts";
import type { GovbrLevel } from "./govbr/level.ts";
import { keys } from "./keys.ts";

export interface Person {
  /** ULID; stands for the person in addresses and in the audit log. */
  id: string;
  /** 11 digits; the natural key. */
  cpf: string;
  name: string;
  /** Confirmed and unique in the portal; null until the first access is done. */
  email: string | null;
  /** Where the one who registered the person said they can be reached; not confirmed. */
  contactEmail: string | null;
  /** argon2id; null until the first access is done, and after it when it was done with gov.br. */
  passwordHash: string | null;
  provisional: ProvisionalPassword | null;
  active: boolean;
  /** Milliseconds since the epoch. */
  createdAt: number;
  /** The level of the gov.br account at its last use here, if it was ever used. */
  govbr?: { level: GovbrLevel; at: number };
  /** How the CPF came into the portal; read it through `identification`. */
  origin?: "certificado" | "operadora" | "declarado";
  /** When the holder of the CPF took the record over from whoever had declared it. */
  takenOverAt?: number;
  cns?: PersonCns;
}

export interface ProvisionalPassword {
  hash: string;
  expiresAt: number;
  /** Names of the operadoras that registered the person: the password to come must not hold them. */
  companies: string[];
}

/** How long a provisional password is good: 72 hours. */
export const PROVISIONAL_LIFE = 72 * 60 * 60_000;

export async function getPerson(portal: Portal, cpf: string): Promise<Person | null> {
  return (await portal.kv.get<Person>(keys.person(cpf))).value;
}

/** Two round trips: the index, then the person. */
export async function getPersonById(portal: Portal, id: string): Promise<Person | null> {
  const cpf = (await portal.kv.get<string>(keys.personById(id))).value;
  return cpf ? await getPerson(portal, cpf) : null;
}

/** Reads many people, 10 a round trip, in the order asked; people not found are left out. */
export async function getPeople(portal: Portal, cpfs: readonly string[]): Promise<Person[]> {
  const batches: Promise<Deno.KvEntryMaybe<Person>[]>[] = [];
  for (let i = 0; i < cpfs.length; i += 10) {
    const batch = cpfs.slice(i, i + 10).map((cpf) => keys.person(cpf));
    batches.push(portal.kv.getMany<Person[]>(batch));
  }
  return (await Promise.all(batches)).flat().flatMap(({ value }) => value ? [value] : []);
}

/** Where the person can be told things: the confirmed e-mail, else the one given for them. */
export function reachableEmail(person: Person): string | null {
  return person.email ?? person.contactEmail;
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
