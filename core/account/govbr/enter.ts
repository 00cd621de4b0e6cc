import { appendAudit } from "../../audit/append.ts";
import { enqueue } from "../../outbox/enqueue.ts";
import type { Portal } from "../../portal.ts";
import { accept, refuse, type Result } from "../../result.ts";
import { keys } from "../../store/keys.ts";
import type { Person } from "../../store/records/account.ts";
import type { FirstAccess, LoggedIn, Session, Visit } from "../../store/records/session.ts";
import { transact, type Transaction } from "../../store/transact.ts";
import { creditGovbr } from "../cns/grade.ts";
import type { PasswordLogin } from "../login.ts";
import { auditFailure } from "../login_attempts.ts";
import type { AccountCode } from "../messages.ts";
import { getPerson } from "../person.ts";
import { isAnothers, takeOver } from "../take_over.ts";
import { currentVisit, endSessionsOf, replaceSession } from "../session.ts";
import { readAnswer } from "./answer.ts";
import type { GovbrIdentity } from "./identity.ts";
import { LEVEL_NAMES, reaches } from "./level.ts";
import { govbrFirstUsedMail } from "./mails.ts";

/** What an entry opens is the same as with a password; the session gets a new id. */
export type GovbrEntry = PasswordLogin;

/**
 * Entry of whom gov.br sent back. The CPF alone says who it is: a person of the portal is logged in,
 * somebody new, or somebody an operadora has registered, begins their first access without a
 * password. So does the holder of a CPF that somebody else had declared: the record is theirs.
 *
 * @param query of the address that the browser was sent back to
 */
export async function enterWithGovbr(
  portal: Portal,
  session: Session | null,
  query: URLSearchParams,
): Promise<Result<GovbrEntry, AccountCode>> {
  const answer = await readAnswer(portal, session, query);
  if (!answer.ok) return answer;
  const identity = answer.data;
  const required = portal.config.govbr!.level;
  const entry = reaches(identity.level, required)
    ? await openAndEnd(portal, session!, identity)
    : refuse<AccountCode>("govbr_level_too_low", {
      nivel: LEVEL_NAMES[identity.level],
      exigido: LEVEL_NAMES[required],
    });
  if (!entry.ok) await auditFailure(portal, identity.cpf, await getPerson(portal, identity.cpf));
  return entry;
}

async function openAndEnd(
  portal: Portal,
  session: Session,
  identity: GovbrIdentity,
): Promise<Result<GovbrEntry, AccountCode>> {
  const entry = await transact(portal.kv, (tx) => open(portal, tx, session, identity));
  // A login under way while the record was taken over is found only now; who begins their first
  // access has no session of a person that this could end.
  if (entry.ok && entry.data.next === "first_access") await endSessionsOf(portal, identity.cpf);
  return entry;
}

async function open(
  portal: Portal,
  tx: Transaction,
  session: Session,
  identity: GovbrIdentity,
): Promise<Result<GovbrEntry, AccountCode>> {
  const visit = await currentVisit(portal, tx, session);
  if (!visit) return refuse("session_ended");
  const person = await tx.get(keys.person(identity.cpf));
  if (person && !person.active) return refuse("person_inactive");
  if (person && isAnothers(person, identity)) {
    const taken = await takeOver(portal, tx, person, identity);
    return beginFirstAccess(portal, tx, visit, taken, identity);
  }
  // Whoever has finished the first access has a confirmed e-mail; a password only if it was asked.
  return person?.email
    ? await logIn(portal, tx, visit, person, identity)
    : beginFirstAccess(portal, tx, visit, person, identity);
}

async function logIn(
  portal: Portal,
  tx: Transaction,
  visit: Visit,
  person: Person,
  { level }: GovbrIdentity,
): Promise<Result<GovbrEntry, AccountCode>> {
  const now = portal.now();
  const known: Person = {
    ...person,
    govbr: { level, at: now },
    ...person.cns && { cns: creditGovbr(person.cns, level, now) },
  };
  tx.set(keys.person(person.cpf), known);
  if (!person.govbr) {
    enqueue(portal, tx, govbrFirstUsedMail(person.email!, person.name, portal.config.origin));
  }
  await appendAudit(portal, tx, {
    stream: "portal",
    event: "login.govbr",
    actor: person.id,
    subject: person.id,
    detail: { level },
  });
  const next = replaceSession<LoggedIn>(portal, tx, visit, {
    kind: "person",
    cpf: person.cpf,
    certificate: null,
    operadora: null,
    authenticatedAt: now,
    govbr: { level },
  });
  return accept({ next: "logged_in", session: next });
}

function beginFirstAccess(
  portal: Portal,
  tx: Transaction,
  visit: Visit,
  person: Person | null,
  { cpf, name, email, level }: GovbrIdentity,
): Result<GovbrEntry, AccountCode> {
  const firstAccess: FirstAccess = {
    role: "usuario",
    step: "termos",
    // gov.br has it from the Receita Federal; whoever registered the person typed it.
    name,
    cpf,
    provisionalHash: person?.provisional?.hash ?? null,
    termsVersion: null,
    draft: null,
    govbr: { email, level },
  };
  const next = replaceSession(portal, tx, visit, {
    kind: "visiting" as const,
    certificate: null,
    registration: null,
    firstAccess,
  });
  return accept({ next: "first_access", session: next });
}
