import { getBinding, stillRepresents } from "../account/binding.ts";
import type { AccountCode } from "../account/messages.ts";
import { invitationByPassword } from "../access/invitations/invitation.ts";
import { onlyOperadoraOf } from "../account/operadoras.ts";
import { passwordPlace, verifyPassword } from "../account/password.ts";
import { getAccount, getAccountOfCpf } from "../account/account.ts";
import { currentAnonymous } from "../account/session.ts";
import { auditFailure, consumeLoginAttempt, refundLoginAttempts } from "../account/throttle.ts";
import type { Deps } from "../deps.ts";
import { parseCpf } from "../registry/numbers.ts";
import { accept, refuse, type Result } from "../result.ts";
import { keys } from "../store/keys.ts";
import type { Account } from "../store/records/account.ts";
import type { Anonymous, LoggedIn, Session } from "../store/records/session.ts";
import { transact, type Transaction } from "../store/transact.ts";
import { openInvitation } from "./invitation.ts";
import { openSession } from "./open_session.ts";

export type PasswordLogin =
  | { next: "logged_in"; session: Session<LoggedIn> }
  | { next: "first_access"; session: Session<Anonymous> };

export interface Client {
  /** Network address of the browser; only for counting attempts. */
  address: string;
  agent: string;
}

/**
 * Entry with CPF and password. The provisional password of an invitation opens that instead (J7), also
 * for a CPF that has an account. Whether the CPF is unknown or the password wrong cannot be told from
 * the answer or its time.
 */
export async function loginWithPassword(
  deps: Deps,
  caller: Client & { session: Session | null },
  typed: { cpf: string; password: string },
): Promise<Result<PasswordLogin, AccountCode>> {
  const cpf = parseCpf(typed.cpf);
  if (!cpf) return refuse("cpf_invalid");
  using place = passwordPlace();
  const finding = getAccountOfCpf(deps, cpf);
  const inviting = invitationByPassword(deps, cpf, typed.password);
  const who = finding.then((found) => found?.id ?? cpf);
  const throttled = await consumeLoginAttempt(deps, who, caller.address);
  if (!throttled.ok) return throttled;

  const [person, invitation] = await Promise.all([finding, inviting]);
  const verified = await verifyPassword(person?.password?.hash ?? null, typed.password, place);
  if (!verified || !person) {
    if (invitation) {
      const [opened] = await Promise.all([
        openInvitation(deps, caller, invitation),
        refundLoginAttempts(deps, person?.id ?? cpf, caller.address),
      ]);
      return opened;
    }
    await auditFailure(deps, cpf, person);
    return refuse("login_refused");
  }
  if (!person.active) return refuse("person_inactive");
  const [operadora] = await Promise.all([
    onlyOperadoraOf(deps, person.id),
    refundLoginAttempts(deps, person.id, caller.address),
  ]);
  const from = { ...caller.session, agent: caller.agent };
  return await transact(deps.kv, async (tx): Promise<Result<PasswordLogin, AccountCode>> => {
    // Side by side: what a refused commit has opened is not written.
    const [unchanged, opened] = await Promise.all([
      isUnchanged(tx, person),
      openSession(deps, tx, { person, method: "password", from, operadora }),
    ]);
    return unchanged ? accept({ next: "logged_in", session: opened }) : refuse("login_refused");
  });
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
  if (!operadora || session.state.onboarding) return refuse("step_out_of_order");
  if (certificate.notAfter < deps.now()) return refuse("certificate_expired_meanwhile");
  const binding = await getBinding(deps, operadora);
  const bound = stillRepresents(binding.representative, binding.operadora) &&
    binding.certificate?.sha256 === certificate.sha256;
  if (!bound) return refuse("step_out_of_order");

  const { account } = binding.representative!;
  using place = passwordPlace();
  const throttled = await consumeLoginAttempt(deps, account, caller.address);
  if (!throttled.ok) return throttled;
  const person = await getAccount(deps, account);
  if (!await verifyPassword(person?.password?.hash ?? null, password, place) || !person) {
    if (person) await auditFailure(deps, person.cpf, person);
    return refuse("password_refused");
  }
  if (!person.active) return refuse("person_inactive");
  await refundLoginAttempts(deps, account, caller.address);

  return await transact(deps.kv, async (tx) => {
    const [anonymous, unchanged] = await Promise.all([
      currentAnonymous(deps, tx, session),
      isUnchanged(tx, person),
    ]);
    if (!anonymous) return refuse<AccountCode>("session_ended");
    if (!unchanged) return refuse<AccountCode>("password_refused");
    const signIn = { person, method: "certificate", from: anonymous, certificate } as const;
    return accept(await openSession(deps, tx, signIn));
  });
}

/** Is the person whose password was verified the same in the commit: nothing changed or ended? */
async function isUnchanged(tx: Transaction, verified: Account): Promise<boolean> {
  const person = await tx.get(keys.account(verified.id));
  return person !== null && person.active && person.password?.hash === verified.password?.hash;
}
