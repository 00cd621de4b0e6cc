import { enqueueDecoy } from "../outbox/enqueue.ts";
import type { Deps } from "../deps.ts";
import { recoveryCode } from "../mails/account_mails.ts";
import { mailTo, notify } from "../notify/notify.ts";
import { accept, refuse, type Result } from "../result.ts";
import { keys } from "../store/keys.ts";
import { read } from "../store/read.ts";
import type { Recovery } from "../store/records/account.ts";
import type { AnonymousSession } from "../store/records/session.ts";
import { transact } from "../store/transact.ts";
import { putPassword } from "./change_password.ts";
import { CODE_LIFE, CODE_MINUTES, consumeCode, makeCode, storeCode, tryCode } from "./code.ts";
import type { AccountCode } from "./messages.ts";
import { companiesOfPerson } from "./operadoras.ts";
import { checkPassword, hashPassword, NO_CPF, passwordPlace } from "./password.ts";
import { accountForCpf, accountOfEmail, getAccount, NOBODY, parseHandle } from "./account.ts";
import { NO_PROOF } from "./credentials.ts";
import { currentAnonymous, endSessionsOf } from "./session.ts";
import { cutLink } from "./telegram/link.ts";
import { consumeAttempt, type Limit, mayMailCode } from "./throttle.ts";

const PURPOSE = "recovery";

/** Of one network, whoever's password it asks for; only where the network is known. */
const PER_NETWORK: Limit = { what: "recovery_network", attempts: 30, window: 15 * 60_000 };

/**
 * "Esqueci minha senha": a code goes to the confirmed address, of the account with the typed e-mail,
 * or of the one that the typed CPF leads to (`accountForCpf`). Nothing in the answer, and nothing in
 * what is done before it, tells whether there is such an account (ASVS 6.3.8): a code that is not sent
 * is stored like one that is. People who have not finished their first access, or are deactivated, get
 * no code, and what is beyond `mayMailCode` is silent: nobody can be kept from asking.
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
  const found =
    await ("cpf" in handle ? accountForCpf(deps, handle.cpf) : accountOfEmail(deps, handle.email));
  const written = "cpf" in handle ? handle.cpf : handle.email;
  const may = await mayMailCode(deps, { mailbox: found?.email ?? written, network });
  const code = makeCode();
  return await transact(deps.kv, async (tx) => {
    const [open, person] = await Promise.all([
      currentAnonymous(deps, tx, anonymous),
      tx.get(keys.account(found?.id ?? NOBODY)),
    ]);
    if (!open) return refuse<AccountCode>("session_ended");
    const to = person?.active ? person.email : null;
    const recovery: Recovery = {
      sent: to
        ? { account: person!.id, email: to, passwordHash: person!.password?.hash ?? null }
        : null,
      expiresAt: deps.now() + CODE_LIFE,
    };
    tx.set(keys.recovery(anonymous.id), recovery, { expireIn: CODE_LIFE });
    await storeCode(deps, tx, { purpose: PURPOSE, owner: anonymous.id, code });
    const text = recoveryCode(code, CODE_MINUTES);
    if (to && may) notify(deps, tx, person, text, { discreet: true });
    else enqueueDecoy(deps, tx, anonymous.id, mailTo(written, text, written));
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
  const { sent } = recovery;
  if (form.password !== form.repeated) return refuse("passwords_differ");
  const { passwordPolicy } = deps.config;
  const unknownOwner = { name: "", cpf: NO_CPF, companies: [] };
  const plain = await checkPassword(passwordPolicy, form.password, unknownOwner);
  if (!plain.ok) return plain;
  const code = { purpose: PURPOSE, owner: anonymous.id, typed: form.code };
  using place = passwordPlace();
  const tried = await tryCode(deps, code);
  if (!tried.ok) return tried;
  const known = sent && await getAccount(deps, sent.account);
  if (!sent || !known) return refuse("code_expired");
  const { id, name, cpf } = known;
  const owner = { name, cpf, companies: await companiesOfPerson(deps, id) };
  const personal = await checkPassword(passwordPolicy, form.password, owner);
  if (!personal.ok) return personal;
  const hash = await hashPassword(deps, cpf, form.password, place);

  const recovered = await transact(deps.kv, async (tx) => {
    // Side by side: what a refused commit has ended is not written.
    const [person] = await Promise.all([tx.get(keys.account(id)), cutLink(deps, tx, id)]);
    const same = person?.active && person.email === sent.email &&
      (person.password?.hash ?? null) === sent.passwordHash;
    if (!same || !await consumeCode(deps, tx, code)) return refuse<AccountCode>("code_expired");
    tx.delete(keys.recovery(anonymous.id));
    const password = { hash, confirmedUnder: NO_PROOF, mailboxes: [sent.email] };
    await putPassword(deps, tx, person, password, "recovered");
    return accept(null);
  });
  if (recovered.ok) await endSessionsOf(deps, id);
  return recovered;
}
