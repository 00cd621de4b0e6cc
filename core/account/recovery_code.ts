import type { Deps } from "../deps.ts";
import { recoveryCode } from "../mails/account_mails.ts";
import { mailTo, notify } from "../notify/notify.ts";
import { enqueueDecoy } from "../outbox/enqueue.ts";
import type { Account } from "../store/records/account.ts";
import type { RecoveryJob } from "../store/records/account.ts";
import { transact } from "../store/transact.ts";
import { accountIdsOfCpf, accountOfEmail, getAccounts, type Handle, NOBODY } from "./account.ts";
import { CODE_MINUTES, derivedCode, isDerivedCode } from "./code.ts";
import { mayMailCode } from "./throttle.ts";

/** An account that a code is mailed to. */
type Recoverable = Account & { email: string };

/**
 * The accounts whose password a handle recovers: that with the e-mail, or every one that the CPF leads
 * to, at most 20. Not those that are deactivated, or have not finished their first access. As many
 * round trips whether there are any or not.
 */
export async function recoverableBy(deps: Deps, handle: Handle): Promise<Recoverable[]> {
  if ("email" in handle) {
    const account = await accountOfEmail(deps, handle.email);
    return account && isRecoverable(account) ? [account] : [];
  }
  const ids = await accountIdsOfCpf(deps, handle.cpf);
  const found = await getAccounts(deps, ids.length > 0 ? ids : [NOBODY]);
  return found.filter(isRecoverable);
}

function isRecoverable(account: Account): account is Recoverable {
  return account.active && account.email !== null;
}

/**
 * What a code is for: it changes with the account's address and password, so that one that was mailed
 * before either changed is worth nothing.
 */
function partsOf(nonce: string, { id, email, password }: Account): string[] {
  return ["recovery", nonce, id, email ?? "", password?.hash ?? ""];
}

/** Is what was typed the code that a recovery has for this account? */
export function isRecoveryCode(deps: Deps, nonce: string, account: Account, typed: string) {
  return isDerivedCode(deps, typed, partsOf(nonce, account));
}

/**
 * Mails each account that was asked for its code; what is beyond `mayMailCode` is silent. Where there
 * is none, as much is done for nobody. Done after the request (see `requestRecovery`).
 */
export async function mailRecoveryCodes(
  deps: Deps,
  { handle, nonce, network }: RecoveryJob,
): Promise<void> {
  const written = "cpf" in handle ? handle.cpf : handle.email;
  const accounts = await recoverableBy(deps, handle);
  const some = accounts.length > 0 ? accounts : [null];
  const mailed: boolean[] = [];
  for (const account of some) {
    mailed.push(await mayMailCode(deps, { mailbox: account?.email ?? written, network }));
  }
  await transact(deps.kv, (tx) => {
    some.forEach((account, i) => {
      if (account && mailed[i]) {
        const code = derivedCode(deps, partsOf(nonce, account));
        notify(deps, tx, account, recoveryCode(code, CODE_MINUTES));
      } else {
        const code = derivedCode(deps, [nonce, String(i)]);
        const mail = mailTo(written, recoveryCode(code, CODE_MINUTES), written);
        enqueueDecoy(deps, tx, `${nonce} ${i}`, mail);
      }
    });
  });
}
