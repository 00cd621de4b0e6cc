import type { Context } from "fresh";
import type { State } from "./state.ts";
import { keepSearch, readSearch } from "@/core/access/search.ts";
import { requireCaller } from "./caller.ts";
import type { Form } from "./form.ts";

/** The name in the address of a list, for the id of a search, never for what was typed. */
const NAME = "busca";
const LONGEST_ID = 64;

/** A search of people, as the page of its results needs it. */
export interface PeopleSearch {
  /** What was typed; "" for all. */
  query: string;
  /** The address has a search that is not kept any more: all are shown. */
  lost: boolean;
  /** The address of this list, with the search and, for the next page, where it begins. */
  pageFrom(cursor: string | null): string | null;
}

/**
 * Takes the form of a search and leads on to its results, so that going back to them posts nothing
 * again.
 *
 * @param list the address of the list without a search, as the page itself knows it
 */
export async function postSearch(
  ctx: Context<State>,
  form: Form,
  list: string,
): Promise<Response> {
  const { session } = requireCaller(ctx.state);
  const typed = form.text(NAME);
  const id = await keepSearch(ctx.state.deps, session, typed);
  return ctx.redirect(addressOf(list, id, null), 303);
}

/**
 * What a list is asked for by the address of its page.
 *
 * @param list as of `postSearch`
 */
export async function readPeopleSearch(
  ctx: Context<State>,
  list: string,
): Promise<PeopleSearch> {
  const { session } = requireCaller(ctx.state);
  const id = ctx.url.searchParams.get(NAME)?.slice(0, LONGEST_ID) || null;
  const query = id && await readSearch(ctx.state.deps, session, id);
  const kept = query === null ? null : id;
  return {
    query: query ?? "",
    lost: id !== null && query === null,
    pageFrom: (cursor) => cursor === null ? null : addressOf(list, kept, cursor),
  };
}

function addressOf(list: string, id: string | null, cursor: string | null): string {
  const [path, asked] = list.split("?", 2) as [string, string?];
  const params = new URLSearchParams(asked);
  if (id) params.set(NAME, id);
  if (cursor) params.set("a-partir-de", cursor);
  return params.size > 0 ? `${path}?${params}` : path;
}
