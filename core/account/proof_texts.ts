import { LEVEL_NAMES } from "../config/choices.ts";
import type { Deps } from "../deps.ts";
import type { Account, CpfProof } from "../store/records/account.ts";
import { cpfProofOf } from "./proof.ts";

/**
 * What stands behind the CPF of an account, in the words that are used wherever people are shown: on
 * cards and lists, in the chat, and to the person. Portuguese, no full stop.
 *
 * @param informed the operadora in whose name it is looked at has a tie to the account
 */
export function describeCpf(
  deps: Pick<Deps, "config">,
  person: Account,
  informed: boolean,
): string {
  const proof = cpfProofOf(deps, person);
  if (proof) return `CPF ${describeProof(proof)}`;
  return informed ? "informado pela operadora" : "declarado pela própria pessoa";
}

/** How a CPF was proved, e.g. `comprovado por gov.br (prata)`. */
export function describeProof(proof: CpfProof): string {
  return proof.by === "govbr"
    ? `comprovado por gov.br (${LEVEL_NAMES[proof.level]})`
    : "comprovado por certificado e-CPF";
}
