import { jwtVerify, SignJWT } from "jose";
import { randomToken } from "../ids.ts";
import type { Portal } from "../portal.ts";
import { transact, type Transaction } from "../store/transact.ts";
import type { CertificateRegistration } from "./certificate_registration/state.ts";
import type { FirstAccess } from "./first_access_state.ts";
import type { GovbrLevel } from "./govbr/level.ts";
import { keys } from "./keys.ts";

/** What the portal takes from a certificate that has been verified. */
export interface PresentedCertificate {
  /** Of the DER, lower-case hex. */
  sha256: string;
  /** Of the company the certificate was issued to. */
  cnpj: string;
  companyName: string;
  responsible: { name: string; cpf: string | null } | null;
  /** Milliseconds since the epoch. */
  notAfter: number;
}

/** A certificate in a session. */
export interface SeenCertificate extends PresentedCertificate {
  /**
   * CNPJ of the operadora whose door it opens: of the one it is registered for, which need not be
   * its own company. Null until a registration says which.
   */
  operadora: string | null;
}

/** On the way in: a certificate may have been shown, then at most one of the two ways has begun. */
export interface Visiting {
  kind: "visiting";
  certificate: SeenCertificate | null;
  registration: CertificateRegistration | null;
  firstAccess: FirstAccess | null;
}

export interface LoggedIn {
  kind: "person";
  cpf: string;
  /** Only a session opened with the company's certificate carries the representative's powers. */
  certificate: SeenCertificate | null;
  /** CNPJ of the operadora chosen for this session. */
  operadora: string | null;
  authenticatedAt: number;
  /** Only in a session opened with gov.br: the level that the person's account had. */
  govbr?: { level: GovbrLevel };
  /** Thumbprint of the computer's key that has signed a challenge of this session. */
  computer?: string;
}

export interface Session<S extends Visiting | LoggedIn = Visiting | LoggedIn> {
  /** 128 random bits. */
  id: string;
  createdAt: number;
  lastSeenAt: number;
  /** Absolute end, whatever the use. */
  expiresAt: number;
  agent: string;
  state: S;
}

export type Visit = Session<Visiting>;

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
  const session = (await portal.kv.get<Session>(keys.session(id))).value;
  if (!session || !isLive(portal, session)) return null;
  // At most one write a minute.
  return portal.now() - session.lastSeenAt < MINUTE ? session : await touchSession(portal, id);
}

/** Reads again in the commit: a session that was ended in the meantime must not come back. */
async function touchSession(portal: Portal, id: string): Promise<Session | null> {
  return await transact(portal.kv, async (tx) => {
    const session = await tx.get<Session>(keys.session(id));
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
  const current = await tx.get<Session>(keys.session(session.id));
  const usable = current?.state.kind === "visiting" && isLive(portal, current);
  return usable ? current as Visit : null;
}

/** Like `currentVisit`, of somebody who is logged in. */
export async function currentLogin(
  portal: Portal,
  tx: Transaction,
  session: Session,
): Promise<Session<LoggedIn> | null> {
  const current = await tx.get<Session>(keys.session(session.id));
  const usable = current?.state.kind === "person" && isLive(portal, current);
  return usable ? current as Session<LoggedIn> : null;
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
  return endSessionsUnder(portal, keys.sessionsOfPerson(cpf), but);
}

/** Ends every session that a certificate was shown in, visits too. */
export function endSessionsWith(portal: Portal, sha256: string): Promise<void> {
  return endSessionsUnder(portal, keys.sessionsOfCertificate(sha256));
}

async function endSessionsUnder(
  portal: Portal,
  index: Deno.KvKey,
  but?: string,
): Promise<void> {
  for await (const { key } of portal.kv.list({ prefix: index })) {
    if (key.at(-1) === but) continue;
    await transact(portal.kv, async (tx) => {
      const session = await tx.get<Session>(keys.session(key.at(-1) as string));
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
