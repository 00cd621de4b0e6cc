import { keys as accountKeys } from "../../account/keys.ts";
import { getPeople, type Person } from "../../account/person.ts";
import type { Portal } from "../../portal.ts";
import { normaliseName } from "../../registry/name.ts";
import { keys } from "../keys.ts";
import { isActiveTie, type UserOfOperadora, wordsOf } from "./tie.ts";
import { getUser } from "./user.ts";

export interface Page<T> {
  items: T[];
  /** Where the next page begins; null on the last. */
  cursor: string | null;
}

/** A person of an operadora; `active` says whether the operadora lets them work for it. */
export type FoundUser = Person & { tieActive: boolean };

/** Keys of the index looked at for one page: what bounds its time whatever is typed. */
const LOOKED_AT = 2_000;

/** Keys fetched in one round trip when most of them will not be what is looked for. */
const BATCH = 500;

/**
 * People of an operadora, `limit` (50 unless told) a page: all, in the order of their CPF; those
 * whose CPF begins with the digits typed; or those who have, for every word typed, a name that begins
 * with it. The cursor goes into addresses: it is the id of a person, never a CPF.
 */
export async function findUsers(
  portal: Portal,
  cnpj: string,
  { query = "", limit = 50, cursor }: { query?: string; limit?: number; cursor?: string } = {},
): Promise<Page<FoundUser>> {
  const last = cursor ? await getUser(portal, cnpj, cursor) : null;
  const words = normaliseName(query).split(" ").filter(Boolean);
  const digits = query.replace(/[\s.-]/g, "");
  const found = words.length === 0 || /^\d+$/.test(digits)
    ? await byCpf(portal, cnpj, digits, limit, last)
    : await byName(portal, cnpj, words, limit, last);
  const [people, ties] = await Promise.all([
    getPeople(portal, found.cpfs),
    getTies(portal, cnpj, found.cpfs),
  ]);
  const items = people.map((person) => ({
    ...person,
    tieActive: isActiveTie(ties.get(person.cpf) ?? null),
  }));
  const next = people.find(({ cpf }) => cpf === found.next)?.id;
  return { items, cursor: found.next && (next ?? await idOf(portal, found.next)) };
}

/** CPFs of one page, and the CPF that the next page begins after. */
interface Found {
  cpfs: string[];
  next: string | null;
}

async function byCpf(
  portal: Portal,
  cnpj: string,
  digits: string,
  limit: number,
  last: Person | null,
): Promise<Found> {
  const prefix = keys.usersOfOperadora(cnpj);
  // The least key after that of `last`: strings sort by their bytes.
  const start = [...prefix, last ? `${last.cpf}\0` : digits];
  const end = [...prefix, `${digits}\uffff`];
  const list = portal.kv.list({ start, end }, { limit: limit + 1 });
  const cpfs = (await Array.fromAsync(list)).map(({ key }) => key[2] as string);
  const more = cpfs.length > limit;
  return { cpfs: cpfs.slice(0, limit), next: more ? cpfs[limit - 1]! : null };
}

/** Looks along the longest word, which fewest people have. */
async function byName(
  portal: Portal,
  cnpj: string,
  words: readonly string[],
  limit: number,
  last: Person | null,
): Promise<Found> {
  const begin = words.toSorted((a, b) => b.length - a.length)[0]!;
  const prefix = keys.usersByWord(cnpj);
  const start = last ? placeOf(cnpj, begin, last) : [...prefix, begin];
  const end = [...prefix, `${begin}\uffff`];
  const cpfs: string[] = [];
  let lookedAt = 0;
  let seen: string | null = null;
  const options = words.length > 1 ? { batchSize: BATCH } : {};
  for await (const { key } of portal.kv.list({ start, end }, options)) {
    const [, , word, name, cpf] = key as string[];
    if (cpfs.length === limit || ++lookedAt > LOOKED_AT) return { cpfs, next: seen };
    // Somebody with two such names stands in two places; only the first counts.
    if (firstWord(name!, begin) !== word) continue;
    seen = cpf!;
    if (words.every((typed) => firstWord(name!, typed))) cpfs.push(cpf!);
  }
  return { cpfs, next: null };
}

function firstWord(name: string, begin: string): string | undefined {
  return wordsOf(name).find((word) => word.startsWith(begin));
}

/** The least key after the place of a person in a search for names that begin so. */
function placeOf(cnpj: string, begin: string, { name, cpf }: Person): Deno.KvKey {
  const normalised = normaliseName(name);
  const word = firstWord(normalised, begin) ?? begin;
  return keys.userByWord(cnpj, word, normalised, `${cpf}\0`);
}

async function getTies(
  portal: Portal,
  cnpj: string,
  cpfs: readonly string[],
): Promise<Map<string, UserOfOperadora | null>> {
  const reads: Promise<Deno.KvEntryMaybe<UserOfOperadora>[]>[] = [];
  for (let i = 0; i < cpfs.length; i += 10) {
    const part = cpfs.slice(i, i + 10).map((cpf) => keys.userOfOperadora(cnpj, cpf));
    reads.push(portal.kv.getMany<UserOfOperadora[]>(part));
  }
  return new Map(
    (await Promise.all(reads)).flat().map(({ key, value }) => [key[2] as string, value]),
  );
}

async function idOf(portal: Portal, cpf: string): Promise<string | null> {
  return (await portal.kv.get<Person>(accountKeys.person(cpf))).value?.id ?? null;
}
