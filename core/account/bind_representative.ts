import { enqueue } from "../outbox/enqueue.ts";
import type { Portal } from "../portal.ts";
import { sameName } from "../registry/name.ts";
import { accept, refuse, type Result } from "../result.ts";
import type { Transaction } from "../store/transact.ts";
import { keys } from "./keys.ts";
import { representativeBoundMail } from "./mails.ts";
import type { AccountCode } from "./messages.ts";
import {
  operadoraInCommit,
  type RegisteredCertificate,
  type Representative,
  stillRepresents,
} from "./representative.ts";
import type { SeenCertificate } from "./session.ts";

/**
 * Ties person, certificate and operadora at the end of a first access; the certificate that was
 * registered before ends. Costs the commit three checks.
 *
 * @param name the one CADOP had when the first access began
 */
export async function bindRepresentative(
  portal: Portal,
  tx: Transaction,
  { cpf, name, certificate }: { cpf: string; name: string; certificate: SeenCertificate },
): Promise<Result<null, AccountCode>> {
  const { cnpj, sha256, notAfter } = certificate;
  const operadora = await operadoraInCommit(portal, tx, cnpj);
  // A new CADOP edition may have come in the middle of the first access.
  if (!operadora?.representante || !sameName(operadora.representante, name)) {
    return refuse("representative_changed", { representante: name });
  }
  const [bound, registered] = await tx.getMany<[Representative, RegisteredCertificate]>([
    keys.representative(cnpj),
    keys.certificateOfOperadora(cnpj),
  ]);
  // Two first accesses at once: the first to finish is the operadora's one.
  if (stillRepresents(bound, operadora)) {
    return registered?.sha256 === sha256
      ? refuse("representative_already_bound")
      : refuse("certificate_not_registered", { operadora: operadora.razaoSocial });
  }
  const now = portal.now();
  tx.set(keys.representative(cnpj), { cpf, name, since: now } satisfies Representative);
  tx.set(
    keys.certificateOfOperadora(cnpj),
    { sha256, notAfter, registeredAt: now } satisfies RegisteredCertificate,
  );
  if (operadora.email) {
    const notice = { name, operadora: operadora.razaoSocial };
    enqueue(portal, tx, representativeBoundMail(operadora.email, notice));
  }
  return accept(null);
}
