import { appendAudit } from "../audit/append.ts";
import { newId } from "../ids.ts";
import { enqueue } from "../outbox/enqueue.ts";
import type { Portal } from "../portal.ts";
import { parseCpf } from "../registry/numbers.ts";
import { sameName } from "../registry/name.ts";
import { accept, refuse, type Result } from "../result.ts";
import { keys } from "../store/keys.ts";
import type { Person } from "../store/records/account.ts";
import type { FirstAccess, LoggedIn, Session, Visit } from "../store/records/session.ts";
import { transact, type Transaction } from "../store/transact.ts";
import { consumeCode, tryCode } from "./code.ts";
import { bindRepresentative } from "./bind_representative.ts";
import { EMAIL_CODE, firstAccessOf } from "./first_access.ts";
import { isIdentified } from "./identification.ts";
import { auditFailure } from "./login_attempts.ts";
import { firstAccessDoneMail } from "./mails.ts";
import type { AccountCode } from "./messages.ts";
import { verifyPassword } from "./password.ts";
import { getPerson } from "./person.ts";
import { whyNotRegister } from "./registration.ts";
import { currentVisit, replaceSession } from "./session.ts";
import { takeDeclaredOver } from "./take_over.ts";
import { recordTakenMail } from "./take_over_mails.ts";
import { type Limit, takeAttempt } from "./throttle.ts";

type Finished = Result<Session<LoggedIn>, AccountCode>;

const KNOWN_PERSON: Limit = { what: "first_access_known", attempts: 5, window: 15 * 60_000 };

/**
 * The code arrived: one commit makes the person (or completes them), takes the e-mail address,
 * records the terms, binds the representative and their certificate, and logs in.
 */
export async function finishFirstAccess(
  portal: Portal,
  session: Session | null,
  typedCode: string,
): Promise<Finished> {
  const found = firstAccessOf(portal, session, "confirmar");
  if (!found.ok) return found;
  const { visit, firstAccess: confirmed } = found.data;
  const tried = await tryCode(portal, { purpose: EMAIL_CODE, owner: visit.id, typed: typedCode });
  if (!tried.ok) return tried;
  await takeDeclaredOver(portal, confirmed);

  return await transact(portal.kv, async (tx) => {
    const again = firstAccessOf(portal, await currentVisit(portal, tx, visit), "confirmar");
    if (!again.ok) return again;
    const { firstAccess } = again.data;
    const used = { purpose: EMAIL_CODE, owner: visit.id, typed: typedCode };
    if (!await consumeCode(portal, tx, used)) return refuse<AccountCode>("code_expired");
    const person = await completePerson(portal, tx, firstAccess);
    if (!person.ok) return person;
    enqueue(
      portal,
      tx,
      firstAccessDoneMail(person.data.email!, person.data.name, portal.config.origin),
    );
    return await logIn(portal, tx, again.data.visit, person.data);
  });
}

/**
 * A representative who is in the portal already (as somebody's usuário, or representing another
 * operadora) proves it with the password they have, instead of registering again.
 */
export async function finishAsKnownPerson(
  portal: Portal,
  session: Session | null,
  form: { cpf: string; password: string },
): Promise<Finished> {
  const found = firstAccessOf(portal, session, "cadastro");
  if (!found.ok) return found;
  const { visit, firstAccess } = found.data;
  if (firstAccess.role !== "representante") return refuse("step_out_of_order");
  const cpf = firstAccess.cpf ?? parseCpf(form.cpf);
  if (!cpf) return refuse("cpf_invalid");
  const throttled = await takeAttempt(portal, KNOWN_PERSON, cpf + visit.state.certificate!.sha256);
  if (!throttled.ok) return throttled;
  const known = await getPerson(portal, cpf);
  const verified = await verifyPassword(known?.passwordHash ?? null, form.password);
  // The account must be of the person CADOP names, not of whoever holds the certificate. A CPF from
  // the certificate is theirs whatever spelling of the name they were registered with.
  const named = firstAccess.cpf !== null || sameName(known?.name ?? "", firstAccess.name);
  if (!verified || !known?.active || !named) {
    await auditFailure(portal, cpf, known);
    return refuse("first_access_cpf_unknown");
  }

  return await transact(portal.kv, async (tx) => {
    const again = firstAccessOf(portal, await currentVisit(portal, tx, visit), "cadastro");
    if (!again.ok) return again;
    const person = await tx.get(keys.person(cpf));
    if (person?.passwordHash !== known.passwordHash || !person?.active) {
      return refuse<AccountCode>("first_access_cpf_unknown");
    }
    tx.set(keys.termsAccepted(cpf, again.data.firstAccess.termsVersion!), portal.now());
    if (!isIdentified(person) && again.data.firstAccess.cpf !== null) {
      tx.set(keys.person(cpf), { ...person, origin: "certificado" });
    }
    return await logIn(portal, tx, again.data.visit, person);
  });
}

/** The person's record with the confirmed e-mail and the chosen password, if one was asked. */
export async function completePerson(
  portal: Portal,
  tx: Transaction,
  firstAccess: FirstAccess,
): Promise<Result<Person, AccountCode>> {
  const { cpf, email, passwordHash } = firstAccess.draft!;
  const [stored, holder] = await tx.getMany([
    keys.person(cpf),
    keys.personByEmail(email),
  ]);
  if (holder && holder !== cpf) return refuse("email_taken");
  const now = portal.now();
  const refusal = whyNotRegister(firstAccess, stored, now);
  if (refusal) return refusal;
  const person: Person = {
    ...stored ?? { id: newId(now), cpf, contactEmail: null, active: true, createdAt: now },
    name: firstAccess.name,
    email,
    passwordHash,
    provisional: null,
    ...firstAccess.role === "representante" && { origin: "certificado" },
    ...firstAccess.govbr && { govbr: { level: firstAccess.govbr.level, at: now } },
  };
  // Somebody who came with gov.br before, and now sets a password as a representative.
  if (stored?.email && stored.email !== email) tx.delete(keys.personByEmail(stored.email));
  tx.set(keys.person(cpf), person);
  tx.set(keys.personById(person.id), cpf);
  tx.set(keys.personByEmail(email), cpf);
  tx.set(keys.termsAccepted(cpf, firstAccess.termsVersion!), now);
  if (stored?.takenOverAt && !stored.email) {
    enqueue(portal, tx, recordTakenMail(email, person.name, portal.config.origin));
  }
  return accept(person);
}

/** Binds the certificate, if one was shown, and replaces the visit by a session of the person. */
export async function logIn(
  portal: Portal,
  tx: Transaction,
  visit: Visit,
  person: Person,
): Promise<Finished> {
  const { certificate, firstAccess } = visit.state;
  const operadora = certificate?.operadora ?? null;
  if (certificate) {
    const { name } = firstAccess!;
    const bound = await bindRepresentative(portal, tx, { cpf: person.cpf, name, certificate });
    if (!bound.ok) return bound;
  }
  await appendAudit(portal, tx, {
    stream: operadora ?? "portal",
    event: certificate ? "representative.bound" : "person.completed",
    actor: person.id,
    subject: operadora ?? person.id,
    detail: {
      ...certificate && { certificate: certificate.sha256 },
      ...firstAccess?.govbr && { govbr: firstAccess.govbr.level },
    },
  });
  return accept(replaceSession<LoggedIn>(portal, tx, visit, {
    kind: "person",
    cpf: person.cpf,
    certificate,
    operadora,
    authenticatedAt: portal.now(),
    ...firstAccess?.govbr && { govbr: { level: firstAccess.govbr.level } },
  }));
}
