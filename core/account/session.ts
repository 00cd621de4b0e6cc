import type { Prefix } from "../store/key.ts";
import { jwtVerify, SignJWT } from "jose";
import { randomToken } from "../ids.ts";
import type { Portal } from "../portal.ts";
import { keys } from "../store/keys.ts";
import { list, read } from "../store/read.ts";
import type { LoggedIn, Session, Visit, Visiting } from "../store/records/session.ts";
import { transact, type Transaction } from "../store/transact.ts";

const MINUTE = 60_000;
export const LIFE = {
  visiting: { idle: 30 * MINUTE, absolute: 2 * 60 * MINUTE },
  person: { idle: 30 * MINUTE, absolute: 8 * 60 * MINUTE },
} as const;

/** `__Host-`: only this host, only over TLS (browsers make an exception for localhost), path `/`. */
export const SESSION_COOKIE = "__Host-habilita";

/** The value of the cookie: an HS256 token that names the session and ends with it. */
export async function sessionToken(portal: Portal, session: Session): Promise<string> {
  return await new SignJWT({ sid: session.id })
    .setProtectedHeader({ alg: "HS256" })
    .setAudience(portal.config.origin)
    .setExpirationTime(Math.floor(session.expiresAt / 1000))
    .sign(signingKey(portal));
}

/** Finds the session of a cookie: token genuine, record still there, neither idle nor too old. */
export async function readSession(
  portal: Portal,
  token: string,
): Promise<Session | null> {
  const id = await readToken(portal, token);
  if (!id) return null;
  const session = await read(portal.kv, keys.session(id));
  if (!session || !isLive(portal, session)) return null;
  // At most one write a minute.
  return portal.now() - session.lastSeenAt < MINUTE ? session : await touchSession(portal, id);
}

/** Reads again in the commit: a session that was ended in the meantime must not come back. */
async function touchSession(portal: Portal, id: string): Promise<Session | null> {
  return await transact(portal.kv, async (tx) => {
    const session = await tx.get(keys.session(id));
    if (!session || !isLive(portal, session)) return null;
    const seen = { ...session, lastSeenAt: portal.now() };
    tx.set(keys.session(id), seen, { expireIn: session.expiresAt - portal.now() });
    return seen;
  });
}

async function readToken(portal: Portal, token: string): Promise<string | null> {
  try {
    const { payload } = await jwtVerify(token, signingKey(portal), {
      algorithms: ["HS256"],
      audience: portal.config.origin,
      currentDate: new Date(portal.now()),
    });
    return typeof payload.sid === "string" ? payload.sid : null;
  } catch {
    return null;
  }
}

function signingKey(portal: Portal): Uint8Array {
  return new TextEncoder().encode(portal.config.secret);
}

function isLive(portal: Portal, session: Session): boolean {
  const now = portal.now();
  return now < session.expiresAt && now - session.lastSeenAt < LIFE[session.state.kind].idle;
}

export function isVisit(session: Session): session is Visit {
  return session.state.kind === "visiting";
}

export function isLoggedIn(session: Session): session is Session<LoggedIn> {
  return session.state.kind === "person";
}

/** Writes a new session inside a commit; it ends at `expiresAt`, or after the usual life. */
export function createSession<S extends Visiting | LoggedIn>(
  portal: Portal,
  tx: Transaction,
  { state, agent, expiresAt }: { state: S; agent: string; expiresAt?: number },
): Session<S> {
  const now = portal.now();
  const session: Session<S> = {
    id: randomToken(),
    createdAt: now,
    lastSeenAt: now,
    expiresAt: expiresAt ?? now + LIFE[state.kind].absolute,
    agent: agent.slice(0, 200),
    state,
  };
  const expireIn = session.expiresAt - now;
  tx.set(keys.session(session.id), session, { expireIn });
  if (state.kind === "person") {
    tx.set(keys.sessionByPerson(state.cpf, session.id), now, { expireIn });
  }
  if (state.certificate) {
    tx.set(keys.sessionByCertificate(state.certificate.sha256, session.id), now, { expireIn });
  }
  return session;
}

/** Ends a session inside a commit. */
export function deleteSession(tx: Transaction, { id, state }: Session): void {
  tx.delete(keys.session(id));
  if (state.kind === "person") tx.delete(keys.sessionByPerson(state.cpf, id));
  if (state.certificate) tx.delete(keys.sessionByCertificate(state.certificate.sha256, id));
}

/** A new session with a new id takes the place of `old` (ASVS 7.2.4: at login, at new powers). */
export function replaceSession<S extends Visiting | LoggedIn>(
  portal: Portal,
  tx: Transaction,
  old: Session,
  state: S,
): Session<S> {
  deleteSession(tx, old);
  return createSession(portal, tx, { state, agent: old.agent });
}

/** Opens the session of somebody who is not known yet. */
export async function openVisit(
  portal: Portal,
  { agent }: { agent: string },
): Promise<Visit> {
  const state: Visiting = {
    kind: "visiting",
    certificate: null,
    registration: null,
    firstAccess: null,
  };
  return await transact(portal.kv, (tx) => createSession(portal, tx, { state, agent }));
}

/**
 * Reads the session again inside a transaction, so that of two requests with one session (a form
 * posted twice) only one makes its step.
 */
export async function currentVisit(
  portal: Portal,
  tx: Transaction,
  session: Session,
): Promise<Visit | null> {
  const current = await tx.get(keys.session(session.id));
  return current && isVisit(current) && isLive(portal, current) ? current : null;
}

/** Like `currentVisit`, of somebody who is logged in. */
export async function currentLogin(
  portal: Portal,
  tx: Transaction,
  session: Session,
): Promise<Session<LoggedIn> | null> {
  const current = await tx.get(keys.session(session.id));
  return current && isLoggedIn(current) && isLive(portal, current) ? current : null;
}

/** Writes the next state of a session inside a commit; the id stays. */
export function advanceSession<S extends Visiting | LoggedIn>(
  portal: Portal,
  tx: Transaction,
  session: Session<S>,
  state: S,
): Session<S> {
  const next = { ...session, state, lastSeenAt: portal.now() };
  tx.set(keys.session(session.id), next, { expireIn: session.expiresAt - portal.now() });
  return next;
}

/** Logout: the record goes, so the cookie is worth nothing any more. */
export async function endSession(portal: Portal, session: Session): Promise<void> {
  await transact(portal.kv, (tx) => deleteSession(tx, session));
}

/** Ends every session of a person, `but` the one that goes on. */
export function endSessionsOf(
  portal: Portal,
  cpf: string,
  { but }: { but?: string } = {},
): Promise<void> {
  return endSessionsUnder(portal, keys.sessionByPerson.under(cpf), but);
}

/** Ends every session that a certificate was shown in, visits too. */
export function endSessionsWith(portal: Portal, sha256: string): Promise<void> {
  return endSessionsUnder(portal, keys.sessionByCertificate.under(sha256));
}

async function endSessionsUnder(
  portal: Portal,
  index: Prefix<number, [id: string]>,
  but?: string,
): Promise<void> {
  for await (const { key, rest: [id] } of list(portal.kv, index)) {
    if (id === but) continue;
    await transact(portal.kv, async (tx) => {
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
  portal: Portal,
  session: Session<LoggedIn>,
  cnpj: string,
): Promise<Session<LoggedIn> | null> {
  return await transact(portal.kv, async (tx) => {
    const current = await currentLogin(portal, tx, session);
    if (!current) return null;
    const { agent, expiresAt } = current;
    deleteSession(tx, current);
    const state = { ...current.state, operadora: cnpj };
    return createSession(portal, tx, { state, agent, expiresAt });
  });
}
