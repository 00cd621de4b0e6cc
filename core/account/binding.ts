import type { Deps } from "../deps.ts";
import { sameName } from "../registry/name.ts";
import { getOperadora } from "../registry/operadora.ts";
import { keys } from "../store/keys.ts";
import { read, readMany } from "../store/read.ts";
import type { UserOfOperadora } from "../store/records/access.ts";
import type {
  Account,
  AccountId,
  RegisteredCertificate,
  Representative,
} from "../store/records/account.ts";
import type { Operadora } from "../store/records/registry.ts";
import type { PresentedCertificate, SeenCertificate } from "../store/records/session.ts";
import type { Transaction } from "../store/transact.ts";
import { accept, refuse, type Result } from "../result.ts";
import { findableByCpf } from "./account.ts";
import type { AccountCode } from "./messages.ts";

/** Who and what is bound to an operadora. */
export interface Binding {
  /** Null when CADOP does not have it. */
  operadora: Operadora | null;
  representative: Representative | null;
  certificate: RegisteredCertificate | null;
}

/** Two round trips side by side. */
export async function getBinding(deps: Deps, cnpj: string): Promise<Binding> {
  const [operadora, [representative, certificate]] = await Promise.all([
    getOperadora(deps, cnpj),
    readMany(deps.kv, [
      keys.representative(cnpj),
      keys.certificateOfOperadora(cnpj),
    ]),
  ]);
  return { operadora, representative, certificate };
}

/**
 * The operadora as of a commit: when a new edition of CADOP takes over in the middle, the work is
 * done again. Costs one check.
 */
export async function operadoraInCommit(
  deps: Deps,
  tx: Transaction,
  cnpj: string,
): Promise<Operadora | null> {
  await tx.get(keys.cadopEdition());
  return await getOperadora(deps, cnpj);
}

/** Does CADOP still name the person who was bound? A new edition may have changed that. */
export function stillRepresents(
  representative: Representative | null,
  operadora: Operadora | null,
): representative is Representative {
  return representative !== null && operadora !== null && operadora.representante !== null &&
    sameName(representative.name, operadora.representante);
}

/**
 * Has a session the representative's powers? Only when it was opened with the certificate that is
 * registered now, by the person who is bound, and CADOP still names them.
 */
export function hasRepresentativePowers(
  account: AccountId,
  seen: SeenCertificate | null,
  binding: Binding,
  now: number,
): boolean {
  return seen !== null && now <= seen.notAfter &&
    binding.operadora !== null && binding.operadora.cnpj === seen.operadora &&
    binding.certificate?.sha256 === seen.sha256 &&
    stillRepresents(binding.representative, binding.operadora) &&
    binding.representative.account === account;
}

/**
 * Does an account bear the name that CADOP gives the representative? For one whose CPF gov.br has
 * proved there is no other way to spell it; an e-CPF says nothing of the account's name.
 */
export function bearsName({ name, proof }: Account, representative: string): boolean {
  return proof?.by !== "govbr" || sameName(name, representative);
}

/**
 * Ties an account to the operadora whose certificate was shown, inside a commit. The person is none of
 * those whom the operadora has registered, and stands on none of their lists.
 *
 * @param before the tie there is, as the commit has read it: one that holds stays, and one that the
 *   operadora had switched off holds again
 */
export function tieByCertificate(
  deps: Deps,
  tx: Transaction,
  cnpj: string,
  person: Account,
  before: UserOfOperadora | null,
): void {
  findableByCpf(tx, person);
  if (before && !before.deactivated) return;
  if (before && before.how !== "certificado") {
    const { deactivated: _, ...registered } = before;
    tx.set(keys.userOfOperadora(cnpj, person.id), registered);
    tx.set(keys.operadoraOfUser(person.id, cnpj), true);
    return;
  }
  const tie: UserOfOperadora = {
    ...{ cpf: person.cpf, name: person.name, email: person.email! },
    ...{ how: "certificado", invitation: null, by: person.id, since: deps.now() },
    reached: { by: "mailbox", under: person.password?.confirmedUnder ?? 0 },
  };
  tx.set(keys.userOfOperadora(cnpj, person.id), tie);
}

/**
 * Ends what the certificate has tied, when another person comes to represent the operadora, inside the
 * commit that binds them. One whom the operadora has registered too goes on working for it.
 */
export async function endTieByCertificate(
  deps: Deps,
  tx: Transaction,
  cnpj: string,
  { former, by }: { former: AccountId; by: AccountId },
): Promise<void> {
  const key = keys.userOfOperadora(cnpj, former);
  const tie = await tx.get(key);
  if (tie?.how !== "certificado") return;
  tx.set(key, { ...tie, deactivated: { by, at: deps.now() } });
}

/**
 * The binding that a certificate leads to: of the operadora it is registered for, else of its own
 * company.
 * A registration was confirmed by that operadora's e-mail, so it comes before the CNPJ in the
 * certificate. Two round trips when the two are the same company, else three.
 */
export async function findBinding(
  deps: Deps,
  { cnpj, sha256 }: PresentedCertificate,
): Promise<Binding> {
  const [registered, own] = await Promise.all([
    read(deps.kv, keys.operadoraOfCertificate(sha256)),
    getBinding(deps, cnpj),
  ]);
  if (!registered || registered === cnpj) return own;
  const other = await getBinding(deps, registered);
  return other.operadora && other.certificate?.sha256 === sha256 ? other : own;
}

/**
 * Makes a certificate the registered one of an operadora, inside a commit that guards the edition
 * of CADOP. One certificate is registered for one operadora: refused while it is another's. Costs two
 * checks at most.
 *
 * @param ended the certificate registered before, as this commit has read it
 */
export async function registerCertificate(
  deps: Deps,
  tx: Transaction,
  { certificate, operadora, ended }: {
    certificate: Pick<PresentedCertificate, "sha256" | "notAfter">;
    operadora: Operadora;
    ended: RegisteredCertificate | null;
  },
): Promise<Result<null, AccountCode>> {
  const { sha256, notAfter } = certificate;
  const released = await releaseElsewhere(deps, tx, sha256, operadora.cnpj);
  if (!released.ok) return released;
  if (ended) tx.delete(keys.operadoraOfCertificate(ended.sha256));
  const record: RegisteredCertificate = { sha256, notAfter, registeredAt: deps.now() };
  tx.set(keys.certificateOfOperadora(operadora.cnpj), record);
  tx.set(keys.operadoraOfCertificate(sha256), operadora.cnpj);
  return accept(null);
}

/** An operadora that left CADOP keeps no certificate from being registered for another. */
async function releaseElsewhere(
  deps: Deps,
  tx: Transaction,
  sha256: string,
  cnpj: string,
): Promise<Result<null, AccountCode>> {
  const elsewhere = await tx.get(keys.operadoraOfCertificate(sha256));
  if (!elsewhere || elsewhere === cnpj) return accept(null);
  const key = keys.certificateOfOperadora(elsewhere);
  if ((await tx.get(key))?.sha256 !== sha256) return accept(null);
  const operadora = await getOperadora(deps, elsewhere);
  if (operadora) {
    return refuse("certificate_registered_elsewhere", { operadora: operadora.razaoSocial });
  }
  tx.delete(key);
  return accept(null);
}
