import { auditOwn } from "../audit/append.ts";
import type { Deps } from "../deps.ts";
import { confirmationCode, emailChanged, emailLeft } from "../mails/account_mails.ts";
import { notifyAddress } from "../notify/notify.ts";
import { accept, refuse, type Result } from "../result.ts";
import { keys } from "../store/keys.ts";
import { read } from "../store/read.ts";
import type { EmailChange } from "../store/records/account.ts";
import type { LoggedIn, Session } from "../store/records/session.ts";
import { transact } from "../store/transact.ts";
import { CODE_LIFE, CODE_MINUTES, consumeCode, makeCode, storeCode, tryCode } from "./code.ts";
import type { AccountCode } from "./messages.ts";
import { parseEmail } from "./account.ts";
import { reauthenticate } from "./reauthenticate.ts";
import { consumeAttempt, type Limit, mayMailCode } from "./throttle.ts";
import { rememberAddress, UNDO_LIFE } from "./undo_email.ts";

const PURPOSE = "email_change";

/** The form has mail sent to any address: not to be asked in bulk. */
const CHANGES: Limit = { what: "email_change", attempts: 5, window: 24 * 60 * 60_000 };

/**
 * Sends a code to the new address, whoever has it: only who reads it learns that it is taken. Nothing
 * changes until the code comes back.
 */
export async function requestEmailChange(
  deps: Deps,
  session: Session<LoggedIn>,
  form: { email: string; password: string; address: string | null },
): Promise<Result<null, AccountCode>> {
  const { account } = session.state;
  const email = parseEmail(form.email);
  if (!email) return refuse("email_invalid");
  const known = await reauthenticate(deps, session, form);
  if (!known.ok) return known;
  if (known.data.email === email) return refuse("email_same");
  const throttled = await consumeAttempt(deps, CHANGES, account);
  if (!throttled.ok) return throttled;
  const may = await mayMailCode(deps, { mailbox: email, network: form.address });
  const code = makeCode();
  return await transact(deps.kv, async (tx) => {
    if (!await tx.get(keys.session(session.id))) return refuse<AccountCode>("session_ended");
    const change: EmailChange = { email, expiresAt: deps.now() + CODE_LIFE };
    tx.set(keys.emailChange(session.id), change, { expireIn: CODE_LIFE });
    await storeCode(deps, tx, { purpose: PURPOSE, owner: session.id, code });
    if (may) notifyAddress(deps, tx, email, confirmationCode(code, CODE_MINUTES));
    return accept(null);
  });
}

/** The address that waits for its code in this session, or null. */
export async function pendingEmail(
  deps: Deps,
  session: Session<LoggedIn>,
): Promise<string | null> {
  const change = await read(deps.kv, keys.emailChange(session.id));
  return change && change.expiresAt > deps.now() ? change.email : null;
}

/**
 * The code came back: the address changes. Both addresses are told; the one before stays kept for
 * the person while it can still undo the change.
 */
export async function confirmEmailChange(
  deps: Deps,
  session: Session<LoggedIn>,
  typedCode: string,
): Promise<Result<null, AccountCode>> {
  const { account } = session.state;
  const code = { purpose: PURPOSE, owner: session.id, typed: typedCode };
  if (!await pendingEmail(deps, session)) return refuse("email_change_missing");
  const tried = await tryCode(deps, code);
  if (!tried.ok) return tried;
  return await transact(deps.kv, async (tx) => {
    const [change, person, open] = await tx.getMany([
      keys.emailChange(session.id),
      keys.account(account),
      keys.session(session.id),
    ]);
    if (!open || !person?.active) return refuse<AccountCode>("session_ended");
    if (!change || !await consumeCode(deps, tx, code)) return refuse<AccountCode>("code_expired");
    const { email } = change;
    const holder = await tx.get(keys.accountByEmail(email));
    if (holder && holder !== account) return refuse<AccountCode>("email_taken");
    const undoAddress = await rememberAddress(deps, tx, person);
    tx.set(keys.account(account), { ...person, email });
    tx.set(keys.accountByEmail(email), account);
    tx.delete(keys.emailChange(session.id));
    const left = { newEmail: email, undoAddress, hours: UNDO_LIFE / 3_600_000 };
    notifyAddress(deps, tx, person.email!, emailLeft(left), person.name);
    notifyAddress(deps, tx, email, emailChanged(), person.name);
    await auditOwn(deps, tx, person, "email.changed");
    return accept(null);
  });
}
