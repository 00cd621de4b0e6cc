import { appendAudit } from "../audit/append.ts";
import { newId } from "../ids.ts";
import { enqueue } from "../outbox/enqueue.ts";
import type { Portal } from "../portal.ts";
import { parseCpf } from "../registry/numbers.ts";
import { getOperadora, type Operadora } from "../registry/operadora.ts";
import { sameName } from "../registry/name.ts";
import { accept, refuse, type Result } from "../result.ts";
import { transact, type Transaction } from "../store/transact.ts";
import { consumeCode, tryCode } from "./code.ts";
import { EMAIL_CODE, firstAccessOf, type Visit } from "./first_access.ts";
import type { FirstAccess } from "./first_access_state.ts";
import { keys } from "./keys.ts";
import { firstAccessDoneMail, representativeBoundMail } from "./mails.ts";
import type { AccountCode } from "./messages.ts";
import { verifyPassword } from "./password.ts";
import { getPerson, type Person } from "./person.ts";
import {
  type RegisteredCertificate,
  type Representative,
  stillRepresents,
} from "./representative.ts";
import {
  currentVisit,
  type LoggedIn,
  replaceSession,
  type SeenCertificate,
  type Session,
} from "./session.ts";
import { TERMS_VERSION } from "./terms.ts";
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
  const { visit } = found.data;
  const tried = await tryCode(portal, { purpose: EMAIL_CODE, owner: visit.id, typed: typedCode });
  if (!tried.ok) return tried;
  const operadora = await operadoraOf(portal, visit);

  return await transact(portal.kv, async (tx) => {
    const again = firstAccessOf(portal, await currentVisit(portal, tx, visit), "confirmar");
    if (!again.ok) return again;
    const { firstAccess } = again.data;
    if (!await consumeCode(tx, { purpose: EMAIL_CODE, owner: visit.id })) {
      return refuse<AccountCode>("code_expired");
    }
    const person = await completePerson(portal, tx, firstAccess);
    if (!person.ok) return person;
    enqueue(
      portal,
      tx,
      firstAccessDoneMail(person.data.email!, person.data.name, portal.config.origin),
    );
    return await logIn(portal, tx, again.data.visit, person.data, operadora);
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
  if (!verified || !known?.active) return refuse("first_access_cpf_unknown");
  // The account must be of the person CADOP names, not of whoever holds the certificate.
  if (!sameName(known.name, firstAccess.name)) return refuse("first_access_cpf_unknown");
  const operadora = await operadoraOf(portal, visit);

  return await transact(portal.kv, async (tx) => {
    const again = firstAccessOf(portal, await currentVisit(portal, tx, visit), "cadastro");
    if (!again.ok) return again;
    const person = await tx.get<Person>(keys.person(cpf));
    if (person?.passwordHash !== known.passwordHash || !person?.active) {
      return refuse<AccountCode>("first_access_cpf_unknown");
    }
    tx.set(keys.termsAccepted(cpf, TERMS_VERSION), portal.now());
    return await logIn(portal, tx, again.data.visit, person, operadora);
  });
}

async function operadoraOf(portal: Portal, visit: Visit): Promise<Operadora | null> {
  const { certificate } = visit.state;
  return certificate ? await getOperadora(portal, certificate.cnpj) : null;
}

/** The person's record with the confirmed e-mail and the chosen password. */
async function completePerson(
  portal: Portal,
  tx: Transaction,
  firstAccess: FirstAccess,
): Promise<Result<Person, AccountCode>> {
  const { cpf, email, passwordHash } = firstAccess.draft!;
  const [stored, holder] = await tx.getMany<[Person, string]>([
    keys.person(cpf),
    keys.personByEmail(email),
  ]);
  if (holder && holder !== cpf) return refuse("email_taken");
  if (firstAccess.role === "representante" && stored) return refuse("first_access_cpf_taken");
  if (firstAccess.role === "usuario") {
    // Somebody else finished with the same provisional password, or the person was deactivated.
    if (!stored?.provisional) return refuse("step_out_of_order");
    if (!stored.active) return refuse("person_inactive");
    if (stored.provisional.expiresAt <= portal.now()) return refuse("provisional_expired");
  }
  const now = portal.now();
  const base = stored ?? {
    id: newId(now),
    cpf,
    name: firstAccess.name,
    contactEmail: null,
    createdAt: now,
  };
  const person: Person = { ...base, email, passwordHash, provisional: null, active: true };
  tx.set(keys.person(cpf), person);
  tx.set(keys.personById(person.id), cpf);
  tx.set(keys.personByEmail(email), cpf);
  tx.set(keys.termsAccepted(cpf, firstAccess.termsVersion ?? TERMS_VERSION), now);
  return accept(person);
}

async function logIn(
  portal: Portal,
  tx: Transaction,
  visit: Visit,
  person: Person,
  operadora: Operadora | null,
): Promise<Finished> {
  const { certificate } = visit.state;
  if (certificate) {
    const bound = await bindRepresentative(portal, tx, { person, certificate, operadora, visit });
    if (!bound.ok) return bound;
  }
  await appendAudit(portal, tx, {
    stream: certificate?.cnpj ?? "portal",
    event: certificate ? "representative.bound" : "person.completed",
    actor: person.id,
    subject: certificate?.cnpj ?? person.id,
    detail: certificate ? { certificate: certificate.sha256 } : {},
  });
  return accept(replaceSession<LoggedIn>(portal, tx, visit, {
    kind: "person",
    cpf: person.cpf,
    certificate,
    operadora: certificate?.cnpj ?? null,
    authenticatedAt: portal.now(),
  }));
}

/** Ties person, certificate and operadora; the certificate that was registered before ends. */
async function bindRepresentative(
  portal: Portal,
  tx: Transaction,
  { person, certificate, operadora, visit }: {
    person: Person;
    certificate: SeenCertificate;
    operadora: Operadora | null;
    visit: Visit;
  },
): Promise<Result<null, AccountCode>> {
  const name = visit.state.firstAccess!.name;
  // A new CADOP edition may have come in the middle of the first access.
  if (!operadora?.representante || !sameName(operadora.representante, name)) {
    return refuse("step_out_of_order");
  }
  const [bound] = await tx.getMany<[Representative, RegisteredCertificate]>([
    keys.representative(certificate.cnpj),
    keys.certificateOfOperadora(certificate.cnpj),
  ]);
  // Two certificates at once: the first to finish is the operadora's one.
  if (stillRepresents(bound, operadora)) return refuse("step_out_of_order");
  const now = portal.now();
  const representative: Representative = { cpf: person.cpf, name, since: now };
  tx.set(keys.representative(certificate.cnpj), representative);
  const registered: RegisteredCertificate = {
    sha256: certificate.sha256,
    notAfter: certificate.notAfter,
    registeredAt: now,
  };
  tx.set(keys.certificateOfOperadora(certificate.cnpj), registered);
  if (operadora.email) {
    enqueue(
      portal,
      tx,
      representativeBoundMail(operadora.email, { name, operadora: operadora.razaoSocial }),
    );
  }
  return accept(null);
}
