import { appendAudit } from "../../audit/append.ts";
import { enqueue } from "../../outbox/enqueue.ts";
import type { Portal } from "../../portal.ts";
import { accept, refuse, type Result } from "../../result.ts";
import { keys } from "../../store/keys.ts";
import type { RegisteredCertificate, Representative } from "../../store/records/account.ts";
import type { Operadora } from "../../store/records/registry.ts";
import type { Session } from "../../store/records/session.ts";
import { transact, type Transaction } from "../../store/transact.ts";
import { type CertificateEntry, openDoor } from "../certificate_entry.ts";
import { consumeCode, tryCode } from "../code.ts";
import type { AccountCode } from "../messages.ts";
import { getPerson, reachableEmail } from "../person.ts";
import { registerCertificate } from "../registered_certificate.ts";
import { operadoraInCommit } from "../representative.ts";
import { currentVisit, endSessionsWith, replaceSession } from "../session.ts";
import { certificateActor } from "./actor.ts";
import { certificateRegisteredMail } from "./mails.ts";
import { type AtStep, REGISTRATION_CODE, registrationOf } from "./steps.ts";

interface Finished {
  entry: CertificateEntry;
  /** The certificate that was registered before. */
  ended: RegisteredCertificate | null;
}

/**
 * "Finalizar": one commit registers the certificate, ends the one before, and tells both addresses.
 * The session gets a new id and goes on to the first access (J1) or to the password (J2).
 */
export async function finishRegistration(
  portal: Portal,
  session: Session | null,
  typedCode: string,
): Promise<Result<CertificateEntry, AccountCode>> {
  const found = registrationOf(portal, session, "codigo");
  if (!found.ok) return found;
  const { visit } = found.data;
  const used = { purpose: REGISTRATION_CODE, owner: visit.id, typed: typedCode };
  const tried = await tryCode(portal, used);
  if (!tried.ok) {
    await auditRefusal(portal, found.data, tried.code);
    return tried;
  }
  const done = await transact(portal.kv, async (tx) => {
    const again = registrationOf(portal, await currentVisit(portal, tx, visit), "codigo");
    if (!again.ok) return again;
    if (!await consumeCode(portal, tx, used)) return refuse<AccountCode>("code_expired");
    return await register(portal, tx, again.data);
  });
  if (!done.ok) return done;
  const { entry, ended } = done.data;
  // Without powers since the commit: those are looked up at each request.
  if (ended) await endSessionsWith(portal, ended.sha256);
  return accept(entry);
}

async function register(
  portal: Portal,
  tx: Transaction,
  { visit, certificate, registration }: AtStep,
): Promise<Result<Finished, AccountCode>> {
  const operadora = await operadoraInCommit(portal, tx, registration.operadora!);
  // The code proves that somebody reads the address CADOP had when it was sent.
  if (!operadora?.representante || operadora.email !== registration.sentTo) {
    return refuse("registration_data_changed");
  }
  const { cnpj, razaoSocial } = operadora;
  const [registered, representative] = await tx.getMany([
    keys.certificateOfOperadora(cnpj),
    keys.representative(cnpj),
  ]);
  if (registered?.sha256 === certificate.sha256) {
    return refuse("certificate_already_registered", { operadora: razaoSocial });
  }
  const done = await registerCertificate(portal, tx, { certificate, operadora, ended: registered });
  if (!done.ok) return done;
  const { divergences } = registration;
  const mail = { certificate, operadora, divergences, replaced: registered !== null };
  for (const to of await addressesToTell(portal, operadora, representative)) {
    enqueue(portal, tx, certificateRegisteredMail(to, mail));
  }
  await appendAudit(portal, tx, {
    stream: cnpj,
    event: "certificate.registered",
    actor: certificateActor(certificate),
    subject: cnpj,
    detail: {
      certificate: certificate.sha256,
      certificateCnpj: certificate.cnpj,
      certificateCompany: certificate.companyName,
      operadoraCompany: razaoSocial,
      divergences: divergences.join(" "),
      replaced: registered?.sha256 ?? null,
    },
  });
  const { next, state } = openDoor(operadora, representative, certificate);
  const entry = { next, session: replaceSession(portal, tx, visit, state) };
  return accept({ entry, ended: registered });
}

/** The operadora, and whoever represented it in the portal until now. */
async function addressesToTell(
  portal: Portal,
  operadora: Operadora,
  representative: Representative | null,
): Promise<Set<string>> {
  const person = representative && await getPerson(portal, representative.cpf);
  const addresses = [operadora.email, person && reachableEmail(person)];
  return new Set(addresses.filter((address) => address !== null));
}

async function auditRefusal(
  portal: Portal,
  { certificate, registration }: AtStep,
  reason: AccountCode,
): Promise<void> {
  const cnpj = registration.operadora!;
  await transact(portal.kv, (tx) =>
    appendAudit(portal, tx, {
      stream: cnpj,
      event: "certificate.code_refused",
      actor: certificateActor(certificate),
      subject: cnpj,
      detail: { reason },
    }));
}
