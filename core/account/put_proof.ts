import type { Deps } from "../deps.ts";
import { keys } from "../store/keys.ts";
import type { Account, CpfProof } from "../store/records/account.ts";
import type { Transaction } from "../store/transact.ts";
import { findableByCpf } from "./account.ts";
import { proveCns } from "./cns.ts";

/**
 * Writes that an account has proved its CPF, inside the commit that has checked it: under a new number,
 * so that no credential of before speaks for the proof until it is confirmed again; the account leads
 * its CPF from then on, and the CNS that it has declared becomes its own.
 *
 * @param person as the commit has read or made it; what else changes with it is in it already
 * @param losing the account that loses its proof of the CPF in the same commit
 */
export async function putProof(
  deps: Deps,
  tx: Transaction,
  person: Account,
  proof: CpfProof,
  losing: Account | null = null,
): Promise<Account> {
  const made = { ...person, proof, proofNumber: person.proofNumber + 1 };
  const proved = await proveCns(deps, tx, made, { losing });
  tx.set(keys.account(proved.id), proved);
  tx.set(keys.provenAccount(proved.cpf), proved.id);
  findableByCpf(tx, proved);
  return proved;
}
