import { enqueueDecoy } from "../outbox/enqueue.ts";
import type { Deps } from "../deps.ts";
import { recoveryCode } from "../mails/account_mails.ts";
import { mailTo, notify } from "../notify/notify.ts";
import { parseCpf } from "../registry/numbers.ts";
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
import { checkPassword, hashPassword, passwordPlace } from "./password.ts";
import { accountOfCpfInCommit, getAccountOfCpf } from "./account.ts";
import { currentAnonymous, endSessionsOf } from "./session.ts";
import { consumeAttempts, type Limit } from "./throttle.ts";

const PURPOSE = "recovery";

const HOUR = 60 * 60_000;
const PER_ADDRESS: Limit = { what: "recovery_address", attempts: 30, window: HOUR / 4 };
const PER_PERSON: Limit = { what: "recovery", attempts: 3, window: HOUR / 4 };
/** Over all addresses: an e-mail address belongs to one CPF, so this bounds what a mailbox gets. */
const PER_MAILBOX: Limit = { what: "recovery_mailbox", attempts: 8, window: HOUR };

/**
 * "Esqueci minha senha": a code goes to the confirmed address. Nothing in the answer, and nothing in
 * what is done before it, tells whether there is such a person (ASVS 6.3.8): the counts are kept for
 * any CPF, and a code that is not sent is stored like one that is. People who have not finished
 * their first access, or are deactivated, get no code.
 *
 * A person who has come in with gov.br only, and has no password, gets one this way too. It gives away
 * no more than what any recovery gives away: the address was confirmed (by a code or by
 * gov.br), a session opened with the password carries no level of gov.br, and the person is told. In
 * return a person who has lost the gov.br account is not locked out, and the answer need not differ.
 */
export async function requestRecovery(
  deps: Deps,
  anonymous: AnonymousSession,
  typed: { cpf: string; address: string },
): Promise<Result<null, AccountCode>> {
  const cpf = parseCpf(typed.cpf);
  if (!cpf) return refuse("cpf_invalid");
  const throttled = await consumeAttempts(deps, [
    [PER_ADDRESS, typed.address],
    [PER_PERSON, `${cpf} ${typed.address}`],
    [PER_MAILBOX, cpf],
  ]);
  if (!throttled.ok) return throttled;
  const code = makeCode();
  return await transact(deps.kv, async (tx) => {
    const [open, person] = await Promise.all([
      currentAnonymous(deps, tx, anonymous),
      accountOfCpfInCommit(deps, tx, cpf),
    ]);
    if (!open) return refuse<AccountCode>("session_ended");
    const to = person?.active ? person.email : null;
    const recovery: Recovery = {
      cpf,
      sent: to ? { email: to, passwordHash: person!.password?.hash ?? null } : null,
      expiresAt: deps.now() + CODE_LIFE,
    };
    tx.set(keys.recovery(anonymous.id), recovery, { expireIn: CODE_LIFE });
    await storeCode(deps, tx, { purpose: PURPOSE, owner: anonymous.id, code });
    const text = recoveryCode(code, CODE_MINUTES);
    if (to) notify(deps, tx, person, text);
    else enqueueDecoy(deps, tx, anonymous.id, mailTo(cpf, text, cpf));
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
 * The code arrived: the new password takes the place of the old one, and every session of the person
 * ends. What is refused before the code is known to be right would be refused for any CPF.
 */
export async function finishRecovery(
  deps: Deps,
  anonymous: AnonymousSession,
  form: { code: string; password: string; repeated: string },
): Promise<Result<null, AccountCode>> {
  const recovery = await recoveryOf(deps, anonymous);
  if (!recovery) return refuse("code_expired");
  const { cpf, sent } = recovery;
  if (form.password !== form.repeated) return refuse("passwords_differ");
  const { passwordPolicy } = deps.config;
  const unknownOwner = { name: "", cpf, companies: [] };
  const plain = await checkPassword(passwordPolicy, form.password, unknownOwner);
  if (!plain.ok) return plain;
  const code = { purpose: PURPOSE, owner: anonymous.id, typed: form.code };
  using place = passwordPlace();
  const tried = await tryCode(deps, code);
  if (!tried.ok) return tried;
  const known = await getAccountOfCpf(deps, cpf);
  if (!sent || !known) return refuse("code_expired");
  const owner = { name: known.name, cpf, companies: await companiesOfPerson(deps, known.id) };
  const personal = await checkPassword(passwordPolicy, form.password, owner);
  if (!personal.ok) return personal;
  const passwordHash = await hashPassword(form.password, place);

  const recovered = await transact(deps.kv, async (tx) => {
    const person = await tx.get(keys.account(known.id));
    const same = person?.active && person.email === sent.email &&
      (person.password?.hash ?? null) === sent.passwordHash;
    if (!same || !await consumeCode(deps, tx, code)) return refuse<AccountCode>("code_expired");
    tx.delete(keys.recovery(anonymous.id));
    await putPassword(deps, tx, person, { passwordHash, how: "recovered" });
    return accept(null);
  });
  if (recovered.ok) await endSessionsOf(deps, known.id);
  return recovered;
}
