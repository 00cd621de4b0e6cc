import { creditGovbr } from "../../account/cns.ts";
import type { AccountCode } from "../../account/messages.ts";
import { getAccount, getAccounts, NOBODY } from "../../account/account.ts";
import { onlyOperadoraOf } from "../../account/operadoras.ts";
import { cpfProofOf, isProvingLevel } from "../../account/proof.ts";
import { currentAnonymous, endSessionsOf, replaceSession } from "../../account/session.ts";
import { endSessionsInCommit } from "../../account/session_list.ts";
import { auditFailure } from "../../account/throttle.ts";
import { auditOwn } from "../../audit/append.ts";
import { LEVEL_NAMES } from "../../config/choices.ts";
import type { Deps } from "../../deps.ts";
import { accountJoined } from "../../mails/account_mails.ts";
import { notify } from "../../notify/notify.ts";
import { accept, refuse, type Result } from "../../result.ts";
import { keys } from "../../store/keys.ts";
import { list, read } from "../../store/read.ts";
import type { Account, AccountId } from "../../store/records/account.ts";
import type {
  Anonymous,
  AnonymousSession,
  FirstAccess,
  Joining,
  LoggedIn,
  Session,
} from "../../store/records/session.ts";
import { transact, type Transaction } from "../../store/transact.ts";
import { openSession } from "../open_session.ts";
import { type GovbrIdentity, readAnswer } from "./answer.ts";
import { spendGovbrState } from "./attempt.ts";
import { putGovbr } from "../../account/govbr.ts";

/**
 * What an entry with gov.br opens: the session of the account that gov.br signs in to; the first
 * access of somebody new; or the choice whether an account with this CPF is theirs.
 */
export type GovbrSignIn =
  | { next: "logged_in"; session: Session<LoggedIn> }
  | { next: "first_access" | "joining"; session: Session<Anonymous> };

/** Accounts shown to somebody whom gov.br has named. */
const SHOWN = 20;

/**
 * Entry of the person whom gov.br sent back. Only an account that was joined to this gov.br account,
 * or made by it, is signed in to; nobody inherits another one that carries the CPF: it is joined by
 * whoever shows its own credential (see `core/onboarding/joining`).
 *
 * @param query of the address that the browser was sent back to
 */
export async function signInWithGovbr(
  deps: Deps,
  session: Session | null,
  query: URLSearchParams,
): Promise<Result<GovbrSignIn, AccountCode>> {
  const answer = await readAnswer(deps, session, query);
  if (!answer.ok) return answer;
  const identity = answer.data;
  const found = await findAccounts(deps, identity);
  const state = query.get("state") ?? "";
  const entry = await transact(deps.kv, async (tx) => {
    // Side by side: what a refused commit has opened is not written.
    const [first, opened] = await Promise.all([
      spendGovbrState(deps, tx, session!, state),
      open(deps, tx, session!, identity, found),
    ]);
    return first ? opened : refuse<AccountCode>("govbr_attempt_unknown");
  });
  if (!entry.ok) await auditFailure(deps, identity, found.own);
  else if (entry.data.next === "logged_in" && entry.data.joined) {
    // A login that was under way meanwhile.
    const { session: { id, state } } = entry.data;
    await endSessionsOf(deps, state.account, { but: id });
  }
  return entry;
}

interface Found {
  /** The account that this gov.br account signs in to. */
  own: Account | null;
  /**
   * Accounts that have this CPF and a confirmed address; `own` among them. First the one with the
   * address that gov.br has verified, then those with a tie, a membership or a proof, then the oldest:
   * accounts that merely declare the CPF, however many, push none of these out.
   */
  carrying: Account[];
}

/** Three round trips. */
async function findAccounts(
  deps: Deps,
  { cpf, email }: Pick<GovbrIdentity, "cpf" | "email">,
): Promise<Found> {
  const limit = { limit: SHOWN };
  const [own, ofEmail, found, declared] = await Promise.all([
    read(deps.kv, keys.govbrAccount(cpf)),
    email === null ? null : read(deps.kv, keys.accountByEmail(email)),
    Array.fromAsync(list(deps.kv, keys.signInByCpf.under(cpf), limit), ({ rest: [id] }) => id),
    Array.fromAsync(list(deps.kv, keys.accountsOfCpf.under(cpf), limit), ({ rest: [id] }) => id),
  ]);
  const ids = [...new Set([...ofEmail ? [ofEmail] : [], ...found, ...declared])].slice(0, SHOWN);
  const [person, accounts] = await Promise.all([
    getAccount(deps, own ?? NOBODY),
    getAccounts(deps, ids),
  ]);
  const carrying = accounts.filter((one) => one.cpf === cpf && one.email !== null);
  return { own: person, carrying };
}

type Entry = Result<GovbrSignIn & { joined?: boolean }, AccountCode>;

async function open(
  deps: Deps,
  tx: Transaction,
  session: Session,
  identity: GovbrIdentity,
  { own, carrying }: Found,
): Promise<Entry> {
  const [anonymous, person] = await Promise.all([
    currentAnonymous(deps, tx, session),
    own && tx.get(keys.account(own.id)),
  ]);
  if (!anonymous) return refuse("session_ended");
  if (person && !person.active) return refuse("person_inactive");
  const proves = isProvingLevel(deps, identity.level);
  // Reaching the level set is a new proof, not an entry: it may be another person who comes.
  const enters = person && (!proves || cpfProofOf(deps, person)?.by === "govbr");
  if (enters) return accept(await logIn(deps, tx, anonymous, person, identity));
  const replaces = person?.id ?? null;
  const others = carrying.filter(({ active }) => active);
  if (others.length === 0) return beginFirstAccess(deps, tx, anonymous, identity, replaces);
  if (!proves) {
    const required = LEVEL_NAMES[deps.config.govbr!.level];
    return refuse("govbr_level_own_account", {
      nivel: LEVEL_NAMES[identity.level],
      exigido: required,
    });
  }
  const same = others.find(({ email }) => email === identity.email);
  return same
    ? await joinByAddress(deps, tx, anonymous, same.id, identity, replaces)
    : beginJoining(deps, tx, anonymous, identity, others, replaces);
}

async function logIn(
  deps: Deps,
  tx: Transaction,
  anonymous: AnonymousSession,
  person: Account,
  { level }: GovbrIdentity,
): Promise<GovbrSignIn> {
  const at = deps.now();
  const proof = person.proof && isProvingLevel(deps, level)
    ? { by: "govbr", level, at } as const
    : person.proof;
  const seen: Account = {
    ...person,
    govbr: { level, at },
    proof,
    ...person.cns && { cns: creditGovbr(person.cns, level, at) },
  };
  tx.set(keys.account(person.id), seen);
  return { next: "logged_in", session: await begin(deps, tx, anonymous, seen, level) };
}

async function begin(
  deps: Deps,
  tx: Transaction,
  anonymous: AnonymousSession,
  person: Account,
  level: GovbrIdentity["level"],
): Promise<Session<LoggedIn>> {
  const operadora = await onlyOperadoraOf(deps, person.id);
  const detail = { level };
  return await openSession(deps, tx, {
    ...{ person, method: "govbr", from: anonymous, operadora, govbr: level, detail },
  });
}

/** The address that gov.br has verified is the account's: the same person, and no credential is shown. */
async function joinByAddress(
  deps: Deps,
  tx: Transaction,
  anonymous: AnonymousSession,
  account: AccountId,
  identity: GovbrIdentity,
  replaces: AccountId | null,
): Promise<Entry> {
  const joined = await join(deps, tx, account, { ...identity, replaces }, { confirms: false });
  if (!joined.ok) return joined;
  const session = await begin(deps, tx, anonymous, joined.data, identity.level);
  return accept({ next: "logged_in", session, joined: true });
}

/** Whom gov.br has named, on the way to join an account. */
export type Holder =
  & Pick<GovbrIdentity, "cpf" | "name" | "email" | "level">
  & Pick<Joining, "replaces">;

/**
 * Joins an account to the gov.br account of its CPF, inside a commit: the CPF is proved, gov.br signs
 * in to it, all its sessions end and its owner is told. Costs seven checks at most.
 *
 * @param confirms the password was shown for it: it speaks for the proof; else it does so again when
 *   it is confirmed by itself
 * @returns refused when the account is gone or has changed its address or CPF, and when another one
 *   was joined first
 */
export async function join(
  deps: Deps,
  tx: Transaction,
  account: AccountId,
  { cpf, name, level, replaces }: Holder,
  { confirms }: { confirms: boolean },
): Promise<Result<Account, AccountCode>> {
  const [person, holder, proven] = await tx.getMany([
    keys.account(account),
    keys.govbrAccount(cpf),
    keys.provenAccount(cpf),
  ]);
  const usable = person?.active && person.email !== null && person.cpf === cpf;
  if (!usable) return refuse("joining_account_gone");
  const isOther = (one: AccountId | null) => one !== null && one !== account && one !== replaces;
  if (isOther(holder)) return refuse("joining_account_gone");
  // One that has proved the CPF by e-CPF gives way to gov.br.
  const other = isOther(proven) ? await tx.get(keys.account(proven!)) : null;
  if (isOther(proven) && other?.proof?.by !== "ecpf") return refuse("joining_account_gone");
  const joined = await putGovbr(deps, tx, { ...person, name }, level);
  const { password, proofNumber } = joined;
  const confirmed = confirms && password !== null;
  const written = confirmed
    ? { ...joined, password: { ...password, confirmedUnder: proofNumber, mailboxes: null } }
    : joined;
  tx.set(keys.account(account), written);
  await endSessionsInCommit(deps, tx, account);
  const said = { level: LEVEL_NAMES[level], confirmed };
  notify(deps, tx, written, accountJoined(said, deps.config.origin));
  await auditOwn(deps, tx, written, "account.joined", { level, confirmed });
  return accept(written);
}

function beginFirstAccess(
  deps: Deps,
  tx: Transaction,
  anonymous: AnonymousSession,
  { cpf, name, email, level }: Omit<Holder, "replaces">,
  replaces: AccountId | null,
): Result<GovbrSignIn, AccountCode> {
  const onboarding: FirstAccess = {
    flow: "first_access",
    role: "usuario",
    step: "termos",
    // gov.br has it from the Receita Federal.
    name,
    cpf,
    termsVersion: null,
    draft: null,
    govbr: { email, level, replaces },
  };
  const state = { kind: "anonymous", certificate: null, onboarding } as const;
  return accept({ next: "first_access", session: replaceSession(deps, tx, anonymous, state) });
}

function beginJoining(
  deps: Deps,
  tx: Transaction,
  anonymous: AnonymousSession,
  { cpf, name, email, level }: GovbrIdentity,
  others: readonly Account[],
  replaces: AccountId | null,
): Result<GovbrSignIn, AccountCode> {
  const onboarding: Joining = {
    flow: "joining",
    step: "conta",
    ...{ cpf, name, email, level, replaces },
    begunAt: deps.now(),
    accounts: others.map(({ id }) => id),
    chosen: null,
  };
  const state = { kind: "anonymous", certificate: null, onboarding } as const;
  return accept({ next: "joining", session: replaceSession(deps, tx, anonymous, state) });
}

/** "É outra pessoa": the first access of the one whom gov.br has named, in an account of their own. */
export function beginOwnAccess(
  deps: Deps,
  tx: Transaction,
  anonymous: AnonymousSession,
  joining: Joining,
): Result<GovbrSignIn, AccountCode> {
  return beginFirstAccess(deps, tx, anonymous, joining, joining.replaces);
}
