import type { Deps } from "../../deps.ts";
import { sameName } from "../../registry/name.ts";
import { accept, refuse, type Result } from "../../result.ts";
import { keys } from "../../store/keys.ts";
import type { Account } from "../../store/records/account.ts";
import type { SeenCertificate } from "../../store/records/session.ts";
import type { Transaction } from "../../store/transact.ts";
import { notifyAddress } from "../../notify/notify.ts";
import { representativeBound } from "../../mails/onboarding_mails.ts";
import type { AccountCode } from "../../account/messages.ts";
import {
  endTieByCertificate,
  operadoraInCommit,
  registerCertificate,
  stillRepresents,
  tieByCertificate,
} from "../../account/binding.ts";

/**
 * Ties person, certificate and operadora at the end of a first access. The first certificate of an
 * operadora is registered here without more ado when it is the company's own; any other has come by
 * a registration with a code before. Costs the commit five checks at most, one more for an account
 * that was there before.
 *
 * @param name the one CADOP had when the first access began
 * @param made the account is written in this very commit: it has no tie yet
 */
export async function bindRepresentative(
  deps: Deps,
  tx: Transaction,
  { person, name, certificate, made = false }: {
    person: Account;
    name: string;
    certificate: SeenCertificate;
    made?: boolean;
  },
): Promise<Result<null, AccountCode>> {
  const { operadora: cnpj, sha256 } = certificate;
  if (!cnpj) return refuse("step_out_of_order");
  const operadora = await operadoraInCommit(deps, tx, cnpj);
  // A new CADOP edition may have come in the middle of the first access.
  if (!operadora?.representante || !sameName(operadora.representante, name)) {
    return refuse("representative_changed", { representante: name });
  }
  const [bound, registered] = await tx.getMany([
    keys.representative(cnpj),
    keys.certificateOfOperadora(cnpj),
  ]);
  const former = bound?.account ?? null;
  // Two first accesses at once: the first to finish is the operadora's one. A certificate may have
  // been registered by a code in the meantime, too.
  if (registered ? registered.sha256 !== sha256 : certificate.cnpj !== cnpj) {
    return refuse("certificate_not_registered", { operadora: operadora.razaoSocial });
  }
  if (stillRepresents(bound, operadora)) return refuse("representative_already_bound");
  if (!registered) {
    const done = await registerCertificate(deps, tx, { certificate, operadora, ended: null });
    if (!done.ok) return done;
  }
  const tie = made ? null : await tx.get(keys.userOfOperadora(cnpj, person.id));
  tieByCertificate(deps, tx, cnpj, person, tie);
  if (former && former !== person.id) {
    await endTieByCertificate(deps, tx, cnpj, { former, by: person.id });
  }
  tx.set(keys.representative(cnpj), { account: person.id, name, since: deps.now() });
  if (operadora.email) {
    notifyAddress(deps, tx, operadora.email, representativeBound(name, operadora.razaoSocial));
  }
  return accept(null);
}
