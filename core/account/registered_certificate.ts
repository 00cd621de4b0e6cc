import type { Deps } from "../deps.ts";
import { getOperadora } from "../registry/operadora.ts";
import { accept, refuse, type Result } from "../result.ts";
import { keys } from "../store/keys.ts";
import { read } from "../store/read.ts";
import type { RegisteredCertificate } from "../store/records/account.ts";
import type { Operadora } from "../store/records/registry.ts";
import type { PresentedCertificate } from "../store/records/session.ts";
import type { Transaction } from "../store/transact.ts";
import type { AccountCode } from "./messages.ts";
import { type Binding, getBinding } from "./representative.ts";

/**
 * The door a certificate stands at: of the operadora it is registered for, else of its own company.
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
 * Makes a certificate the one that opens an operadora's door, inside a commit that guards the edition
 * of CADOP. One certificate opens one door: refused while it opens another operadora's. Costs two
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

/** An operadora that left CADOP keeps no certificate from opening another's door. */
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
