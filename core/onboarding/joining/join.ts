import { getAccounts } from "../../account/account.ts";
import { CODE_MINUTES, consumeCode, makeCode, storeCode, tryCode } from "../../account/code.ts";
import type { AccountCode } from "../../account/messages.ts";
import { onlyOperadoraOf, operadorasOf } from "../../account/operadoras.ts";
import { passwordPlace, verifyPassword } from "../../account/password.ts";
import { endSessionsOf } from "../../account/session.ts";
import {
  auditFailure,
  consumeAttempt,
  countSignIn,
  type Limit,
  refundSignIn,
} from "../../account/throttle.ts";
import type { Deps } from "../../deps.ts";
import { confirmationCode } from "../../mails/account_mails.ts";
import { notifyAddress } from "../../notify/notify.ts";
import { advance, type AtStep, atStep, atStepInCommit } from "../steps.ts";
import { accept, refuse, type Result } from "../../result.ts";
import { keys } from "../../store/keys.ts";
import type { Account, AccountId } from "../../store/records/account.ts";
import type {
  AnonymousSession,
  JoiningStep,
  LoggedIn,
  Session,
} from "../../store/records/session.ts";
import { transact, type Transaction } from "../../store/transact.ts";
import { openSession } from "../../signin/open_session.ts";
import { beginOwnAccess, type GovbrSignIn, join } from "../../signin/govbr/enter.ts";

/**
 * Joining an account to the gov.br account that has just named its CPF: the account's own credential is
 * entered anew, in the session that gov.br has sent back and within ten minutes. An open session of
 * the account never counts: it may be somebody else's.
 */
export const JOINING_LIFE = 10 * 60_000;

/** Purpose of the code that goes to the account's confirmed address. */
const PURPOSE = "joining";
const CODES: Limit = { what: "joining_code", attempts: 5, window: 60 * 60_000 };

/** An account as it is shown to somebody who may be its owner. */
export interface Joinable {
  id: AccountId;
  email: string;
  /** Milliseconds since the epoch. */
  since: number;
  hasPassword: boolean;
  /** Names of the operadoras that the account works for. */
  operadoras: string[];
}

/** The accounts that may be joined in this session. Three round trips. */
export async function listJoinable(
  deps: Deps,
  session: Session | null,
  step: JoiningStep = "conta",
): Promise<Result<Joinable[], AccountCode>> {
  const found = joiningAt(deps, session, step);
  if (!found.ok) return found;
  const accounts = await getAccounts(deps, found.data.onboarding.accounts);
  const views = accounts.filter(isJoinable).map(async (person): Promise<Joinable> => ({
    id: person.id,
    email: person.email!,
    since: person.createdAt,
    hasPassword: person.password !== null,
    operadoras: (await operadorasOf(deps, person.id)).map(({ razaoSocial }) => razaoSocial),
  }));
  return accept(await Promise.all(views));
}

function isJoinable({ active, email }: Account): boolean {
  return active && email !== null;
}

/** The session at a step of joining, while the way is open. */
function joiningAt(
  deps: Deps,
  session: Session | null,
  step: JoiningStep,
): Result<AtStep<"joining">, AccountCode> {
  const found = atStep(deps, session, "joining", step);
  if (!found.ok) return found;
  return isOpen(deps, found.data) ? found : refuse("joining_expired");
}

function isOpen(deps: Deps, { onboarding: { begunAt } }: AtStep<"joining">): boolean {
  return Math.abs(deps.now() - begunAt) <= JOINING_LIFE;
}

/** "Juntar" with the password of the account, which it confirms. */
export async function joinWithPassword(
  deps: Deps,
  session: Session | null,
  form: { account: string; password: string; address: string | null },
): Promise<Result<Session<LoggedIn>, AccountCode>> {
  const found = joiningAt(deps, session, "conta");
  if (!found.ok) return found;
  const id = found.data.onboarding.accounts.find((one) => one === form.account);
  if (!id) return refuse("joining_account_gone");
  using place = passwordPlace();
  const [person = null] = await getAccounts(deps, [id]);
  // Whom gov.br has named is told apart by that where the network is not known.
  const network = form.address ?? found.data.onboarding.cpf;
  const attempt = { handle: id, accounts: person ? [person] : [], network };
  const throttled = await countSignIn(deps, attempt);
  if (!throttled.ok) return throttled;
  const hash = person?.password?.hash ?? null;
  if (!await verifyPassword(deps, person, form.password, place) || !person) {
    await auditFailure(deps, found.data.onboarding, person);
    return refuse("joining_refused");
  }
  await refundSignIn(deps, attempt, id);
  return await finish(deps, session, "conta", { id, confirms: true }, async (tx) => {
    const current = await tx.get(keys.account(id));
    return current?.password?.hash === hash ? accept(null) : refuse("joining_refused");
  });
}

/** Sends a code to the confirmed address of an account that is shown. */
export async function sendJoiningCode(
  deps: Deps,
  session: Session | null,
  account: string,
): Promise<Result<AnonymousSession, AccountCode>> {
  const found = joiningAt(deps, session, "conta");
  if (!found.ok) return found;
  const id = found.data.onboarding.accounts.find((one) => one === account);
  const [person] = id ? await getAccounts(deps, [id]) : [];
  if (!id || !person || !isJoinable(person)) return refuse("joining_account_gone");
  const throttled = await consumeAttempt(deps, CODES, id);
  if (!throttled.ok) return throttled;
  const code = makeCode();
  return await advance(deps, session, "joining", "conta", async ({ anonymous }, tx) => {
    await storeCode(deps, tx, { purpose: PURPOSE, owner: anonymous.id, code });
    notifyAddress(deps, tx, person.email!, confirmationCode(code, CODE_MINUTES));
    return { step: "codigo", chosen: id };
  });
}

/** Back to the accounts. */
export function chooseOther(
  deps: Deps,
  session: Session | null,
): Promise<Result<AnonymousSession, AccountCode>> {
  return advance(deps, session, "joining", "codigo", () => ({ step: "conta", chosen: null }));
}

/** "Juntar" with the code that went to the account's address; its password is not confirmed by it. */
export async function joinWithCode(
  deps: Deps,
  session: Session | null,
  typed: string,
): Promise<Result<Session<LoggedIn>, AccountCode>> {
  const found = joiningAt(deps, session, "codigo");
  if (!found.ok) return found;
  const { anonymous, onboarding: { chosen } } = found.data;
  const code = { purpose: PURPOSE, owner: anonymous.id, typed };
  const tried = await tryCode(deps, code);
  if (!tried.ok) return tried;
  return await finish(
    deps,
    session,
    "codigo",
    { id: chosen!, confirms: false },
    async (tx) => await consumeCode(deps, tx, code) ? accept(null) : refuse("code_expired"),
  );
}

/**
 * @param check says in the commit whether the credential that was shown is still good
 */
async function finish(
  deps: Deps,
  session: Session | null,
  step: JoiningStep,
  { id, confirms }: { id: AccountId; confirms: boolean },
  check: (tx: Transaction) => Promise<Result<null, AccountCode>>,
): Promise<Result<Session<LoggedIn>, AccountCode>> {
  const operadora = await onlyOperadoraOf(deps, id);
  const done = await transact(deps.kv, async (tx) => {
    const again = await atStepInCommit(deps, tx, session, "joining", step);
    if (!again.ok) return again;
    const { anonymous, onboarding } = again.data;
    if (!isOpen(deps, again.data)) return refuse<AccountCode>("joining_expired");
    const checked = await check(tx);
    if (!checked.ok) return checked;
    const joined = await join(deps, tx, id, onboarding, { confirms });
    if (!joined.ok) return joined;
    const { level } = onboarding;
    return accept(
      await openSession(deps, tx, {
        ...{ person: joined.data, method: "govbr", from: anonymous, operadora, govbr: level },
        detail: { level },
      }),
    );
  });
  if (done.ok) await endSessionsOf(deps, id, { but: done.data.id });
  return done;
}

/** "É outra pessoa": an account of one's own; the others stay as they are. */
export async function declineJoining(
  deps: Deps,
  session: Session | null,
): Promise<Result<GovbrSignIn, AccountCode>> {
  return await transact(deps.kv, async (tx) => {
    const again = await atStepInCommit(deps, tx, session, "joining", "conta");
    if (!again.ok) return again;
    if (!isOpen(deps, again.data)) return refuse<AccountCode>("joining_expired");
    const { anonymous, onboarding } = again.data;
    return beginOwnAccess(deps, tx, anonymous, onboarding);
  });
}
