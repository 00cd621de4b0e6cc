import { isRunning } from "../clock.ts";
import type { Deps } from "../deps.ts";
import { keyedHash } from "../secrets.ts";
import { keys } from "../store/keys.ts";
import { read } from "../store/read.ts";
import type { Session } from "../store/records/session.ts";
import { transact } from "../store/transact.ts";

/** How long a search can be gone back to. */
const SEARCH_LIFE = 30 * 60_000;
const LONGEST_QUERY = 120;

/**
 * Keeps what was typed into a search of people, which may be a CPF, out of every address: the page of
 * the results has the id instead. The same search has the same id.
 *
 * @returns the id; null for nothing typed
 */
export async function keepSearch(
  deps: Deps,
  session: Session,
  typed: string,
): Promise<string | null> {
  const query = typed.slice(0, LONGEST_QUERY).trim();
  if (query === "") return null;
  const id = keyedHash(deps.config, "searches", session.id, query).slice(0, 22);
  const kept = { query, expiresAt: deps.now() + SEARCH_LIFE };
  await transact(deps.kv, (tx) => {
    tx.set(keys.search(session.id, id), kept, { expireIn: SEARCH_LIFE });
  });
  return id;
}

/** What was typed; null when this session has no such search, or not any more. */
export async function readSearch(
  deps: Deps,
  session: Session,
  id: string,
): Promise<string | null> {
  const kept = await read(deps.kv, keys.search(session.id, id));
  return kept && isRunning(kept.expiresAt, deps.now(), SEARCH_LIFE) ? kept.query : null;
}
