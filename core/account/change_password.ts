import { auditOwn } from "../audit/append.ts";
import type { Deps } from "../deps.ts";
import { passwordChanged, type PasswordOrigin } from "../mails/account_mails.ts";
import { notify } from "../notify/notify.ts";
import { accept, refuse, type Result } from "../result.ts";
import { keys } from "../store/keys.ts";
import type { Account, PasswordCredential } from "../store/records/account.ts";
import type { LoggedIn, Session } from "../store/records/session.ts";
import { transact, type Transaction } from "../store/transact.ts";
import type { AccountCode } from "./messages.ts";
import { checkPassword, hashPassword, passwordPlace } from "./password.ts";
import { reauthenticate } from "./reauthenticate.ts";
import { createSession, endSessionsOf } from "./session.ts";
import { endSessionsInCommit } from "./session_list.ts";

export interface PasswordChange {
  /** Not looked at for a person who has none. */
  current: string;
  password: string;
  repeated: string;
  /** Names of the companies the person works for: the password must not hold them. */
  companies: readonly string[];
}

/**
 * A new password in place of the one that is known (ASVS 6.2.3), or a first one for a person who has
 * come in with gov.br only. Every other session ends; the person goes on in a new one.
 *
 * @returns the session that takes the place of `session`
 */
export async function changePassword(
  deps: Deps,
  session: Session<LoggedIn>,
  address: string | null,
  form: PasswordChange,
): Promise<Result<Session<LoggedIn>, AccountCode>> {
  const { account } = session.state;
  if (form.password !== form.repeated) return refuse("passwords_differ");
  using place = passwordPlace();
  const known = await reauthenticate(deps, session, { password: form.current, address, place });
  if (!known.ok) return known;
  const { name, cpf } = known.data;
  const before = known.data.password?.hash ?? null;
  if (before && form.password === form.current) return refuse("password_same");
  const owner = { name, cpf, companies: form.companies };
  const checked = await checkPassword(deps.config.passwordPolicy, form.password, owner);
  if (!checked.ok) return checked;
  const passwordHash = await hashPassword(deps, cpf, form.password, place);

  const changed = await transact(deps.kv, async (tx) => {
    const [person, open] = await tx.getMany([
      keys.account(account),
      keys.session(session.id),
    ]);
    if (!open) return refuse<AccountCode>("session_ended");
    if (!person?.active || (person.password?.hash ?? null) !== before) {
      return refuse<AccountCode>("password_refused");
    }
    // What the session does not open or speak for, a password chosen in it does not either.
    const { confirmedUnder, mailboxes, amr } = open.state as LoggedIn;
    const password = { hash: passwordHash, confirmedUnder, mailboxes };
    await putPassword(deps, tx, person, password, before ? "changed" : "created");
    // What the login was by beside a password (gov.br, a certificate) is no newer for this one.
    const renewed = before !== null && amr.every((method) => method === "pwd");
    const authenticatedAt = renewed ? deps.now() : session.state.authenticatedAt;
    return accept(createSession<LoggedIn>(deps, tx, {
      agent: session.agent,
      state: { ...session.state, authenticatedAt },
    }));
  });
  if (changed.ok) await endSessionsOf(deps, account, { but: changed.data.id });
  return changed;
}

/** Writes a new password, ends the sessions there are and tells the person. */
export async function putPassword(
  deps: Deps,
  tx: Transaction,
  person: Account,
  password: PasswordCredential,
  how: PasswordOrigin,
): Promise<void> {
  tx.set(keys.account(person.id), { ...person, password });
  await endSessionsInCommit(deps, tx, person.id);
  notify(deps, tx, person, passwordChanged(how, deps.config.origin));
  await auditOwn(deps, tx, person, `password.${how}`);
}
