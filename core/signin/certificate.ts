import type { Deps } from "../deps.ts";
import { sameName } from "../registry/name.ts";
import { accept, refuse, type Result } from "../result.ts";
import type { Representative } from "../store/records/account.ts";
import type { Operadora } from "../store/records/registry.ts";
import type {
  Anonymous,
  CertificateRegistration,
  FirstAccess,
  PresentedCertificate,
  Session,
} from "../store/records/session.ts";
import { transact } from "../store/transact.ts";
import type { AccountCode } from "../account/messages.ts";
import { type Binding, findBinding, stillRepresents } from "../account/binding.ts";
import { currentAnonymous, replaceSession } from "../account/session.ts";

export interface CertificateSignIn {
  session: Session<Anonymous>;
  /**
   * `first_access`: no password is asked (J1). `password`: certificate and password (J2).
   * `registration`: the certificate is registered for no operadora yet (J4).
   */
  next: "first_access" | "password" | "registration";
}

/**
 * What a verified certificate opens: the first access of the representative whom CADOP names, the
 * question for their password, or the registration of a certificate that belongs to no operadora yet
 * or is not the registered one. The session gets a new id.
 */
export async function signInWithCertificate(
  deps: Deps,
  session: Session,
  presented: PresentedCertificate,
): Promise<Result<CertificateSignIn, AccountCode>> {
  const certificate = pickPresented(presented);
  const binding = await findBinding(deps, certificate);
  if (binding.operadora && !binding.operadora.representante) {
    return refuse("representative_missing", { operadora: binding.operadora.razaoSocial });
  }
  const { next, state } = signInFor(binding, certificate);
  return await transact(deps.kv, async (tx) => {
    const anonymous = await currentAnonymous(deps, tx, session);
    if (!anonymous) return refuse<AccountCode>("session_ended");
    return accept<CertificateSignIn>({ session: replaceSession(deps, tx, anonymous, state), next });
  });
}

type SignInState = Pick<CertificateSignIn, "next"> & { state: Anonymous };

function signInFor(binding: Binding, certificate: PresentedCertificate): SignInState {
  if (!binding.operadora) return beginRegistration("not_identified", certificate);
  const registered = binding.certificate?.sha256 === certificate.sha256;
  const unclaimed = !binding.certificate &&
    !stillRepresents(binding.representative, binding.operadora);
  return registered || unclaimed
    ? signInWith(binding.operadora, binding.representative, certificate)
    : beginRegistration("another_registered", certificate);
}

function beginRegistration(
  reason: CertificateRegistration["reason"],
  certificate: PresentedCertificate,
): SignInState {
  return {
    next: "registration",
    state: {
      kind: "anonymous",
      certificate: { ...certificate, operadora: null },
      onboarding: {
        flow: "certificate_registration",
        reason,
        step: "cnpj",
        operadora: null,
        divergences: [],
        sentTo: null,
      },
    },
  };
}

/**
 * The state of an anonymous session whose certificate is bound to the operadora: the password of the representative who is
 * bound, or the first access of the one whom CADOP names now.
 */
export function signInWith(
  operadora: Operadora,
  representative: Representative | null,
  certificate: PresentedCertificate,
): SignInState {
  const known = stillRepresents(representative, operadora);
  return {
    next: known ? "password" : "first_access",
    state: {
      kind: "anonymous",
      certificate: { ...certificate, operadora: operadora.cnpj },
      onboarding: known ? null : beginFirstAccess(operadora.representante!, certificate),
    },
  };
}

/** Only what the session needs; the certificate says more about the person than that. */
function pickPresented(
  { sha256, cnpj, companyName, responsible, notAfter }: PresentedCertificate,
) {
  const { name, cpf } = responsible ?? {};
  return {
    sha256,
    cnpj,
    companyName,
    responsible: name === undefined ? null : { name, cpf: cpf ?? null },
    notAfter,
  } satisfies PresentedCertificate;
}

function beginFirstAccess(representante: string, certificate: PresentedCertificate): FirstAccess {
  const { responsible } = certificate;
  // The company's responsible person at Receita Federal need not be the representative at ANS: the
  // certificate's CPF is taken only when both name the same person.
  const cpf = responsible && sameName(responsible.name, representante) ? responsible.cpf : null;
  return {
    flow: "first_access",
    role: "representante",
    step: "usuario",
    name: representante,
    cpf,
    termsVersion: null,
    draft: null,
  };
}
