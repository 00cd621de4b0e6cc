import { getPeople } from "../../account/person.ts";
import type { Deps } from "../../deps.ts";
import { normaliseName } from "../../registry/name.ts";
import { keys } from "../../store/keys.ts";
import { list, read, readMany } from "../../store/read.ts";
import type { UserOfOperadora } from "../../store/records/access.ts";
import type { Person } from "../../store/records/account.ts";
import { getUser, isActiveTie, wordsOf } from "./user_of_operadora.ts";

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
  deps: Deps,
  cnpj: string,
  { query = "", limit = 50, cursor }: { query?: string; limit?: number; cursor?: string } = {},
): Promise<Page<FoundUser>> {
  const last = cursor ? await getUser(deps, cnpj, cursor) : null;
  const words = normaliseName(query).split(" ").filter(Boolean);
  const digits = query.replace(/[\s.-]/g, "");
  const found = words.length === 0 || /^\d+$/.test(digits)
    ? await byCpf(deps, cnpj, digits, limit, last)
    : await byName(deps, cnpj, words, limit, last);
  const [people, ties] = await Promise.all([
    getPeople(deps, found.cpfs),
    getTies(deps, cnpj, found.cpfs),
  ]);
  const items = people.map((person) => ({
    ...person,
    tieActive: isActiveTie(ties.get(person.cpf) ?? null),
  }));
  const next = people.find(({ cpf }) => cpf === found.next)?.id;
  return { items, cursor: found.next && (next ?? await idOf(deps, found.next)) };
}

/** CPFs of one page, and the CPF that the next page begins after. */
interface Found {
  cpfs: string[];
  next: string | null;
}

async function byCpf(
  deps: Deps,
  cnpj: string,
  digits: string,
  limit: number,
  last: Person | null,
): Promise<Found> {
  const options = {
    ...last ? { after: last.cpf } : { start: [digits] },
    end: [`${digits}\uffff`],
    limit: limit + 1,
  };
  const entries = list(deps.kv, keys.userOfOperadora.under(cnpj), options);
  const cpfs = await Array.fromAsync(entries, ({ rest: [cpf] }) => cpf);
  const more = cpfs.length > limit;
  return { cpfs: cpfs.slice(0, limit), next: more ? cpfs[limit - 1]! : null };
}

/** Looks along the longest word, which fewest people have. */
async function byName(
  deps: Deps,
  cnpj: string,
  words: readonly string[],
  limit: number,
  last: Person | null,
): Promise<Found> {
  const begin = words.toSorted((a, b) => b.length - a.length)[0]!;
  const cpfs: string[] = [];
  let lookedAt = 0;
  let seen: string | null = null;
  const options = {
    start: last ? keyAfter(begin, last) : [begin],
    end: [`${begin}\uffff`],
    ...words.length > 1 && { batchSize: BATCH },
  };
  const entries = list(deps.kv, keys.userByWord.under(cnpj), options);
  for await (const { rest: [word, name, cpf] } of entries) {
    if (cpfs.length === limit || ++lookedAt > LOOKED_AT) return { cpfs, next: seen };
    // A person with two such names stands at two keys; only the first counts.
    if (firstWord(name, begin) !== word) continue;
    seen = cpf;
    if (words.every((typed) => firstWord(name, typed))) cpfs.push(cpf);
  }
  return { cpfs, next: null };
}

function firstWord(name: string, begin: string): string | undefined {
  return wordsOf(name).find((word) => word.startsWith(begin));
}

/** The least key after that of a person in a search for names that begin so. */
function keyAfter(begin: string, { name, cpf }: Person): string[] {
  const normalised = normaliseName(name);
  const word = firstWord(normalised, begin) ?? begin;
  return [word, normalised, `${cpf}\0`];
}

async function getTies(
  deps: Deps,
  cnpj: string,
  cpfs: readonly string[],
): Promise<Map<string, UserOfOperadora | null>> {
  const ties = await readMany(deps.kv, cpfs.map((cpf) => keys.userOfOperadora(cnpj, cpf)));
  return new Map(cpfs.map((cpf, i) => [cpf, ties[i] ?? null]));
}

async function idOf(deps: Deps, cpf: string): Promise<string | null> {
  return (await read(deps.kv, keys.person(cpf)))?.id ?? null;
}
