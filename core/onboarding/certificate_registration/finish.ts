import { operadoraInCommit, registerCertificate } from "../../account/binding.ts";
import { consumeCode, tryCode } from "../../account/code.ts";
import type { AccountCode } from "../../account/messages.ts";
import { getAccount } from "../../account/account.ts";
import { endSessionsWith, replaceSession } from "../../account/session.ts";
import { appendAudit } from "../../audit/append.ts";
import type { Deps } from "../../deps.ts";
import { notifyAddress } from "../../notify/notify.ts";
import { certificateRegistered } from "../../mails/onboarding_mails.ts";
import { accept, refuse, type Result } from "../../result.ts";
import { type CertificateSignIn, signInWith } from "../../signin/certificate.ts";
import { keys } from "../../store/keys.ts";
import type { RegisteredCertificate, Representative } from "../../store/records/account.ts";
import type { Operadora } from "../../store/records/registry.ts";
import type { Session } from "../../store/records/session.ts";
import { transact, type Transaction } from "../../store/transact.ts";
import { type AtStep, atStep, atStepInCommit } from "../steps.ts";
import { certificateActor, REGISTRATION_CODE } from "./steps.ts";

interface Finished {
  entry: CertificateSignIn;
  /** The certificate that was registered before. */
  ended: RegisteredCertificate | null;
}

/**
 * "Finalizar": one commit registers the certificate, ends the one before, and tells both addresses.
 * The session gets a new id and goes on to the first access (J1) or to the password (J2).
 */
export async function finishRegistration(
  deps: Deps,
  session: Session | null,
  typedCode: string,
): Promise<Result<CertificateSignIn, AccountCode>> {
  const found = atStep(deps, session, "certificate_registration", "codigo");
  if (!found.ok) return found;
  const { anonymous } = found.data;
  const used = { purpose: REGISTRATION_CODE, owner: anonymous.id, typed: typedCode };
  const tried = await tryCode(deps, used);
  if (!tried.ok) {
    await auditRefusal(deps, found.data, tried.code);
    return tried;
  }
  const done = await transact(deps.kv, async (tx) => {
    const again = await atStepInCommit(
      deps,
      tx,
      anonymous,
      "certificate_registration",
      "codigo",
    );
    if (!again.ok) return again;
    if (!await consumeCode(deps, tx, used)) return refuse<AccountCode>("code_expired");
    return await register(deps, tx, again.data);
  });
  if (!done.ok) return done;
  const { entry, ended } = done.data;
  // Without powers since the commit: those are looked up at each request.
  if (ended) await endSessionsWith(deps, ended.sha256);
  return accept(entry);
}

async function register(
  deps: Deps,
  tx: Transaction,
  { anonymous, certificate, onboarding: registration }: AtStep<"certificate_registration">,
): Promise<Result<Finished, AccountCode>> {
  const operadora = await operadoraInCommit(deps, tx, registration.operadora!);
  // The code proves that the operadora reads the address CADOP had when it was sent.
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
  const done = await registerCertificate(deps, tx, { certificate, operadora, ended: registered });
  if (!done.ok) return done;
  const { divergences } = registration;
  const text = certificateRegistered({
    certificate,
    operadora,
    divergences,
    replaced: registered !== null,
  });
  for (const to of await addressesToTell(deps, operadora, representative)) {
    notifyAddress(deps, tx, to, text);
  }
  await appendAudit(deps, tx, {
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
  const { next, state } = signInWith(operadora, representative, certificate);
  const entry = { next, session: replaceSession(deps, tx, anonymous, state) };
  return accept({ entry, ended: registered });
}

/** The operadora, and the person who represented it in the portal until now. */
async function addressesToTell(
  deps: Deps,
  operadora: Operadora,
  representative: Representative | null,
): Promise<Set<string>> {
  const person = representative && await getAccount(deps, representative.account);
  const addresses = [operadora.email, person?.email ?? null];
  return new Set(addresses.filter((address) => address !== null));
}

async function auditRefusal(
  deps: Deps,
  { certificate, onboarding }: AtStep<"certificate_registration">,
  reason: AccountCode,
): Promise<void> {
  const cnpj = onboarding.operadora!;
  await transact(deps.kv, (tx) =>
    appendAudit(deps, tx, {
      stream: cnpj,
      event: "certificate.code_refused",
      actor: certificateActor(certificate),
      subject: cnpj,
      detail: { reason },
    }));
}
