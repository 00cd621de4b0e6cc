import type { GovbrLevel } from "../config/choices.ts";
import type { Deps } from "../deps.ts";
import { keys } from "../store/keys.ts";
import type { Account } from "../store/records/account.ts";
import type { Transaction } from "../store/transact.ts";
import { creditGovbr, proveCns } from "./cns.ts";
import { isProvingLevel } from "./proof.ts";
import { endProofElsewhere } from "./proof_lost.ts";
import { putProof } from "./put_proof.ts";

/**
 * The account as gov.br signs in to it from now on, written inside the commit that has checked it. At
 * a proving level the CPF is proved with it, under a new number: no credential of before speaks for
 * the proof until it is confirmed again, and another account that had proved it by e-CPF loses that.
 *
 * @param person as the commit has read or made it; what else changes with it is in it already
 */
export async function putGovbr(
  deps: Deps,
  tx: Transaction,
  person: Account,
  level: GovbrLevel,
): Promise<Account> {
  const at = deps.now();
  const proves = isProvingLevel(deps, level);
  const made: Account = {
    ...person,
    govbr: { level, at },
    ...person.cns && { cns: creditGovbr(person.cns, level, at) },
  };
  tx.set(keys.govbrAccount(made.cpf), made.id);
  if (proves) {
    const losing = await endProofElsewhere(deps, tx, made);
    return await putProof(deps, tx, made, { by: "govbr", level, at }, losing);
  }
  const joined = await proveCns(deps, tx, made);
  tx.set(keys.account(joined.id), joined);
  return joined;
}
