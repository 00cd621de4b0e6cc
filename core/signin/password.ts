import {
  accountIdsOfCpf,
  accountOfEmail,
  getAccount,
  getAccounts,
  type Handle,
  NOBODY,
  parseHandle,
} from "../account/account.ts";
import { getBinding, stillRepresents } from "../account/binding.ts";
import { CODE_LIFE, CODE_MINUTES, makeCode, storeCode, tryCode } from "../account/code.ts";
import type { AccountCode } from "../account/messages.ts";
import { onlyOperadoraOf, operadorasOf } from "../account/operadoras.ts";
import { NO_CPF, passwordPlace, typedPassword, verifyPassword } from "../account/password.ts";
import { createSession, currentAnonymous, deleteSession, isAnonymous } from "../account/session.ts";
import { invitationByPassword } from "../access/invitations/invitation.ts";
import {
  auditFailure,
  countSignIn,
  mayMailCode,
  refundSignIn,
  type SignInAttempt,
} from "../account/throttle.ts";
import { appendAudit } from "../audit/append.ts";
import type { Deps } from "../deps.ts";
import { signInCode } from "../mails/account_mails.ts";
import { mailTo, notify } from "../notify/notify.ts";
import { enqueueDecoy } from "../outbox/enqueue.ts";
import { accept, refuse, type Result } from "../result.ts";
import { keys } from "../store/keys.ts";
import { read } from "../store/read.ts";
import type { Account, PasswordSalt, SignInWaiting } from "../store/records/account.ts";
import type { Anonymous, LoggedIn, Session } from "../store/records/session.ts";
import { transact, type Transaction } from "../store/transact.ts";
import { openInvitation } from "./invitation.ts";
import { openSession } from "./open_session.ts";

export type PasswordLogin =
  | { next: "logged_in"; session: Session<LoggedIn> }
  /** By an invitation. */
  | { next: "first_access"; session: Session<Anonymous> }
  /** Several accounts have this password: one is to be chosen (`chooseAccount`). */
  | { next: "account"; session: Session<Anonymous> }
  /** After many wrong attempts, whether this one was right or not (`confirmSignIn`). */
  | { next: "code"; session: Session<Anonymous> };

export interface Client {
  /** Network of the browser, for counting attempts; null when it is not known whose it is. */
  address: string | null;
  agent: string;
}

type Visitor = Client & { session: Session | null };
type Entry = Result<PasswordLogin, AccountCode>;

/** How long a sign-in waits for the choice of an account, or for its code. */
const WAITING = CODE_LIFE;
const CODE = "sign_in";

/**
 * Entry with CPF or e-mail and password: by e-mail of any account; by CPF of every account of that CPF
 * that has a tie, a membership or a proof. One hash is compared with all of them. The
 * provisional password of an invitation opens that instead (J7), also where the CPF has accounts. Whether CPF or e-mail is unknown or the password wrong
 * cannot be told from the answer or its time.
 */
export async function loginWithPassword(
  deps: Deps,
  caller: Visitor,
  typed: { handle: string; password: string },
): Promise<Entry> {
  const handle = parseHandle(typed.handle);
  if (!handle) return refuse("handle_invalid");
  using place = passwordPlace();
  const [{ accounts, salt }, invitation] = await Promise.all([
    findAccounts(deps, handle),
    findInvitation(deps, handle, typed.password),
  ]);
  const attempt = { handle: textOf(handle), accounts, network: caller.address };
  const counted = await countSignIn(deps, attempt);
  if (!counted.ok) return counted;

  const password = await typedPassword(salt, typed.password, place);
  // Compared with each, so that the time is the same whichever it is.
  const matching = accounts.filter((account) => password.is(hashOf(account)));
  const right = matching.filter(({ active }) => active);
  const [account, other] = right;
  // Before anything else is asked: nobody guesses a provisional password, and no code would reach its
  // holder, who has no account yet.
  if (!account && invitation) {
    const [opened] = await Promise.all([
      openInvitation(deps, caller, invitation),
      refundSignIn(deps, attempt, null),
    ]);
    return opened;
  }
  if (counted.data.asks) return await askForCode(deps, caller, attempt, right);
  if (!account) {
    await auditFailure(deps, handle, accounts[0] ?? null);
    return refuse(matching.length > 0 ? "person_inactive" : "login_refused");
  }
  if (other) return await askForAccount(deps, caller, attempt, right);
  const [operadora] = await Promise.all([
    onlyOperadoraOf(deps, account.id),
    refundSignIn(deps, attempt, account.id),
  ]);
  return await enter(deps, caller, { account, operadora });
}

/** The accounts of a handle, and what their passwords are hashed with: as many trips for any. */
async function findAccounts(
  deps: Deps,
  handle: Handle,
): Promise<{ accounts: Account[]; salt: PasswordSalt | null }> {
  if ("email" in handle) {
    const account = await accountOfEmail(deps, handle.email);
    const salt = await read(deps.kv, keys.passwordSalt(account?.cpf ?? NO_CPF));
    return { accounts: account ? [account] : [], salt };
  }
  const [ids, salt] = await Promise.all([
    accountIdsOfCpf(deps, handle.cpf),
    read(deps.kv, keys.passwordSalt(handle.cpf)),
  ]);
  return { accounts: await getAccounts(deps, ids.length > 0 ? ids : [NOBODY]), salt };
}

const textOf = (handle: Handle) => "cpf" in handle ? handle.cpf : handle.email;

function hashOf({ password }: Account): string | null {
  return password?.hash ?? null;
}

/** An invitation is opened by CPF only: that is its login. */
function findInvitation(deps: Deps, handle: Handle, password: string) {
  return invitationByPassword(deps, "cpf" in handle ? handle.cpf : NO_CPF, password);
}

/** Opens what the account's password opens, when nothing has changed since it was verified. */
async function enter(
  deps: Deps,
  caller: Visitor,
  { account: person, operadora }: { account: Account; operadora: string | null },
): Promise<Entry> {
  const from = { ...caller.session, agent: caller.agent };
  return await transact(deps.kv, async (tx): Promise<Entry> => {
    // Side by side: what a refused commit has opened is not written.
    const [unchanged, opened] = await Promise.all([
      isUnchanged(tx, person),
      openSession(deps, tx, { person, method: "password", from, operadora }),
    ]);
    return unchanged ? accept({ next: "logged_in", session: opened }) : refuse("login_refused");
  });
}

/** The session that a sign-in waits in, for the browser. An invitation that was shown goes along. */
function waitIn(
  deps: Deps,
  tx: Transaction,
  { session, agent }: Visitor,
  waiting: Omit<SignInWaiting, "expiresAt">,
): Session<Anonymous> {
  if (session) deleteSession(tx, session);
  const begun = session && isAnonymous(session) ? session.state.onboarding : null;
  const onboarding = begun?.flow === "invitation" ? begun : null;
  const state: Anonymous = { kind: "anonymous", certificate: null, onboarding };
  const anonymous = createSession(deps, tx, { state, agent });
  const record: SignInWaiting = { ...waiting, expiresAt: deps.now() + WAITING };
  tx.set(keys.signIn(anonymous.id), record, { expireIn: WAITING });
  return anonymous;
}

function waitingFor(
  step: SignInWaiting["step"],
  { handle, network }: SignInAttempt,
  right: readonly Account[],
): Omit<SignInWaiting, "expiresAt"> {
  const accounts = right.map((account) => ({ id: account.id, hash: hashOf(account)! }));
  return { step, accounts, counted: { handle, network } };
}

async function askForAccount(
  deps: Deps,
  caller: Visitor,
  attempt: SignInAttempt,
  right: readonly Account[],
): Promise<Entry> {
  const session = await transact(
    deps.kv,
    (tx) => waitIn(deps, tx, caller, waitingFor("conta", attempt, right)),
  );
  return accept({ next: "account", session });
}

/**
 * Too many have tried: a code is asked as well, and mailed when the password was right, to the first
 * account that it is of. A wrong one is answered alike.
 */
async function askForCode(
  deps: Deps,
  caller: Visitor,
  attempt: SignInAttempt,
  right: readonly Account[],
): Promise<Entry> {
  const account = right.find(({ email }) => email !== null) ?? null;
  const mailbox = account?.email ?? attempt.handle;
  const may = await mayMailCode(deps, { mailbox, network: attempt.network });
  const code = makeCode();
  const session = await transact(deps.kv, async (tx) => {
    const waiting = waitingFor("codigo", attempt, account ? [account] : []);
    const anonymous = waitIn(deps, tx, caller, waiting);
    await storeCode(deps, tx, { purpose: CODE, owner: anonymous.id, code });
    const text = signInCode(code, CODE_MINUTES);
    if (account && may) notify(deps, tx, account, text, { discreet: true });
    else enqueueDecoy(deps, tx, anonymous.id, mailTo(mailbox, text, attempt.handle));
    await appendAudit(deps, tx, {
      stream: "portal",
      event: "login.code_asked",
      actor: "unknown",
      subject: attempt.accounts[0]?.id ?? "unknown",
    });
    return anonymous;
  });
  return accept({ next: "code", session });
}

/** What waits in a browser's session, or null. */
export async function waitingSignIn(
  deps: Deps,
  session: Session | null,
): Promise<SignInWaiting | null> {
  const waiting = session && await read(deps.kv, keys.signIn(session.id));
  return waiting && waiting.expiresAt > deps.now() ? waiting : null;
}

/** The accounts to choose from, as the page shows them; none when nothing waits for a choice. */
export async function accountsToChoose(
  deps: Deps,
  session: Session | null,
): Promise<(Pick<Account, "id" | "email" | "createdAt"> & { operadoras: string[] })[]> {
  const waiting = await waitingSignIn(deps, session);
  if (waiting?.step !== "conta") return [];
  const accounts = await getAccounts(deps, waiting.accounts.map(({ id }) => id));
  return await Promise.all(accounts.map(async ({ id, email, createdAt }) => ({
    ...{ id, email, createdAt },
    operadoras: (await operadorasOf(deps, id)).map(({ razaoSocial }) => razaoSocial),
  })));
}

/** One of several accounts with the password that was typed. */
export async function chooseAccount(
  deps: Deps,
  caller: Visitor,
  chosen: string,
): Promise<Entry> {
  const waiting = await waitingSignIn(deps, caller.session);
  if (waiting?.step !== "conta") return refuse("session_ended");
  const one = waiting.accounts.find(({ id }) => id === chosen);
  return one ? await goOn(deps, caller, waiting, one) : refuse("account_missing");
}

/** The code that was asked besides the password. Right only where the password was. */
export async function confirmSignIn(
  deps: Deps,
  caller: Visitor,
  typed: string,
): Promise<Entry> {
  const waiting = await waitingSignIn(deps, caller.session);
  if (waiting?.step !== "codigo") return refuse("session_ended");
  const tried = await tryCode(deps, { purpose: CODE, owner: caller.session!.id, typed });
  if (!tried.ok) return tried;
  const [one] = waiting.accounts;
  return one ? await goOn(deps, caller, waiting, one) : refuse("code_expired");
}

/** The end of a sign-in that has waited, once: its session ends with it. */
async function goOn(
  deps: Deps,
  caller: Visitor,
  { counted }: SignInWaiting,
  { id, hash }: SignInWaiting["accounts"][number],
): Promise<Entry> {
  const [account, operadora] = await Promise.all([
    getAccount(deps, id),
    onlyOperadoraOf(deps, id),
  ]);
  if (!account?.active || hashOf(account) !== hash) return refuse("login_refused");
  const spent = await transact(deps.kv, async (tx) => {
    const key = keys.signIn(caller.session!.id);
    if (!await tx.get(key)) return refuse<AccountCode>("session_ended");
    tx.delete(key);
    return accept(null);
  });
  if (!spent.ok) return spent;
  await refundSignIn(deps, counted, id);
  return await enter(deps, caller, { account, operadora });
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
  const person = await getAccount(deps, account);
  const accounts = person ? [person] : [];
  // Who shows a certificate is told apart by it where the network is not known.
  const network = caller.address ?? certificate.sha256;
  const attempt = { handle: account, accounts, network };
  // The certificate is the second thing that is asked: nothing more is beyond the day's attempts.
  const counted = await countSignIn(deps, attempt);
  if (!counted.ok) return counted;
  if (!await verifyPassword(deps, person, password, place) || !person) {
    if (person) await auditFailure(deps, person, person);
    return refuse("password_refused");
  }
  if (!person.active) return refuse("person_inactive");
  await refundSignIn(deps, attempt, account);

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
