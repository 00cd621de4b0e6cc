import type { Account, GovbrLevel } from "../store/records/account.ts";
import { LEVEL_NAMES } from "../config/choices.ts";

/** How the portal came to know that a person is who their CPF says, the best proof there is. */
export type Identification =
  /** gov.br has named the CPF; `level` is the account's at its last use here. */
  | { kind: "govbr"; level: GovbrLevel }
  /** A company's certificate opened the first access of its representative. */
  | { kind: "certificado" }
  /** An operadora named the CPF, to a mailbox that the person reads. */
  | { kind: "convite" }
  /** The person typed CPF and CNS and read an e-mail; whose CPF it is has not been checked. */
  | { kind: "declarado" };

/** Where a person's record began. Without `origin` (older records) it follows from the record. */
export function identification(person: Account): Identification {
  if (person.govbr) return { kind: "govbr", level: person.govbr.level };
  return { kind: person.origin ?? "certificado" };
}

/**
 * Has another party than the person said whose CPF this is? Powers that come from the CPF alone (the
 * director in CNES becomes ADMINISTRADOR) need this: a director's CPF is public.
 */
export function isIdentified(person: Account): boolean {
  return identification(person).kind !== "declarado";
}

/** For the approver of a request, e.g. `conta gov.br nível prata`. */
export function describeIdentification(person: Account): string {
  const found = identification(person);
  const text = found.kind === "govbr"
    ? `conta gov.br nível ${LEVEL_NAMES[found.level]}`
    : PHRASES[found.kind];
  return person.takenOverAt ? `${text}; ${TAKEN_OVER}` : text;
}

const PHRASES = {
  certificado: "certificado da empresa",
  convite: "CPF informado por uma operadora",
  declarado: "CPF e CNS declarados, não conferidos",
} as const;

/** What was granted before was granted to the account that had declared the CPF. */
const TAKEN_OVER = "antes, o CPF era só declarado: confira os acessos já concedidos";
