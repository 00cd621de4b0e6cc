import { getAccount } from "../../account/account.ts";
import { CODE_MINUTES, consumeCode, makeCode, storeCode, tryCode } from "../../account/code.ts";
import type { AccountCode } from "../../account/messages.ts";
import { passwordPlace } from "../../account/password.ts";
import { cpfProofOf } from "../../account/proof.ts";
import { putProof } from "../../account/put_proof.ts";
import { enterPassword } from "../../account/reauthenticate.ts";
import { advanceSession, currentLogin, endSessionsOf } from "../../account/session.ts";
import { endSessionsInCommit } from "../../account/session_list.ts";
import { consumeAttempt, type Limit, mayMailCode } from "../../account/throttle.ts";
import { auditOwn } from "../../audit/append.ts";
import type { PersonIdentity } from "../../certificate/login.ts";
import type { CertificateCode } from "../../certificate/messages.ts";
import { isRecent } from "../../clock.ts";
import type { Deps } from "../../deps.ts";
import { confirmationCode, cpfProvedByEcpf } from "../../mails/account_mails.ts";
import { notify, notifyAddress } from "../../notify/notify.ts";
import { maskCpf } from "../../registry/numbers.ts";
import { accept, type Refusal, refuse, type Result } from "../../result.ts";
import { openSession } from "../../signin/open_session.ts";
import { keys } from "../../store/keys.ts";
import type { Account } from "../../store/records/account.ts";
import type { LoggedIn, Session, ShownEcpf } from "../../store/records/session.ts";
import { transact, type Transaction } from "../../store/transact.ts";
import { JOINING_LIFE } from "./join.ts";

/**
 * Proving the CPF of an account by the holder's own e-CPF, like joining it to gov.br: the certificate
 * signs in the session of the account, and within ten minutes the account's credential is entered
 * anew. The open session alone never counts: it may be left open, or somebody else's.
 */

/** Of one account from one network; each costs a path, its revocation and a signature. */
const TRIES: Limit = { what: "ecpf", attempts: 10, window: 15 * 60_000 };
/** Of one account, from wherever. */
const CODES: Limit = { what: "ecpf_code", attempts: 5, window: 60 * 60_000 };

/** Purpose of the code that goes to the account's confirmed address. */
const PURPOSE = "ecpf";

/** The e-CPF that waits in a session for the account's credential; null when there is none any more. */
export function shownEcpf(
  deps: Pick<Deps, "now">,
  { state: { ecpf } }: Session<LoggedIn>,
): ShownEcpf | null {
  const now = deps.now();
  return ecpf && isRecent(ecpf.shownAt, now, JOINING_LIFE) && now <= ecpf.notAfter ? ecpf : null;
}

/**
 * An e-CPF is presented in the session of an account, whose CPF it must be of. Counted before it is
 * checked.
 *
 * @param check the checks of the certificate: a challenge of this very session, or its TLS connection
 */
export async function presentEcpf(
  deps: Deps,
  session: Session<LoggedIn>,
  address: string | null,
  check: () => Promise<Result<PersonIdentity, CertificateCode>>,
): Promise<Result<null, AccountCode | CertificateCode>> {
  const { account } = session.state;
  const counted = await consumeAttempt(deps, TRIES, `${account} ${address}`);
  if (!counted.ok) return counted;
  const checked = await check();
  if (!checked.ok) return checked;
  const { holder, type, serial, sha256, notAfter } = checked.data;
  return await transact(deps.kv, async (tx) => {
    const [current, person] = await Promise.all([
      currentLogin(deps, tx, session),
      tx.get(keys.account(account)),
    ]);
    if (!current || !person?.active) return refuse<AccountCode>("session_ended");
    if (holder.cpf !== person.cpf) {
      return refuse<AccountCode>("ecpf_other_cpf", { cpf: maskCpf(person.cpf) });
    }
    const obstacle = await obstacleTo(deps, tx, person);
    if (obstacle) return obstacle;
    const ecpf: ShownEcpf = { type, serial, sha256, notAfter, shownAt: deps.now(), sentTo: null };
    advanceSession(deps, tx, current, { ...current.state, ecpf });
    return accept(null);
  });
}

/**
 * Why an e-CPF cannot prove the CPF of an account; null when it can. It never displaces gov.br, nor the
 * e-CPF of another account: whose certificate it is does not say who has the file. Costs two checks.
 */
async function obstacleTo(
  deps: Deps,
  tx: Transaction,
  person: Account,
): Promise<Refusal<AccountCode> | null> {
  if (cpfProofOf(deps, person)?.by === "govbr") return refuse("ecpf_not_needed");
  const proven = await tx.get(keys.provenAccount(person.cpf));
  const other = proven && proven !== person.id ? await tx.get(keys.account(proven)) : null;
  if (!other?.proof) return null;
  return refuse(other.proof.by === "govbr" ? "ecpf_proved_by_govbr" : "ecpf_proved_elsewhere");
}

/** The end, with the password of the account, which it confirms. */
export async function proveWithPassword(
  deps: Deps,
  session: Session<LoggedIn>,
  form: { password: string; address: string | null },
): Promise<Result<Session<LoggedIn>, AccountCode>> {
  if (!shownEcpf(deps, session)) return refuse("ecpf_missing");
  const { account } = session.state;
  using place = passwordPlace();
  const person = await getAccount(deps, account);
  const network = form.address ?? session.id;
  const known = await enterPassword(deps, account, person, { ...form, network, place });
  if (!known.ok) return known;
  const { hash } = known.data.password!;
  return await prove(
    deps,
    session,
    { method: "ecpf" },
    ({ password }) => password?.hash === hash ? accept(null) : refuse("password_refused"),
  );
}

/** Sends a code to the confirmed address of the account, in the place of its password. */
export async function sendEcpfCode(
  deps: Deps,
  session: Session<LoggedIn>,
  address: string | null,
): Promise<Result<null, AccountCode>> {
  if (!shownEcpf(deps, session)) return refuse("ecpf_missing");
  const { account } = session.state;
  const counted = await consumeAttempt(deps, CODES, account);
  if (!counted.ok) return counted;
  const person = await getAccount(deps, account);
  if (!person?.email) return refuse("session_ended");
  const { email } = person;
  const may = await mayMailCode(deps, { mailbox: email, network: address });
  const code = makeCode();
  return await transact(deps.kv, async (tx) => {
    const current = await currentLogin(deps, tx, session);
    if (!current) return refuse<AccountCode>("session_ended");
    const shown = shownEcpf(deps, current);
    if (!shown) return refuse<AccountCode>("ecpf_missing");
    storeCode(deps, tx, { purpose: PURPOSE, owner: current.id, code });
    if (may) notifyAddress(deps, tx, email, confirmationCode(code, CODE_MINUTES));
    advanceSession(deps, tx, current, {
      ...current.state,
      ecpf: { ...shown, sentTo: email },
    });
    return accept(null);
  });
}

/** The end, with the code that went to the account's address; its password is not confirmed by it. */
export async function proveWithCode(
  deps: Deps,
  session: Session<LoggedIn>,
  typed: string,
): Promise<Result<Session<LoggedIn>, AccountCode>> {
  if (!shownEcpf(deps, session)?.sentTo) return refuse("ecpf_missing");
  const code = { purpose: PURPOSE, owner: session.id, typed };
  const tried = await tryCode(deps, code);
  if (!tried.ok) return tried;
  return await prove(deps, session, { method: "ecpf_code" }, async ({ email }, { sentTo }, tx) => {
    const good = email === sentTo && await consumeCode(deps, tx, code);
    return good ? accept(null) : refuse("code_expired");
  });
}

/**
 * The CPF is proved under a new number: no credential of before speaks for the proof but the one that
 * was shown. All other sessions end, and the person goes on in a new one, which opens what the old one
 * opened: an e-CPF reads no mailbox.
 *
 * @param check says in the commit whether the credential that was shown is still good
 */
async function prove(
  deps: Deps,
  session: Session<LoggedIn>,
  { method }: { method: "ecpf" | "ecpf_code" },
  check: (
    person: Account,
    shown: ShownEcpf,
    tx: Transaction,
  ) => Result<null, AccountCode> | Promise<Result<null, AccountCode>>,
): Promise<Result<Session<LoggedIn>, AccountCode>> {
  const { account } = session.state;
  const done = await transact(deps.kv, async (tx) => {
    const [current, before] = await Promise.all([
      currentLogin(deps, tx, session),
      tx.get(keys.account(account)),
    ]);
    if (!current || !before?.active) return refuse<AccountCode>("session_ended");
    const shown = shownEcpf(deps, current);
    if (!shown) return refuse<AccountCode>("ecpf_missing");
    const obstacle = await obstacleTo(deps, tx, before);
    if (obstacle) return obstacle;
    const checked = await check(before, shown, tx);
    if (!checked.ok) return checked;
    const person = await proveByEcpf(deps, tx, before, shown, method === "ecpf");
    const { certificate, mailboxes, operadora } = current.state;
    return accept(
      await openSession(deps, tx, {
        ...{ person, method, from: current, certificate, operadora },
        standing: { confirmedUnder: person.proofNumber, mailboxes },
        detail: { type: shown.type },
      }),
    );
  });
  if (done.ok) await endSessionsOf(deps, account, { but: done.data.id });
  return done;
}

async function proveByEcpf(
  deps: Deps,
  tx: Transaction,
  before: Account,
  { type, serial, sha256 }: ShownEcpf,
  confirms: boolean,
): Promise<Account> {
  const { password } = before;
  const confirmed = confirms && password !== null;
  const confirmedUnder = before.proofNumber + 1;
  const shown = { ...before, ...confirmed && { password: { ...password, confirmedUnder } } };
  const proof = { by: "ecpf", type, serial, sha256, at: deps.now() } as const;
  const person = await putProof(deps, tx, shown, proof);
  await endSessionsInCommit(deps, tx, person.id);
  notify(deps, tx, person, cpfProvedByEcpf({ type, confirmed }, deps.config.origin));
  await auditOwn(deps, tx, person, "account.proved", { by: "ecpf", type, sha256, confirmed });
  return person;
}
