import type { Prefix } from "../store/key.ts";
import { errors, jwtVerify, SignJWT } from "jose";
import { isRecent, isRunning, SKEW } from "../clock.ts";
import { randomToken } from "../ids.ts";
import type { Deps } from "../deps.ts";
import { keysFor } from "../secrets.ts";
import { keys } from "../store/keys.ts";
import type { AccountId } from "../store/records/account.ts";
import { list, readMany } from "../store/read.ts";
import type { Anonymous, AnonymousSession, LoggedIn, Session } from "../store/records/session.ts";
import type { Maintenance } from "../store/records/upkeep.ts";
import { transact, type Transaction } from "../store/transact.ts";

const MINUTE = 60_000;
export const LIFE = {
  anonymous: { idle: 30 * MINUTE, absolute: 2 * 60 * MINUTE },
  person: { idle: 30 * MINUTE, absolute: 8 * 60 * MINUTE },
} as const;

const LONGEST_AGENT = 200;

/** `__Host-`: only this host, only over TLS (browsers make an exception for localhost), path `/`. */
export const SESSION_COOKIE = "__Host-habilita";

/**
 * The value of the cookie: an HS256 token that names the session (`sid`) or the visit (`visit`) and ends
 * with it.
 */
export async function sessionToken(deps: Deps, session: Session): Promise<string> {
  return await new SignJWT(session.visit ? { visit: session.id } : { sid: session.id })
    .setProtectedHeader({ alg: "HS256" })
    .setAudience(deps.config.origin)
    .setExpirationTime(Math.floor(session.expiresAt / 1000))
    .sign(keysFor(deps.config, "sessions")[0]!);
}

/** Finds the session of a cookie: token genuine, record still there, neither idle nor too old. */
export async function readSession(
  deps: Deps,
  token: string,
): Promise<Session | null> {
  return (await readVisit(deps, token)).session;
}

/**
 * Like `readSession`; in the same trip, whether the portal is in maintenance (null: not, or not looked).
 * Of a visit nothing is stored, so nothing is read.
 *
 * @param agent of the request, for the record that a visit may become
 */
export async function readVisit(
  deps: Deps,
  token: string,
  agent = "",
): Promise<{ session: Session | null; maintenance: Maintenance | null }> {
  const { id, visit } = await readToken(deps, token) ?? {};
  if (visit) {
    const running = isRunning(visit.expiresAt, deps.now(), LIFE.anonymous.absolute);
    const session = running ? visitAt(deps, { ...visit, agent }) : null;
    return { session, maintenance: null };
  }
  if (!id) return { session: null, maintenance: null };
  const [found, maintenance] = await readMany(deps.kv, [keys.session(id), keys.maintenance()]);
  if (!found || !isLive(deps, found)) return { session: null, maintenance };
  // At most one write a minute, and none in maintenance.
  const isNoted = maintenance !== null || isRecent(found.lastSeenAt, deps.now(), MINUTE);
  return { session: isNoted ? found : await touchSession(deps, id), maintenance };
}

/** Reads again in the commit: a session that was ended in the meantime must not come back. */
async function touchSession(deps: Deps, id: string): Promise<Session | null> {
  return await transact(deps.kv, async (tx) => {
    const session = await tx.get(keys.session(id));
    if (!session || !isLive(deps, session)) return null;
    return keepSeen(deps, tx, session);
  });
}

/**
 * Writes that a session was seen now. One that was begun when the clock was ahead gets the rest of its
 * life from now on.
 */
function keepSeen<S extends Session>(deps: Deps, tx: Transaction, session: S): S {
  const now = deps.now();
  const ahead = session.createdAt > now + SKEW ? session.createdAt - now : 0;
  const createdAt = session.createdAt - ahead;
  const expiresAt = session.expiresAt - ahead;
  const { visit: _, ...stored } = session;
  const seen = { ...stored, createdAt, expiresAt, lastSeenAt: now } as S;
  tx.set(keys.session(session.id), seen, { expireIn: expiresAt - now });
  return seen;
}

/** What a genuine token names: a session by its id, or a visit, which ends with the token. */
interface Named {
  id?: string;
  visit?: { id: string; expiresAt: number };
}

async function readToken(deps: Deps, token: string): Promise<Named | null> {
  for (const key of keysFor(deps.config, "sessions")) {
    try {
      const { payload } = await jwtVerify(token, key, {
        algorithms: ["HS256"],
        audience: deps.config.origin,
        currentDate: new Date(deps.now()),
      });
      const { sid, visit, exp = 0 } = payload;
      if (typeof visit === "string") return { visit: { id: visit, expiresAt: exp * 1_000 } };
      return typeof sid === "string" ? { id: sid } : null;
    } catch (error) {
      // Signed by another secret, perhaps.
      if (!(error instanceof errors.JWSSignatureVerificationFailed)) return null;
    }
  }
  return null;
}

function isLive(deps: Deps, session: Session): boolean {
  const now = deps.now();
  // A session that another version of the portal wrote may be of a kind that this one does not have.
  const life: { idle: number; absolute: number } | undefined = LIFE[session.state.kind];
  // Seen at a time to come: the clock was set back. By hours, and how long ago that was is not known.
  return life !== undefined && now < session.expiresAt && now - session.lastSeenAt < life.idle &&
    session.lastSeenAt - now < life.absolute;
}

export function isAnonymous(session: Session): session is AnonymousSession {
  return session.state.kind === "anonymous";
}

export function isLoggedIn(session: Session): session is Session<LoggedIn> {
  return session.state.kind === "person";
}

/** Writes a new session inside a commit; it ends at `expiresAt`, or after the usual life. */
export function createSession<S extends Anonymous | LoggedIn>(
  deps: Deps,
  tx: Transaction,
  { state, agent, expiresAt }: { state: S; agent: string; expiresAt?: number },
): Session<S> {
  const now = deps.now();
  const session: Session<S> = {
    id: randomToken(),
    createdAt: now,
    lastSeenAt: now,
    expiresAt: expiresAt ?? now + LIFE[state.kind].absolute,
    agent: agent.slice(0, LONGEST_AGENT),
    state,
  };
  const expireIn = session.expiresAt - now;
  tx.set(keys.session(session.id), session, { expireIn });
  if (state.kind === "person") {
    tx.set(keys.sessionOfAccount(state.account, session.id), now, { expireIn });
  }
  if (state.certificate) {
    tx.set(keys.sessionByCertificate(state.certificate.sha256, session.id), now, { expireIn });
  }
  return session;
}

/** Ends a session inside a commit. */
export function deleteSession(tx: Transaction, { id, state }: Session): void {
  tx.delete(keys.session(id));
  if (state.kind === "person") tx.delete(keys.sessionOfAccount(state.account, id));
  if (state.certificate) tx.delete(keys.sessionByCertificate(state.certificate.sha256, id));
}

/** A new session with a new id takes the place of `old` (ASVS 7.2.4: at login, at new powers). */
export function replaceSession<S extends Anonymous | LoggedIn>(
  deps: Deps,
  tx: Transaction,
  old: Session,
  state: S,
): Session<S> {
  deleteSession(tx, old);
  return createSession(deps, tx, { state, agent: old.agent });
}

/**
 * Begins the visit of a browser that is not logged in: a session of which nothing is stored as long as
 * nothing is known of it. Its cookie names it and says when it ends; the first commit that has something
 * to keep (`advanceSession`, `replaceSession`) makes the record.
 */
export function openVisit(deps: Deps, { agent }: { agent: string }): AnonymousSession {
  // A token ends at a whole second.
  const expiresAt = Math.floor((deps.now() + LIFE.anonymous.absolute) / 1_000) * 1_000;
  return visitAt(deps, { id: randomToken(), expiresAt, agent });
}

function visitAt(
  deps: Deps,
  { id, expiresAt, agent }: { id: string; expiresAt: number; agent: string },
): AnonymousSession {
  return {
    id,
    createdAt: expiresAt - LIFE.anonymous.absolute,
    lastSeenAt: deps.now(),
    expiresAt,
    agent: agent.slice(0, LONGEST_AGENT),
    state: { kind: "anonymous", certificate: null, onboarding: null },
    visit: true,
  };
}

/**
 * Reads the session again inside a transaction, so that of two requests with one session (a form
 * posted twice) only one makes its step. A visit that has become a record meanwhile is that record.
 */
export async function currentAnonymous(
  deps: Deps,
  tx: Transaction,
  session: Session,
): Promise<AnonymousSession | null> {
  const current = await tx.get(keys.session(session.id)) ?? (session.visit ? session : null);
  return current && isAnonymous(current) && isLive(deps, current) ? current : null;
}

/** Like `currentAnonymous`, of a person who is logged in. */
export async function currentLogin(
  deps: Deps,
  tx: Transaction,
  session: Session,
): Promise<Session<LoggedIn> | null> {
  const current = await tx.get(keys.session(session.id));
  return current && isLoggedIn(current) && isLive(deps, current) ? current : null;
}

/** Writes the next state of a session inside a commit; the id stays. */
export function advanceSession<S extends Anonymous | LoggedIn>(
  deps: Deps,
  tx: Transaction,
  session: Session<S>,
  state: S,
): Session<S> {
  return keepSeen(deps, tx, { ...session, state });
}

/** Logout: the record goes, so the cookie is worth nothing any more. */
export async function endSession(deps: Deps, session: Session): Promise<void> {
  await transact(deps.kv, (tx) => deleteSession(tx, session));
}

/** Ends every session of an account, `but` the one that goes on. */
export function endSessionsOf(
  deps: Deps,
  account: AccountId,
  { but }: { but?: string } = {},
): Promise<void> {
  return endSessionsUnder(deps, keys.sessionOfAccount.under(account), but);
}

/** Ends every session that a certificate was shown in, visits too. */
export function endSessionsWith(deps: Deps, sha256: string): Promise<void> {
  return endSessionsUnder(deps, keys.sessionByCertificate.under(sha256));
}

async function endSessionsUnder(
  deps: Deps,
  index: Prefix<number, [id: string]>,
  but?: string,
): Promise<void> {
  for await (const { key, rest: [id] } of list(deps.kv, index)) {
    if (id === but) continue;
    await transact(deps.kv, async (tx) => {
      const session = await tx.get(keys.session(id));
      if (session) deleteSession(tx, session);
      else tx.delete(key);
    });
  }
}

/**
 * Chooses the operadora of a session; a choice changes powers, so the session gets a new id. Its
 * absolute end stays, or choosing again and again would make a session that never ends.
 *
 * @returns null when the session has ended
 */
export async function chooseOperadora(
  deps: Deps,
  session: Session<LoggedIn>,
  cnpj: string,
): Promise<Session<LoggedIn> | null> {
  return await transact(deps.kv, async (tx) => {
    const current = await currentLogin(deps, tx, session);
    if (!current) return null;
    const { agent, expiresAt } = current;
    deleteSession(tx, current);
    const state = { ...current.state, operadora: cnpj };
    return createSession(deps, tx, { state, agent, expiresAt });
  });
}
