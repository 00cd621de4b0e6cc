import { auditOwn } from "../audit/append.ts";
import type { Deps } from "../deps.ts";
import { cpfProofLost } from "../mails/account_mails.ts";
import { notify } from "../notify/notify.ts";
import { keys } from "../store/keys.ts";
import type { Account } from "../store/records/account.ts";
import type { Transaction } from "../store/transact.ts";
import { endSessionsInCommit } from "./session_list.ts";

/**
 * The other account that has proved a CPF until now loses its proof, inside the commit that proves the
 * CPF for this one by gov.br, which outranks an e-CPF: it falls to `declared`, powers that rest on the
 * proof are gone, its sessions end, its owner is told. What was granted to it stays with it. Costs two
 * checks.
 *
 * @returns the account that has lost it, as it was; null when there is none
 */
export async function endProofElsewhere(
  deps: Deps,
  tx: Transaction,
  { id, cpf }: Pick<Account, "id" | "cpf">,
): Promise<Account | null> {
  const proven = await tx.get(keys.provenAccount(cpf));
  const other = proven && proven !== id ? await tx.get(keys.account(proven)) : null;
  if (!other?.proof) return null;
  tx.set(keys.account(other.id), { ...other, proof: null });
  await endSessionsInCommit(deps, tx, other.id);
  notify(deps, tx, other, cpfProofLost(deps.config.origin));
  await auditOwn(deps, tx, other, "account.proof_lost", { by: other.proof.by });
  return other;
}
