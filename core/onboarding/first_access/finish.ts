import { appendAudit } from "../../audit/append.ts";
import { newId } from "../../ids.ts";
import { enqueue } from "../../outbox/enqueue.ts";
import type { Deps } from "../../deps.ts";
import { parseCpf } from "../../registry/numbers.ts";
import { sameName } from "../../registry/name.ts";
import { accept, refuse, type Result } from "../../result.ts";
import { keys } from "../../store/keys.ts";
import type { Person } from "../../store/records/account.ts";
import type {
  AnonymousSession,
  FirstAccess,
  LoggedIn,
  Session,
} from "../../store/records/session.ts";
import { transact, type Transaction } from "../../store/transact.ts";
import { consumeCode, tryCode } from "../../account/code.ts";
import { bindRepresentative } from "./bind_representative.ts";
import { EMAIL_CODE, firstAccessOf } from "./steps.ts";
import { isIdentified } from "../../account/identification.ts";
import { auditFailure, consumeAttempt, type Limit } from "../../account/throttle.ts";
import { firstAccessDoneMail } from "../../account/mails.ts";
import type { AccountCode } from "../../account/messages.ts";
import { verifyPassword } from "../../account/password.ts";
import { getPerson } from "../../account/person.ts";
import { checkRegistrable } from "./registration.ts";
import { currentAnonymous, replaceSession } from "../../account/session.ts";
import { takeDeclaredOver } from "../../account/take_over.ts";
import { recordTakenMail } from "../../account/take_over_mails.ts";

type Finished = Result<Session<LoggedIn>, AccountCode>;

const KNOWN_PERSON: Limit = { what: "first_access_known", attempts: 5, window: 15 * 60_000 };

/**
 * The code arrived: one commit makes the person (or completes them), takes the e-mail address,
 * records the terms, binds the representative and their certificate, and logs in.
 */
export async function finishFirstAccess(
  deps: Deps,
  session: Session | null,
  typedCode: string,
): Promise<Finished> {
  const found = firstAccessOf(deps, session, "confirmar");
  if (!found.ok) return found;
  const { anonymous, firstAccess: confirmed } = found.data;
  const tried = await tryCode(deps, { purpose: EMAIL_CODE, owner: anonymous.id, typed: typedCode });
  if (!tried.ok) return tried;
  await takeDeclaredOver(deps, confirmed);

  return await transact(deps.kv, async (tx) => {
    const again = firstAccessOf(deps, await currentAnonymous(deps, tx, anonymous), "confirmar");
    if (!again.ok) return again;
    const { firstAccess } = again.data;
    const used = { purpose: EMAIL_CODE, owner: anonymous.id, typed: typedCode };
    if (!await consumeCode(deps, tx, used)) return refuse<AccountCode>("code_expired");
    const person = await completePerson(deps, tx, firstAccess);
    if (!person.ok) return person;
    enqueue(
      deps,
      tx,
      firstAccessDoneMail(person.data.email!, person.data.name, deps.config.origin),
    );
    return await logIn(deps, tx, again.data.anonymous, person.data);
  });
}

/**
 * A representative who is in the portal already (as somebody's usuário, or representing another
 * operadora) proves it with the password they have, instead of registering again.
 */
export async function finishAsKnownPerson(
  deps: Deps,
  session: Session | null,
  form: { cpf: string; password: string },
): Promise<Finished> {
  const found = firstAccessOf(deps, session, "cadastro");
  if (!found.ok) return found;
  const { anonymous, firstAccess } = found.data;
  if (firstAccess.role !== "representante") return refuse("step_out_of_order");
  const cpf = firstAccess.cpf ?? parseCpf(form.cpf);
  if (!cpf) return refuse("cpf_invalid");
  const throttled = await consumeAttempt(
    deps,
    KNOWN_PERSON,
    cpf + anonymous.state.certificate!.sha256,
  );
  if (!throttled.ok) return throttled;
  const known = await getPerson(deps, cpf);
  const verified = await verifyPassword(known?.passwordHash ?? null, form.password);
  // The account must be of the person CADOP names, not of whoever holds the certificate. A CPF from
  // the certificate is theirs whatever spelling of the name they were registered with.
  const named = firstAccess.cpf !== null || sameName(known?.name ?? "", firstAccess.name);
  if (!verified || !known?.active || !named) {
    await auditFailure(deps, cpf, known);
    return refuse("first_access_cpf_unknown");
  }

  return await transact(deps.kv, async (tx) => {
    const again = firstAccessOf(deps, await currentAnonymous(deps, tx, anonymous), "cadastro");
    if (!again.ok) return again;
    const person = await tx.get(keys.person(cpf));
    if (person?.passwordHash !== known.passwordHash || !person?.active) {
      return refuse<AccountCode>("first_access_cpf_unknown");
    }
    tx.set(keys.termsAccepted(cpf, again.data.firstAccess.termsVersion!), deps.now());
    if (!isIdentified(person) && again.data.firstAccess.cpf !== null) {
      tx.set(keys.person(cpf), { ...person, origin: "certificado" });
    }
    return await logIn(deps, tx, again.data.anonymous, person);
  });
}

/** The person's record with the confirmed e-mail and the chosen password, if one was asked. */
export async function completePerson(
  deps: Deps,
  tx: Transaction,
  firstAccess: FirstAccess,
): Promise<Result<Person, AccountCode>> {
  const { cpf, email, passwordHash } = firstAccess.draft!;
  const [stored, holder] = await tx.getMany([
    keys.person(cpf),
    keys.personByEmail(email),
  ]);
  if (holder && holder !== cpf) return refuse("email_taken");
  const now = deps.now();
  const refusal = checkRegistrable(firstAccess, stored, now);
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
    enqueue(deps, tx, recordTakenMail(email, person.name, deps.config.origin));
  }
  return accept(person);
}

/** Binds the certificate, if one was shown, and replaces the visit by a session of the person. */
export async function logIn(
  deps: Deps,
  tx: Transaction,
  anonymous: AnonymousSession,
  person: Person,
): Promise<Finished> {
  const { certificate, firstAccess } = anonymous.state;
  const operadora = certificate?.operadora ?? null;
  if (certificate) {
    const { name } = firstAccess!;
    const bound = await bindRepresentative(deps, tx, { cpf: person.cpf, name, certificate });
    if (!bound.ok) return bound;
  }
  await appendAudit(deps, tx, {
    stream: operadora ?? "portal",
    event: certificate ? "representative.bound" : "person.completed",
    actor: person.id,
    subject: operadora ?? person.id,
    detail: {
      ...certificate && { certificate: certificate.sha256 },
      ...firstAccess?.govbr && { govbr: firstAccess.govbr.level },
    },
  });
  return accept(replaceSession<LoggedIn>(deps, tx, anonymous, {
    kind: "person",
    cpf: person.cpf,
    certificate,
    operadora,
    authenticatedAt: deps.now(),
    ...firstAccess?.govbr && { govbr: { level: firstAccess.govbr.level } },
  }));
}
