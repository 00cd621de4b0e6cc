import { type GovbrLevel, reaches } from "../config/choices.ts";
import type { Deps } from "../deps.ts";
import { keys } from "../store/keys.ts";
import type { Account, CpfProof } from "../store/records/account.ts";
import type { Transaction } from "../store/transact.ts";
import { creditGovbr } from "./cns.ts";
import { findableByCpf } from "./account.ts";

/** Does a gov.br account of this level prove a CPF here? None does where gov.br is not set up. */
export function isProvingLevel({ config }: Pick<Deps, "config">, level: GovbrLevel): boolean {
  return config.govbr !== null && reaches(level, config.govbr.level);
}

/**
 * What proves toward everybody that an account's CPF is its holder's; null when nothing does. Not an
 * operadora's word for its own people, nor a company's certificate. Says nothing of a session: that
 * `speaksForProof` does. One by gov.br counts while its level is enough here.
 */
export function cpfProofOf(
  deps: Pick<Deps, "config">,
  { proof }: Pick<Account, "proof">,
): CpfProof | null {
  return proof?.by === "govbr" && !isProvingLevel(deps, proof.level) ? null : proof;
}

/**
 * The account as gov.br signs in to it from now on, written inside the commit that has checked it. At
 * a proving level the CPF is proved with it, under a new number: no credential of before speaks for
 * the proof until it is confirmed again.
 *
 * @param person as the commit has read or made it; what else changes with it is in it already
 */
export function putGovbr(
  deps: Deps,
  tx: Transaction,
  person: Account,
  level: GovbrLevel,
): Account {
  const at = deps.now();
  const proves = isProvingLevel(deps, level);
  const joined: Account = {
    ...person,
    govbr: { level, at },
    ...proves && {
      proof: { by: "govbr", level, at },
      proofNumber: person.proofNumber + 1,
    },
    ...person.cns && { cns: creditGovbr(person.cns, level, at) },
  };
  tx.set(keys.account(joined.id), joined);
  tx.set(keys.govbrAccount(joined.cpf), joined.id);
  if (proves) {
    tx.set(keys.provenAccount(joined.cpf), joined.id);
    findableByCpf(tx, joined);
  }
  return joined;
}
