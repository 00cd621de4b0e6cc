import { getPeople, getPersonById } from "../account/person.ts";
import type { Deps } from "../deps.ts";
import { normaliseName } from "../registry/name.ts";
import type { Membership } from "../store/records/access.ts";
import type { Person } from "../store/records/account.ts";
import { isActiveMembership, listMembers } from "./membership.ts";
import type { Page } from "./users/find_users.ts";

export interface Member {
  membership: Membership;
  person: Person;
}

export interface MemberSearch {
  /** Beginnings of names, or digits of a CPF; "" for everybody. */
  query?: string;
  /** Those whose access ended, instead of those who have it. */
  ended?: boolean;
  limit?: number;
  /** Id of the last person looked at on the page before. */
  cursor?: string | null;
}

/** Members fetched in one round trip, and looked at for one page at most. */
const BATCH = 100;
const LOOKED_AT = 1_000;

/**
 * People of an establishment in the order of their CPF. An establishment has tens or hundreds of
 * them: a search looks at each, and goes on from there on the next page if they are too many.
 */
export async function findMembers(
  deps: Deps,
  cnes: string,
  { query = "", ended = false, limit = 20, cursor = null }: MemberSearch = {},
): Promise<Page<Member>> {
  const matches = matcher(query);
  const items: Member[] = [];
  let last = cursor ? await getPersonById(deps, cursor) : null;
  for (let lookedAt = 0; lookedAt < LOOKED_AT; lookedAt += BATCH) {
    const batch = await listMembers(deps, cnes, { limit: BATCH, after: last?.cpf ?? "" });
    const people = new Map(
      (await getPeople(deps, batch.map(({ cpf }) => cpf))).map((person) => [person.cpf, person]),
    );
    for (const membership of batch) {
      const person = people.get(membership.cpf);
      if (!person) continue;
      if (isActiveMembership(membership) === !ended && matches(person)) {
        if (items.length === limit) return { items, cursor: last?.id ?? null };
        items.push({ membership, person });
      }
      last = person;
    }
    if (batch.length < BATCH) return { items, cursor: null };
  }
  return { items, cursor: last?.id ?? null };
}

/**
 * Does a person fit what was typed? Of a CPF only the digits that the pages show are compared, unless
 * it was typed whole: nobody shall find out the others digit by digit.
 */
function matcher(query: string): (person: Person) => boolean {
  if (/^[\d\s.*-]*\d[\d\s.*-]*$/.test(query)) {
    const digits = query.replace(/\D/g, "");
    return ({ cpf }) => digits.length === cpf.length ? cpf === digits : visible(cpf, digits);
  }
  const typed = normaliseName(query).split(" ").filter(Boolean);
  return ({ name }) => {
    const words = normaliseName(name).split(" ");
    return typed.every((begin) => words.some((word) => word.startsWith(begin)));
  };
}

/** As `maskCpf` shows it. */
function visible(cpf: string, digits: string): boolean {
  return cpf.slice(3, 9).includes(digits);
}
