import { identification } from "../account/identification.ts";
import { listOperadorasOfUser } from "../account/operadoras.ts";
import { cpfProofOf } from "../account/proof.ts";
import { getTie, isActiveTie } from "../access/users/user_of_operadora.ts";
import type { Deps } from "../deps.ts";
import type { Account, CpfProof } from "../store/records/account.ts";
import type { LoggedIn } from "../store/records/session.ts";
import type { AuthenticationClaims, CpfClaims } from "./token.ts";

/** What a token says of a CPF: that it is proved, and how; else only who gave it. */
export function cpfClaims(
  deps: Pick<Deps, "config">,
  person: Account,
  informant: string,
): CpfClaims {
  const proof = cpfProofOf(deps, person);
  return proof
    ? { cpf: person.cpf, cpf_proof: nameOf(proof) }
    : { cpf_informed: person.cpf, cpf_informed_by: informant };
}

/** Does what a token said of the CPF still hold? A proof may be lost, and a CPF corrected. */
export function cpfHolds(
  deps: Pick<Deps, "config">,
  person: Account,
  said: CpfClaims,
): boolean {
  if (said.cpf === undefined) return said.cpf_informed === person.cpf;
  return said.cpf === person.cpf && cpfProofOf(deps, person) !== null;
}

function nameOf(proof: CpfProof): string {
  return proof.by === "govbr" ? `govbr:${proof.level}` : proof.by;
}

/**
 * Who gave the CPF of an account, should nothing prove it: `govbr:<level>`, below the level that proves;
 * `operadora:<cnpj>`, the establishment's own where it has a tie to the person, else the first that has
 * one; `operadora`, when none of those that named it has one any more; `certificado`, a representative at
 * their first access; `declarado`, the person.
 */
export async function informantOf(
  deps: Deps,
  person: Account,
  establishment: { operadora: string | null },
): Promise<string> {
  if (person.govbr) return `govbr:${person.govbr.level}`;
  const known = await listOperadorasOfUser(deps, person.id);
  const ties = await Promise.all(known.map(async (cnpj) => ({
    cnpj,
    tie: await getTie(deps, cnpj, person.id),
  })));
  const own = establishment.operadora;
  const first = ties
    .flatMap(({ cnpj, tie }) => isActiveTie(tie) ? [{ cnpj, ...tie }] : [])
    .toSorted((a, b) => Number(b.cnpj === own) - Number(a.cnpj === own) || a.since - b.since)[0];
  if (first) return `operadora:${first.cnpj}`;
  const { kind } = identification(person);
  return kind === "convite" ? "operadora" : kind;
}

/** How the session was begun; nothing of it comes from the account. */
export function authenticationClaims(
  { amr, acr, authenticatedAt }: LoggedIn,
): AuthenticationClaims {
  return { amr, acr, auth_time: Math.floor(authenticatedAt / 1_000) };
}
