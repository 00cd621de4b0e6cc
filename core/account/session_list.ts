import { auditOwn } from "../audit/append.ts";
import { keyedHashes } from "../secrets.ts";
import type { Deps } from "../deps.ts";
import { accept, refuse, type Result } from "../result.ts";
import { keys } from "../store/keys.ts";
import { list, read } from "../store/read.ts";
import type { Account, AccountId } from "../store/records/account.ts";
import type { LoggedIn, Session } from "../store/records/session.ts";
import { transact, type Transaction } from "../store/transact.ts";
import type { AccountCode } from "./messages.ts";
import { deleteSession, endSessionsOf, isLoggedIn, LIFE } from "./session.ts";

/** A session as its owner sees it. */
export interface SessionView {
  /** Names the session in a form; the id itself never leaves the store and the cookie. */
  handle: string;
  agent: string;
  /** When the person logged in, and when the session was used last (to the minute). */
  since: number;
  lastSeenAt: number;
  byCertificate: boolean;
  current: boolean;
}

/** Far more than a person has open; what is beyond it is ended without being shown. */
const SHOWN = 100;

/** The open sessions of a person (ASVS 7.5.2), the one used last first. */
export async function listSessions(
  deps: Deps,
  current: Session<LoggedIn>,
): Promise<SessionView[]> {
  const sessions = (await sessionsOf(deps, current.state.account)).filter((session) =>
    deps.now() < session.expiresAt &&
    deps.now() - session.lastSeenAt < LIFE.person.idle
  );
  const views = sessions.map((session): SessionView => ({
    handle: handlesOf(deps, session.id)[0]!,
    agent: session.agent,
    since: session.state.authenticatedAt,
    lastSeenAt: session.lastSeenAt,
    byCertificate: session.state.certificate !== null,
    current: session.id === current.id,
  }));
  return views.sort((a, b) => b.lastSeenAt - a.lastSeenAt);
}

/** Ends one session of the person's own; a handle of another person's names none of theirs. */
export async function endOwnSession(
  deps: Deps,
  person: Account,
  handle: string,
): Promise<Result<null, AccountCode>> {
  for (const session of await sessionsOf(deps, person.id)) {
    if (!handlesOf(deps, session.id).includes(handle)) continue;
    await transact(deps.kv, async (tx) => {
      deleteSession(tx, session);
      await auditOwn(deps, tx, person, "session.ended");
    });
    return accept(null);
  }
  return refuse("session_not_found");
}

/** "Sair de todas": this one too. */
export async function endAllSessions(deps: Deps, person: Account): Promise<void> {
  await transact(deps.kv, async (tx) => {
    await endSessionsInCommit(deps, tx, person.id);
    await auditOwn(deps, tx, person, "session.all_ended");
  });
  await endSessionsOf(deps, person.id);
}

/**
 * Ends a person's sessions with the commit that changes their password or address, so that the
 * change is not made without it. A login that is under way meanwhile is not seen; `endSessionsOf`
 * afterwards finds it.
 */
export async function endSessionsInCommit(
  deps: Deps,
  tx: Transaction,
  account: AccountId,
): Promise<void> {
  for (const session of await sessionsOf(deps, account)) deleteSession(tx, session);
}

async function sessionsOf(deps: Deps, account: AccountId): Promise<Session<LoggedIn>[]> {
  const entries = list(deps.kv, keys.sessionOfAccount.under(account), { limit: SHOWN });
  const ids = await Array.fromAsync(entries, ({ rest: [id] }) => id);
  const sessions = await Promise.all(ids.map((id) => read(deps.kv, keys.session(id))));
  return sessions.filter((session) => session !== null).filter(isLoggedIn);
}

/** The one to be shown comes first; a page made before the secret changed has shown another. */
function handlesOf({ config }: Deps, id: string): string[] {
  return keyedHashes(config, "session handles", id).map((hash) => hash.slice(0, 22));
}
