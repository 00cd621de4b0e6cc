import { appendAudit } from "../audit/append.ts";
import type { Deps } from "../deps.ts";
import { parseCpf } from "../registry/numbers.ts";
import { accept, refuse, type Result } from "../result.ts";
import { keys } from "../store/keys.ts";
import type { Person } from "../store/records/account.ts";
import type { Anonymous, LoggedIn, Session } from "../store/records/session.ts";
import { transact, type Transaction } from "../store/transact.ts";
import type { AccountCode } from "../account/messages.ts";
import { verifyPassword } from "../account/password.ts";
import { auditFailure, consumeLoginAttempt, refundLoginAttempts } from "../account/throttle.ts";
import { getPerson } from "../account/person.ts";
import { getBinding, stillRepresents } from "../account/binding.ts";
import {
  createSession,
  currentAnonymous,
  deleteSession,
  replaceSession,
} from "../account/session.ts";

export type PasswordLogin =
  | { next: "logged_in"; session: Session<LoggedIn> }
  | { next: "first_access"; session: Session<Anonymous> };

export interface Client {
  /** Network address of the browser; only for counting attempts. */
  address: string;
  agent: string;
}

/**
 * Entry with CPF and password. A provisional password opens the first access instead (J7). Whether
 * the CPF is unknown or the password wrong cannot be told from the answer or its time.
 */
export async function loginWithPassword(
  deps: Deps,
  caller: Client & { session: Session | null },
  typed: { cpf: string; password: string },
): Promise<Result<PasswordLogin, AccountCode>> {
  const cpf = parseCpf(typed.cpf);
  if (!cpf) return refuse("cpf_invalid");
  const throttled = await consumeLoginAttempt(deps, cpf, caller.address);
  if (!throttled.ok) return throttled;

  const person = await getPerson(deps, cpf);
  const hash = person?.passwordHash ?? person?.provisional?.hash ?? null;
  if (!await verifyPassword(hash, typed.password) || !person) {
    await auditFailure(deps, cpf, person);
    return refuse("login_refused");
  }
  if (!person.active) return refuse("person_inactive");
  await refundLoginAttempts(deps, cpf, caller.address);
  if (person.passwordHash) {
    const state = loggedIn(deps, person);
    const opened = await open(deps, person, caller, { event: "login.password", state });
    return opened.ok ? accept({ next: "logged_in", session: opened.data }) : opened;
  }
  const { expiresAt, hash: provisionalHash } = person.provisional!;
  if (expiresAt <= deps.now()) return refuse("provisional_expired");
  const state = firstAccess(person, provisionalHash);
  const opened = await open(deps, person, caller, { event: "login.provisional", state });
  return opened.ok ? accept({ next: "first_access", session: opened.data }) : opened;
}

/** Entry of a known representative: the certificate was shown, now the password (J2). */
export async function loginWithCertificatePassword(
  deps: Deps,
  session: Session<Anonymous>,
  caller: Client,
  password: string,
): Promise<Result<Session<LoggedIn>, AccountCode>> {
  const certificate = session.state.certificate;
  const operadora = certificate?.operadora;
  if (!operadora || session.state.firstAccess) return refuse("step_out_of_order");
  if (certificate.notAfter < deps.now()) return refuse("certificate_expired_meanwhile");
  const door = await getBinding(deps, operadora);
  const bound = stillRepresents(door.representative, door.operadora) &&
    door.certificate?.sha256 === certificate.sha256;
  if (!bound) return refuse("step_out_of_order");

  const { cpf } = door.representative!;
  const throttled = await consumeLoginAttempt(deps, cpf, caller.address);
  if (!throttled.ok) return throttled;
  const person = await getPerson(deps, cpf);
  if (!await verifyPassword(person?.passwordHash ?? null, password) || !person) {
    await auditFailure(deps, cpf, person);
    return refuse("password_refused");
  }
  if (!person.active) return refuse("person_inactive");
  await refundLoginAttempts(deps, cpf, caller.address);

  return await transact(deps.kv, async (tx) => {
    const anonymous = await currentAnonymous(deps, tx, session);
    if (!anonymous) return refuse<AccountCode>("session_ended");
    if (!await isUnchanged(tx, person)) return refuse<AccountCode>("password_refused");
    await appendAudit(deps, tx, {
      stream: operadora,
      event: "login.certificate",
      actor: person.id,
      subject: operadora,
      detail: { certificate: certificate.sha256 },
    });
    return accept(replaceSession<LoggedIn>(deps, tx, anonymous, {
      kind: "person",
      cpf,
      certificate,
      operadora,
      authenticatedAt: deps.now(),
    }));
  });
}

/** Is the person whose password was verified the same in the commit: nothing changed or ended? */
async function isUnchanged(tx: Transaction, verified: Person): Promise<boolean> {
  const person = await tx.get(keys.person(verified.cpf));
  return person !== null && person.active && person.passwordHash === verified.passwordHash &&
    person.provisional?.hash === verified.provisional?.hash;
}

function loggedIn(deps: Deps, person: Person): LoggedIn {
  return {
    kind: "person",
    cpf: person.cpf,
    certificate: null,
    operadora: null,
    authenticatedAt: deps.now(),
  };
}

/** The first access that a provisional password opens; it is good while that password is. */
function firstAccess(person: Person, provisionalHash: string): Anonymous {
  return {
    kind: "anonymous",
    certificate: null,
    registration: null,
    firstAccess: {
      role: "usuario",
      step: "termos",
      name: person.name,
      cpf: person.cpf,
      provisionalHash,
      termsVersion: null,
      draft: null,
    },
  };
}

/** A new session in place of the one the browser came with, and its record in the audit log. */
async function open<S extends LoggedIn | Anonymous>(
  deps: Deps,
  person: Person,
  caller: Client & { session: Session | null },
  { event, state }: { event: string; state: S },
): Promise<Result<Session<S>, AccountCode>> {
  return await transact(deps.kv, async (tx) => {
    if (!await isUnchanged(tx, person)) return refuse<AccountCode>("login_refused");
    if (caller.session) deleteSession(tx, caller.session);
    await appendAudit(deps, tx, {
      stream: "portal",
      event,
      actor: person.id,
      subject: person.id,
    });
    return accept(createSession(deps, tx, { agent: caller.agent, state }));
  });
}
