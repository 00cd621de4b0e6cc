import { appendAudit } from "../../audit/append.ts";
import { newId } from "../../ids.ts";
import { enqueue } from "../../outbox/enqueue.ts";
import type { Portal } from "../../portal.ts";
import { accept, refuse, type Result } from "../../result.ts";
import { keys } from "../../store/keys.ts";
import type { Person } from "../../store/records/account.ts";
import type { LoggedIn, Session } from "../../store/records/session.ts";
import { transact } from "../../store/transact.ts";
import { takeCns } from "../cns/declare.ts";
import { gradeCns } from "../cns/grade.ts";
import { consumeCode, tryCode } from "../code.ts";
import type { AccountCode } from "../messages.ts";
import { checkPassword, hashPassword } from "../password.ts";
import { replaceSession } from "../session.ts";
import { TERMS_VERSION } from "../terms.ts";
import { SELF_REGISTRATION_CODE } from "./begin.ts";
import { selfRegisteredMail } from "./mails.ts";
import { advanceSelfRegistration, selfRegistrationInCommit, selfRegistrationOf } from "./state.ts";

/** The code came back: the address is the person's. */
export async function confirmSelfRegistration(
  portal: Portal,
  session: Session | null,
  typed: string,
): Promise<Result<null, AccountCode>> {
  const found = await selfRegistrationOf(portal, session, "codigo");
  if (!found.ok) return found;
  const code = { purpose: SELF_REGISTRATION_CODE, owner: found.data.visit.id, typed };
  const tried = await tryCode(portal, code);
  if (!tried.ok) return tried;
  return await advanceSelfRegistration(
    portal,
    session,
    "codigo",
    async (current, tx) =>
      await consumeCode(portal, tx, code)
        ? accept({ ...current, step: "termos" })
        : refuse("code_expired"),
  );
}

export function acceptSelfRegistrationTerms(
  portal: Portal,
  session: Session | null,
  accepted: boolean,
): Promise<Result<null, AccountCode>> {
  return advanceSelfRegistration(
    portal,
    session,
    "termos",
    (current) =>
      accepted
        ? accept({ ...current, step: "senha", termsVersion: TERMS_VERSION })
        : refuse("terms_not_accepted"),
  );
}

export interface SelfRegistered {
  session: Session<LoggedIn>;
  returnPath: string;
  /** False when the number is another person's: the record is made without it. */
  hasCns: boolean;
}

/**
 * The last form: one commit makes the person with what they declared, takes the e-mail address,
 * records the terms and logs in. The CPF stays what it is, declared (see `identification`).
 */
export async function finishSelfRegistration(
  portal: Portal,
  session: Session | null,
  form: { password: string; repeated: string },
): Promise<Result<SelfRegistered, AccountCode>> {
  const found = await selfRegistrationOf(portal, session, "senha");
  if (!found.ok) return found;
  if (form.password !== form.repeated) return refuse("passwords_differ");
  const owner = { ...found.data.registration, companies: [] };
  const checked = await checkPassword(portal.config.passwordPolicy, form.password, owner);
  if (!checked.ok) return checked;
  const passwordHash = await hashPassword(form.password);

  return await transact(portal.kv, async (tx) => {
    const again = await selfRegistrationInCommit(portal, tx, found.data.visit, "senha");
    if (!again.ok) return again;
    const { visit, registration } = again.data;
    const { cpf, cns, name, email, returnPath } = registration;
    const [stored, holder] = await tx.getMany([
      keys.person(cpf),
      keys.personByEmail(email),
    ]);
    // Somebody else was faster with the CPF or the address, while this one read the terms.
    if (stored || holder) return refuse<AccountCode>("self_registration_taken");
    const now = portal.now();
    const hasCns = await takeCns(tx, cpf, cns);
    const person: Person = {
      id: newId(now),
      cpf,
      name,
      email,
      contactEmail: null,
      passwordHash,
      provisional: null,
      active: true,
      createdAt: now,
      origin: "declarado",
      ...hasCns && { cns: gradeCns(cns, { answer: null, level: null, now }) },
    };
    tx.set(keys.person(cpf), person);
    tx.set(keys.personById(person.id), cpf);
    tx.set(keys.personByEmail(email), cpf);
    tx.set(keys.termsAccepted(cpf, registration.termsVersion!), now);
    tx.delete(keys.selfRegistration(visit.id));
    enqueue(portal, tx, selfRegisteredMail(email, name, portal.config));
    await appendAudit(portal, tx, {
      stream: "portal",
      event: "person.self_registered",
      actor: person.id,
      subject: person.id,
      detail: { cns: hasCns },
    });
    const next = replaceSession<LoggedIn>(portal, tx, visit, {
      kind: "person",
      cpf,
      certificate: null,
      operadora: null,
      authenticatedAt: now,
    });
    return accept({ session: next, returnPath, hasCns });
  });
}
