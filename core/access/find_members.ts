import { getAccounts, parseAccountId } from "../account/account.ts";
import type { Deps } from "../deps.ts";
import { normaliseName } from "../registry/name.ts";
import type { Membership, Profile } from "../store/records/access.ts";
import type { Account, AccountId } from "../store/records/account.ts";
import { isActiveMembership, listChanges, listMembers } from "./membership.ts";
import type { Page } from "./users/find_users.ts";

export interface Member {
  membership: Membership;
  person: Account;
}

export interface MemberSearch {
  /** Beginnings of names, or digits of a CPF; "" for all. */
  query?: string;
  /** Those whose access ended, instead of those who have it. */
  ended?: boolean;
  limit?: number;
  /** Account of the last person looked at on the page before. */
  cursor?: string | null;
}

/** Members fetched in one round trip, and looked at for one page at most. */
const BATCH = 100;
const LOOKED_AT = 1_000;

/**
 * People of an establishment in the order of their accounts. An establishment has tens or hundreds of
 * them: a search looks at each, and goes on from there on the next page if they are too many.
 */
export async function findMembers(
  deps: Deps,
  cnes: string,
  { query = "", ended = false, limit = 20, cursor = null }: MemberSearch = {},
): Promise<Page<Member>> {
  const matches = matcher(query);
  const items: Member[] = [];
  let last = cursor === null ? null : parseAccountId(cursor);
  for (let lookedAt = 0; lookedAt < LOOKED_AT; lookedAt += BATCH) {
    const batch = await listMembers(deps, cnes, { limit: BATCH, after: last ?? "" });
    const found = await getAccounts(deps, batch.map(({ account }) => account));
    const people = new Map(found.map((person) => [person.id, person]));
    for (const membership of batch) {
      const person = people.get(membership.account);
      if (person && isActiveMembership(membership) === !ended && matches(person)) {
        if (items.length === limit) return { items, cursor: last };
        items.push({ membership, person });
      }
      last = membership.account;
    }
    if (batch.length < BATCH) return { items, cursor: null };
  }
  return { items, cursor: last };
}

/**
 * Does a person fit what was typed? Of a CPF only the digits that the pages show are compared, unless
 * it was typed whole: the others are not to be found out digit by digit.
 */
function matcher(query: string): (person: Account) => boolean {
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

/** What a person was given at an establishment, or that it ended. */
export interface HistoryLine {
  at: number;
  event: "given" | "ended";
  /** Given or had; null when it was the establishment alone. */
  profile: Profile | null;
  /** Name of who decided; null when the portal does not know them. */
  by: string | null;
  /** Given at once, because the CNES names the person as director. */
  asDirector: boolean;
  /** Justification of a change, reason of an end. */
  reason: string | null;
}

/** What a person was at an establishment over time, the newest first. */
export async function listHistory(deps: Deps, membership: Membership): Promise<HistoryLine[]> {
  const { cnes, account } = membership;
  const changes = await listChanges(deps, cnes, account);
  const states = [membership, ...changes.map(({ before }) => before)];
  const who = new Set(states.map(({ by, ended }) => ended?.by ?? by));
  const people = await getAccounts(deps, [...who].filter((id): id is AccountId => id !== "cnes"));
  const nameOf = (id: AccountId | "cnes") => people.find((one) => one.id === id)?.name ?? null;
  return states.map(({ since, by, profile, justification, ended }) => ({
    at: ended?.at ?? since,
    event: ended ? "ended" : "given",
    profile,
    by: nameOf(ended?.by ?? by),
    asDirector: !ended && by === "cnes",
    reason: ended?.reason ?? justification ?? null,
  }));
}
