import { parseAccountId } from "../../account/account.ts";
import type { Deps } from "../../deps.ts";
import { normaliseName } from "../../registry/name.ts";
import { keys } from "../../store/keys.ts";
import { list, readMany } from "../../store/read.ts";
import type { UserOfOperadora } from "../../store/records/access.ts";
import type { AccountId } from "../../store/records/account.ts";
import { getUser, isActiveTie, type User, wordsOf } from "./user_of_operadora.ts";

export interface Page<T> {
  items: T[];
  /** Where the next page begins; null on the last. */
  cursor: string | null;
}

/** A person of an operadora, as it named them. */
export interface FoundUser extends Pick<UserOfOperadora, "cpf" | "name" | "email" | "how"> {
  id: AccountId;
  /** The operadora lets them work for it, and the portal lets them in. */
  active: boolean;
}

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
  const after = cursor ? parseAccountId(cursor) : null;
  const last = after && await getUser(deps, cnpj, after);
  const words = normaliseName(query).split(" ").filter(Boolean);
  const digits = query.replace(/[\s.-]/g, "");
  const found = words.length === 0 || /^\d+$/.test(digits)
    ? await byCpf(deps, cnpj, digits, limit, last)
    : await byName(deps, cnpj, words, limit, last);
  const [people, ties] = await Promise.all([
    readMany(deps.kv, found.ids.map((id) => keys.account(id))),
    readMany(deps.kv, found.ids.map((id) => keys.userOfOperadora(cnpj, id))),
  ]);
  const items = found.ids.flatMap((id, i): FoundUser[] => {
    const [person, tie] = [people[i], ties[i]];
    if (!person || !tie) return [];
    const { cpf, name, email, how } = tie;
    return [{ id, cpf, name, email, how, active: person.active && isActiveTie(tie) }];
  });
  return { items, cursor: found.next };
}

/** The accounts of one page, and the one that the next page begins after. */
interface Found {
  ids: AccountId[];
  next: AccountId | null;
}

async function byCpf(
  deps: Deps,
  cnpj: string,
  digits: string,
  limit: number,
  last: User | null,
): Promise<Found> {
  const options = {
    start: last ? [last.tie.cpf, `${last.person.id}\0`] : [digits],
    end: [`${digits}\uffff`],
    limit: limit + 1,
  };
  const entries = list(deps.kv, keys.userByCpf.under(cnpj), options);
  const ids = await Array.fromAsync(entries, ({ rest: [, account] }) => account);
  const more = ids.length > limit;
  return { ids: ids.slice(0, limit), next: more ? ids[limit - 1]! : null };
}

/** Looks along the longest word, which fewest people have. */
async function byName(
  deps: Deps,
  cnpj: string,
  words: readonly string[],
  limit: number,
  last: User | null,
): Promise<Found> {
  const begin = words.toSorted((a, b) => b.length - a.length)[0]!;
  const ids: AccountId[] = [];
  let lookedAt = 0;
  let seen: AccountId | null = null;
  const options = {
    start: last ? keyAfter(begin, last) : [begin],
    end: [`${begin}\uffff`],
    ...words.length > 1 && { batchSize: BATCH },
  };
  const entries = list(deps.kv, keys.userByWord.under(cnpj), options);
  for await (const { rest: [word, name, account] } of entries) {
    if (ids.length === limit || ++lookedAt > LOOKED_AT) return { ids, next: seen };
    // A person with two such names stands at two keys; only the first counts.
    if (firstWord(name, begin) !== word) continue;
    seen = account;
    if (words.every((typed) => firstWord(name, typed))) ids.push(account);
  }
  return { ids, next: null };
}

function firstWord(name: string, begin: string): string | undefined {
  return wordsOf(name).find((word) => word.startsWith(begin));
}

/** The least key after that of a person in a search for names that begin so. */
function keyAfter(begin: string, { tie, person }: User): string[] {
  const normalised = normaliseName(tie.name);
  const word = firstWord(normalised, begin) ?? begin;
  return [word, normalised, `${person.id}\0`];
}
