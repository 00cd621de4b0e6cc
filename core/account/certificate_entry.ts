import type { Portal } from "../portal.ts";
import { sameName } from "../registry/name.ts";
import { formatCnpj } from "../registry/numbers.ts";
import { accept, refuse, type Result } from "../result.ts";
import { transact } from "../store/transact.ts";
import type { FirstAccess } from "./first_access_state.ts";
import type { AccountCode } from "./messages.ts";
import { getDoor, stillRepresents } from "./representative.ts";
import { currentVisit, replaceSession, type SeenCertificate, type Session } from "./session.ts";
import type { Visiting } from "./session.ts";

export interface CertificateEntry {
  session: Session<Visiting>;
  /** `first_access`: no password is asked (J1). `password`: certificate and password (J2). */
  next: "first_access" | "password";
}

/**
 * What a verified certificate opens: the first access of the representative whom CADOP names, or the
 * question for their password. The session gets a new id.
 */
export async function enterWithCertificate(
  portal: Portal,
  session: Session,
  presented: SeenCertificate,
): Promise<Result<CertificateEntry, AccountCode>> {
  const certificate = pickSeen(presented);
  const door = await getDoor(portal, certificate.cnpj);
  if (!door.operadora) {
    return refuse("operadora_not_identified", { cnpj: formatCnpj(certificate.cnpj) });
  }
  const { representante, razaoSocial } = door.operadora;
  if (!representante) return refuse("representative_missing", { operadora: razaoSocial });

  const known = stillRepresents(door.representative, door.operadora);
  if (known && door.certificate && door.certificate.sha256 !== certificate.sha256) {
    return refuse("certificate_not_registered", { operadora: razaoSocial });
  }
  const firstAccess = known ? null : beginFirstAccess(representante, certificate);
  return await transact(portal.kv, async (tx) => {
    const visit = await currentVisit(portal, tx, session);
    if (!visit) return refuse<AccountCode>("session_ended");
    const next = replaceSession(portal, tx, visit, { kind: "visiting", certificate, firstAccess });
    return accept<CertificateEntry>({
      session: next,
      next: firstAccess ? "first_access" : "password",
    });
  });
}

/** Only what the session needs; the certificate says more about the person than that. */
function pickSeen({ sha256, cnpj, companyName, responsible, notAfter }: SeenCertificate) {
  const { name, cpf } = responsible ?? {};
  return {
    sha256,
    cnpj,
    companyName,
    responsible: name === undefined ? null : { name, cpf: cpf ?? null },
    notAfter,
  } satisfies SeenCertificate;
}

function beginFirstAccess(representante: string, certificate: SeenCertificate): FirstAccess {
  const { responsible } = certificate;
  // The company's responsible person at Receita Federal need not be the representative at ANS: the
  // certificate's CPF is taken only when both name the same person.
  const cpf = responsible && sameName(responsible.name, representante) ? responsible.cpf : null;
  return {
    role: "representante",
    step: "usuario",
    name: representante,
    cpf,
    provisionalHash: null,
    termsVersion: null,
    draft: null,
  };
}
