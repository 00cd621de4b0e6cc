import type { Deps } from "../deps.ts";
import { keys } from "../store/keys.ts";
import { read, readMany } from "../store/read.ts";
import type { Person } from "../store/records/account.ts";

/** How long a provisional password is good: 72 hours. */
export const PROVISIONAL_LIFE = 72 * 60 * 60_000;

export async function getPerson(deps: Deps, cpf: string): Promise<Person | null> {
  return await read(deps.kv, keys.person(cpf));
}

/** Two round trips: the index, then the person. */
export async function getPersonById(deps: Deps, id: string): Promise<Person | null> {
  const cpf = await read(deps.kv, keys.personById(id));
  return cpf ? await getPerson(deps, cpf) : null;
}

/** Reads many people, 10 a round trip, in the order asked; people not found are left out. */
export async function getPeople(deps: Deps, cpfs: readonly string[]): Promise<Person[]> {
  const people = await readMany(deps.kv, cpfs.map((cpf) => keys.person(cpf)));
  return people.filter((person) => person !== null);
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
