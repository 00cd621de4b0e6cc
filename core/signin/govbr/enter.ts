import { creditGovbr } from "../../account/cns.ts";
import type { AccountCode } from "../../account/messages.ts";
import { onlyOperadoraOf } from "../../account/operadoras.ts";
import { getPerson } from "../../account/person.ts";
import { currentAnonymous, endSessionsOf, replaceSession } from "../../account/session.ts";
import { isAnothers, takeOver } from "../../account/take_over.ts";
import { auditFailure } from "../../account/throttle.ts";
import { LEVEL_NAMES, reaches } from "../../config/choices.ts";
import type { Deps } from "../../deps.ts";
import { govbrFirstUsed } from "../../notify/account_mails.ts";
import { notify } from "../../notify/notify.ts";
import { accept, refuse, type Result } from "../../result.ts";
import { keys } from "../../store/keys.ts";
import type { Person } from "../../store/records/account.ts";
import type { AnonymousSession, FirstAccess, Session } from "../../store/records/session.ts";
import { transact, type Transaction } from "../../store/transact.ts";
import { openSession } from "../open_session.ts";
import type { PasswordLogin } from "../password.ts";
import { type GovbrIdentity, readAnswer } from "./answer.ts";
import { spendGovbrState } from "./attempt.ts";

/** What an entry opens is the same as with a password; the session gets a new id. */
export type GovbrSignIn = PasswordLogin;

/**
 * Entry of the person whom gov.br sent back. The CPF alone says who it is: a person of the portal is
 * logged in; one who is new, or whom an operadora has registered, begins their first access without a
 * password. So does the holder of a CPF that another person had declared: the record is theirs.
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
  const required = deps.config.govbr!.level;
  const entry = reaches(identity.level, required)
    ? await openAndEnd(deps, session!, identity, query.get("state") ?? "")
    : refuse<AccountCode>("govbr_level_too_low", {
      nivel: LEVEL_NAMES[identity.level],
      exigido: LEVEL_NAMES[required],
    });
  if (!entry.ok) await auditFailure(deps, identity.cpf, await getPerson(deps, identity.cpf));
  return entry;
}

async function openAndEnd(
  deps: Deps,
  session: Session,
  identity: GovbrIdentity,
  state: string,
): Promise<Result<GovbrSignIn, AccountCode>> {
  const entry = await transact(deps.kv, async (tx) => {
    // Side by side: what a refused commit has opened is not written.
    const [first, opened] = await Promise.all([
      spendGovbrState(deps, tx, session, state),
      open(deps, tx, session, identity),
    ]);
    return first ? opened : refuse<AccountCode>("govbr_attempt_unknown");
  });
  // A login under way while the record was taken over is found only now; a person who begins their
  // first access has no other session that this could end.
  if (entry.ok && entry.data.next === "first_access") await endSessionsOf(deps, identity.cpf);
  return entry;
}

async function open(
  deps: Deps,
  tx: Transaction,
  session: Session,
  identity: GovbrIdentity,
): Promise<Result<GovbrSignIn, AccountCode>> {
  const [anonymous, person, operadora] = await Promise.all([
    currentAnonymous(deps, tx, session),
    tx.get(keys.person(identity.cpf)),
    onlyOperadoraOf(deps, identity.cpf),
  ]);
  if (!anonymous) return refuse("session_ended");
  if (person && !person.active) return refuse("person_inactive");
  if (person && isAnothers(person, identity)) {
    const taken = await takeOver(deps, tx, person, identity);
    return beginFirstAccess(deps, tx, anonymous, taken, identity);
  }
  // After a first access there is a confirmed e-mail; a password only if it was asked.
  return person?.email
    ? await logIn(deps, tx, { anonymous, person, operadora }, identity)
    : beginFirstAccess(deps, tx, anonymous, person, identity);
}

async function logIn(
  deps: Deps,
  tx: Transaction,
  { anonymous, person, operadora }: {
    anonymous: AnonymousSession;
    person: Person;
    operadora: string | null;
  },
  { level }: GovbrIdentity,
): Promise<Result<GovbrSignIn, AccountCode>> {
  const now = deps.now();
  const known: Person = {
    ...person,
    govbr: { level, at: now },
    ...person.cns && { cns: creditGovbr(person.cns, level, now) },
  };
  tx.set(keys.person(person.cpf), known);
  if (!person.govbr) notify(deps, tx, person, govbrFirstUsed(deps.config.origin));
  const next = await openSession(deps, tx, {
    person,
    method: "govbr",
    from: anonymous,
    operadora,
    govbr: level,
    detail: { level },
  });
  return accept({ next: "logged_in", session: next });
}

function beginFirstAccess(
  deps: Deps,
  tx: Transaction,
  anonymous: AnonymousSession,
  person: Person | null,
  { cpf, name, email, level }: GovbrIdentity,
): Result<GovbrSignIn, AccountCode> {
  const firstAccess: FirstAccess = {
    flow: "first_access",
    role: "usuario",
    step: "termos",
    // gov.br has it from the Receita Federal; the operadora that registered the person typed it.
    name,
    cpf,
    provisionalHash: person?.provisional?.hash ?? null,
    termsVersion: null,
    draft: null,
    govbr: { email, level },
  };
  const next = replaceSession(deps, tx, anonymous, {
    kind: "anonymous" as const,
    certificate: null,
    onboarding: firstAccess,
  });
  return accept({ next: "first_access", session: next });
}
