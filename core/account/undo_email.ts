import { auditOwn } from "../audit/append.ts";
import { randomToken } from "../ids.ts";
import { isKeyedHash, keyedHash } from "../secrets.ts";
import type { Deps } from "../deps.ts";
import { emailUndone } from "../mails/account_mails.ts";
import { notifyAddress } from "../notify/notify.ts";
import { accept, refuse, type Result } from "../result.ts";
import { keys } from "../store/keys.ts";
import type { Account, AccountId, FormerAddress } from "../store/records/account.ts";
import { transact, type Transaction } from "../store/transact.ts";
import { parseAccountId } from "./account.ts";
import type { AccountCode } from "./messages.ts";
import { endSessionsOf } from "./session.ts";
import { endSessionsInCommit } from "./session_list.ts";
import { cutLink } from "./telegram/link.ts";

/** How long the address before can take a change back: 72 hours. */
export const UNDO_LIFE = 72 * 60 * 60_000;

/**
 * Keeps the address the person has until now, inside the commit that changes it: no other account can
 * take it while it may come back.
 *
 * @returns the address (URL) that takes the change back; for the mail to that address only
 */
export async function rememberAddress(
  deps: Deps,
  tx: Transaction,
  person: Account,
): Promise<string> {
  const token = randomToken();
  const former: FormerAddress = {
    email: person.email!,
    hash: keyedHash(deps.config, "undo links", person.id, token),
    expiresAt: deps.now() + UNDO_LIFE,
  };
  const formers = await formersOf(deps, tx, person.id);
  tx.set(keys.emailUndo(person.id), [...formers, former], { expireIn: UNDO_LIFE });
  tx.set(keys.accountByEmail(former.email), person.id, { expireIn: UNDO_LIFE });
  return `${deps.config.origin}/desfazer-email?pessoa=${person.id}&chave=${token}`;
}

/**
 * Takes a change of address back: the person has again the address that the link went to. Whoever made
 * the change knew the password: it ends, and with it the linked chat and all sessions (`protected` in
 * `EFFECTS`); a code to the address gives another password. The links sent to later addresses end too,
 * or the maker of the change could make it again with theirs.
 *
 * @returns the address that is in force again
 */
export async function undoEmailChange(
  deps: Deps,
  { id, token }: { id: string; token: string },
): Promise<Result<string, AccountCode>> {
  const account = parseAccountId(id);
  if (!account) return refuse("email_undo_invalid");
  const undone = await transact(deps.kv, async (tx) => {
    const person = await tx.get(keys.account(account));
    const formers = await formersOf(deps, tx, account);
    const index = formers.findIndex(({ hash }) =>
      isKeyedHash(deps.config, hash, "undo links", account, token)
    );
    if (index < 0 || !person) return refuse<AccountCode>("email_undo_invalid");
    const { email } = formers[index]!;
    const kept = formers.slice(0, index);
    for (const dropped of [...formers.slice(index + 1).map((one) => one.email), person.email!]) {
      const stillKept = kept.some((former) => former.email === dropped);
      if (dropped !== email && !stillKept) tx.delete(keys.accountByEmail(dropped));
    }
    tx.set(keys.emailUndo(account), kept, { expireIn: UNDO_LIFE });
    tx.set(keys.account(account), { ...person, email, password: null });
    // Without an end again.
    tx.set(keys.accountByEmail(email), account);
    await Promise.all([endSessionsInCommit(deps, tx, account), cutLink(deps, tx, account)]);
    const text = emailUndone(email, deps.config.origin);
    for (const to of new Set([email, person.email!])) {
      notifyAddress(deps, tx, to, text, person.name);
    }
    await auditOwn(deps, tx, person, "email.undone");
    return accept(email);
  });
  if (undone.ok) await endSessionsOf(deps, account);
  return undone;
}

/**
 * Lets go of every address of a person, inside the commit that takes the record from them: none
 * of them comes back, and each is free for its reader.
 */
export async function forgetAddresses(
  deps: Deps,
  tx: Transaction,
  person: Account,
): Promise<void> {
  const formers = await formersOf(deps, tx, person.id);
  for (const { email } of formers) tx.delete(keys.accountByEmail(email));
  if (person.email) tx.delete(keys.accountByEmail(person.email));
  tx.delete(keys.emailUndo(person.id));
}

async function formersOf(
  deps: Deps,
  tx: Transaction,
  account: AccountId,
): Promise<FormerAddress[]> {
  const stored = await tx.get(keys.emailUndo(account)) ?? [];
  return stored.filter(({ expiresAt }) => expiresAt > deps.now());
}
