import { type GovbrLevel, reaches } from "../config/choices.ts";
import type { Deps } from "../deps.ts";
import type { Account, CpfProof } from "../store/records/account.ts";

/** Does a gov.br account of this level prove a CPF here? None does where gov.br is not set up. */
export function isProvingLevel({ config }: Pick<Deps, "config">, level: GovbrLevel): boolean {
  return config.govbr !== null && reaches(level, config.govbr.level);
}

/**
 * Does a proof make the director whom the CNES names an ADMINISTRADOR at once? An e-CPF in a file
 * does not: such files are often held by others, like those of companies.
 */
export function provesDirector({ proof }: Pick<Account, "proof">): boolean {
  return proof !== null && (proof.by === "govbr" || proof.type === "A3" || proof.type === "A4");
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
