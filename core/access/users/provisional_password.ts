import type { AccountCode } from "../../account/messages.ts";
import { hashPassword, makeProvisionalPassword, passwordPlace } from "../../account/password.ts";
import { parseEmail, PROVISIONAL_LIFE } from "../../account/account.ts";
import { consumeAttempt, type Limit } from "../../account/throttle.ts";
import { appendAudit } from "../../audit/append.ts";
import type { Deps } from "../../deps.ts";
import { notifyAddress, reachableEmail } from "../../notify/notify.ts";
import { type By, contactMoved, provisionalPassword } from "../../mails/user_mails.ts";
import { accept, refuse, type Result } from "../../result.ts";
import { keys } from "../../store/keys.ts";
import { list } from "../../store/read.ts";
import type { Account, AccountId } from "../../store/records/account.ts";
import type { Operadora } from "../../store/records/registry.ts";
import { transact, type Transaction } from "../../store/transact.ts";
import type { AccessCode } from "../messages.ts";

const HOUR = 60 * 60_000;

/** Mails with a provisional password to one person. */
const RENEWALS: Limit = { what: "provisional_renewal", attempts: 5, window: HOUR };

/**
 * The representative has another provisional password sent to a person who has not finished the
 * first access; the one before ends. It goes to the address the person was registered with, never to
 * another one.
 *
 * @returns refused for a person who is not the operadora's or has finished, and after 5 within an hour
 */
export async function renewProvisionalPassword(
  deps: Deps,
  actor: Account,
  operadora: Operadora,
  person: Account,
): Promise<Result<null, AccessCode | AccountCode>> {
  const order = { actor, operadora, event: "user.provisional_renewed" };
  return await replacePassword(deps, order, person, (current) => {
    const to = reachableEmail(current);
    return to ? accept({ to, next: current }) : refuse("first_access_done");
  });
}

/**
 * The representative mends the address of a person who has not finished the first access. A new
 * provisional password goes there; the one sent to the wrong address ends. Not when another operadora
 * has registered the person too: it would come to hold the key to what that one grants.
 *
 * @param typed the address as typed
 * @returns refused as `renewProvisionalPassword` is, for what is no address, and for a person of others
 */
export async function changeContactEmail(
  deps: Deps,
  actor: Account,
  operadora: Operadora,
  person: Account,
  typed: string,
): Promise<Result<null, AccessCode | AccountCode>> {
  const email = parseEmail(typed);
  if (!email) return refuse("email_invalid");
  const order = { actor, operadora, event: "user.contact_changed" };
  return await replacePassword(deps, order, person, async (current, tx, by) => {
    // Another operadora that registers the person writes their record: this work runs again then.
    if (await hasOtherOperadora(deps, current.id)) return refuse("user_of_others_too");
    const { contactEmail: before } = current;
    if (before && before !== email) notifyAddress(deps, tx, before, contactMoved(by));
    return accept({ to: email, next: { ...current, contactEmail: email } });
  });
}

type Changed = Result<{ to: string; next: Account }, AccessCode>;

/**
 * Gives a person who has not finished the first access another provisional password.
 * @param change says where the password is sent, and how else the record changes in the same commit
 */
async function replacePassword(
  deps: Deps,
  { actor, operadora: { cnpj, razaoSocial }, event }: {
    actor: Account;
    operadora: Operadora;
    event: string;
  },
  { id, cpf }: Account,
  change: (current: Account, tx: Transaction, by: By) => Changed | Promise<Changed>,
): Promise<Result<null, AccessCode | AccountCode>> {
  using place = passwordPlace();
  const throttled = await consumeAttempt(deps, RENEWALS, id);
  if (!throttled.ok) return throttled;
  const password = makeProvisionalPassword();
  const hash = await hashPassword(password, place);
  return await transact(deps.kv, async (tx) => {
    const [current, user] = await tx.getMany([keys.account(id), keys.userOfOperadora(cnpj, id)]);
    if (!user || !current) return refuse<AccessCode>("user_not_found");
    if (!current.provisional) return refuse<AccessCode>("first_access_done");
    const by = { operadora: razaoSocial, origin: deps.config.origin };
    const changed = await change(current, tx, by);
    if (!changed.ok) return changed;
    const { to, next } = changed.data;
    const expiresAt = deps.now() + PROVISIONAL_LIFE;
    tx.set(keys.account(id), { ...next, provisional: { ...current.provisional, hash, expiresAt } });
    const text = provisionalPassword({ cpf, password, hours: PROVISIONAL_LIFE / HOUR }, by);
    notifyAddress(deps, tx, to, text, current.name);
    await appendAudit(deps, tx, { stream: cnpj, event, actor: actor.id, subject: id });
    return accept(null);
  });
}

/** Counts those that have deactivated the person too: they may let them in again. */
async function hasOtherOperadora(deps: Deps, account: AccountId): Promise<boolean> {
  const entries = list(deps.kv, keys.operadoraOfUser.under(account), { limit: 2 });
  return (await Array.fromAsync(entries)).length > 1;
}
