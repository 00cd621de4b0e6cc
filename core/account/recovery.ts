import { discreetWait } from "../outbox/enqueue.ts";
import { enqueueJob } from "../outbox/job.ts";
import { randomToken } from "../ids.ts";
import type { Deps } from "../deps.ts";
import { accept, refuse, type Result } from "../result.ts";
import { keys } from "../store/keys.ts";
import { read } from "../store/read.ts";
import type { Recovery, RecoveryJob } from "../store/records/account.ts";
import type { AnonymousSession } from "../store/records/session.ts";
import { transact } from "../store/transact.ts";
import { putPassword } from "./change_password.ts";
import { CODE_LIFE, CODE_TRIES, countTry } from "./code.ts";
import type { AccountCode } from "./messages.ts";
import { companiesOfPerson } from "./operadoras.ts";
import { checkPassword, hashPassword, NO_CPF, passwordPlace } from "./password.ts";
import { parseHandle } from "./account.ts";
import { isRecoveryCode, recoverableBy } from "./recovery_code.ts";
import { NO_PROOF } from "./credentials.ts";
import { currentAnonymous, endSessionsOf } from "./session.ts";
import { cutLink } from "./telegram/link.ts";
import { consumeAttempt, type Limit } from "./throttle.ts";

/** Of one network, whoever's password it asks for; only where the network is known. */
const PER_NETWORK: Limit = { what: "recovery_network", attempts: 30, window: 15 * 60_000 };

/**
 * "Esqueci minha senha": a code goes to the confirmed address, of the account with the typed e-mail,
 * or of every one that the typed CPF leads to, to each its own. The request looks for no account: it
 * leaves one sealed job, the same whoever is asked for, and the mails are made from it a moment later
 * (`mailRecoveryCodes`). So nothing in the answer or its time tells whether there is such an account
 * (ASVS 6.3.8), and nobody can be kept from asking.
 *
 * A person who has come in with gov.br only, and has no password, gets one this way too. It gives away
 * no more than any recovery does: it opens only what names the address that was read, speaks for no
 * proof, and the person is told.
 */
export async function requestRecovery(
  deps: Deps,
  anonymous: AnonymousSession,
  typed: { handle: string; address: string | null },
): Promise<Result<null, AccountCode>> {
  const handle = parseHandle(typed.handle);
  if (!handle) return refuse("handle_invalid");
  const { address: network } = typed;
  const throttled = await consumeAttempt(deps, PER_NETWORK, network);
  if (!throttled.ok) return throttled;
  return await transact(deps.kv, async (tx) => {
    const open = await currentAnonymous(deps, tx, anonymous);
    if (!open) return refuse<AccountCode>("session_ended");
    const nonce = randomToken();
    const tries = { expiresAt: deps.now() + CODE_LIFE, attemptsLeft: CODE_TRIES };
    const recovery: Recovery = { handle, nonce, ...tries };
    tx.set(keys.recovery(anonymous.id), recovery, { expireIn: CODE_LIFE });
    const job: RecoveryJob = { handle, nonce, network };
    enqueueJob(deps, tx, "recovery", job, { life: CODE_LIFE, wait: discreetWait() });
    return accept(null);
  });
}

/** Has the browser asked for a code, less than ten minutes ago? */
export async function isRecovering(
  deps: Deps,
  anonymous: AnonymousSession | null,
): Promise<boolean> {
  return anonymous !== null && await recoveryOf(deps, anonymous) !== null;
}

async function recoveryOf(deps: Deps, anonymous: AnonymousSession): Promise<Recovery | null> {
  const recovery = await read(deps.kv, keys.recovery(anonymous.id));
  return recovery && recovery.expiresAt > deps.now() ? recovery : null;
}

/**
 * The code arrived: the new password takes the place of the old one, limited to what names the address
 * that was read (see `EFFECTS`), the linked chat and every session of the person end. What is refused
 * before the code is known to be right would be refused for any CPF.
 */
export async function finishRecovery(
  deps: Deps,
  anonymous: AnonymousSession,
  form: { code: string; password: string; repeated: string },
): Promise<Result<null, AccountCode>> {
  const recovery = await recoveryOf(deps, anonymous);
  if (!recovery) return refuse("code_expired");
  if (form.password !== form.repeated) return refuse("passwords_differ");
  const { passwordPolicy } = deps.config;
  const unknownOwner = { name: "", cpf: NO_CPF, companies: [] };
  const plain = await checkPassword(passwordPolicy, form.password, unknownOwner);
  if (!plain.ok) return plain;
  using place = passwordPlace();
  const accounts = await recoverableBy(deps, recovery.handle);
  const { nonce } = recovery;
  // Compared with each, so that the time is the same whichever it is.
  const [known] = accounts.filter((one) => isRecoveryCode(deps, nonce, one, form.code));
  const key = keys.recovery(anonymous.id);
  const tried = await countTry(deps, key, (now) => known !== undefined && now.nonce === nonce);
  if (!tried.ok) return tried;
  if (!known) return refuse("code_expired");
  const { id, name, cpf } = known;
  const owner = { name, cpf, companies: await companiesOfPerson(deps, id) };
  const personal = await checkPassword(passwordPolicy, form.password, owner);
  if (!personal.ok) return personal;
  const hash = await hashPassword(deps, cpf, form.password, place);

  const recovered = await transact(deps.kv, async (tx) => {
    // Side by side: what a refused commit has ended is not written.
    const [[now, person]] = await Promise.all([
      tx.getMany([key, keys.account(id)]),
      cutLink(deps, tx, id),
    ]);
    // An address or a password that has changed has another code.
    const same = now?.nonce === nonce && person?.active &&
      isRecoveryCode(deps, nonce, person, form.code);
    if (!same) return refuse<AccountCode>("code_expired");
    tx.delete(key);
    const password = { hash, confirmedUnder: NO_PROOF, mailboxes: [known.email] };
    await putPassword(deps, tx, person, password, "recovered");
    return accept(null);
  });
  if (recovered.ok) await endSessionsOf(deps, id);
  return recovered;
}
