import { keys as accountKeys } from "../account/keys.ts";
import type { Person } from "../account/person.ts";
import {
  hasRepresentativePowers,
  type RegisteredCertificate,
  type Representative,
} from "../account/representative.ts";
import type { LoggedIn, Session } from "../account/session.ts";
import { TERMS_VERSION } from "../account/terms.ts";
import type { Portal } from "../portal.ts";
import { getOperadora, type Operadora } from "../registry/operadora.ts";
import { keys } from "./keys.ts";
import { administersAny } from "./membership.ts";
import { isActiveTie, type UserOfOperadora } from "./users/tie.ts";

/** Who makes a request, with the powers they have at this moment. */
export interface Caller {
  session: Session<LoggedIn>;
  person: Person;
  termsAccepted: boolean;
  /** The chosen operadora, when the person may still act for it. */
  operadora: Operadora | null;
  /** Legal representative of that operadora, in by its certificate. */
  isRepresentative: boolean;
  /** ADMINISTRADOR of some establishment. */
  administers: boolean;
}

/**
 * Looks everything up anew at each request, so that a change of powers takes effect at once (ASVS
 * 8.3.2): two round trips side by side, after the one for the session. Null when the person is gone
 * or deactivated.
 */
export async function loadCaller(
  portal: Portal,
  session: Session<LoggedIn>,
): Promise<Caller | null> {
  const { cpf, operadora: cnpj, certificate } = session.state;
  const chosen = cnpj ?? "";
  const [
    operadora,
    administers,
    [person, terms, user, representative, registered],
  ] = await Promise.all([
    cnpj ? getOperadora(portal, cnpj) : null,
    administersAny(portal, cpf),
    portal.kv.getMany<[Person, number, UserOfOperadora, Representative, RegisteredCertificate]>([
      accountKeys.person(cpf),
      accountKeys.termsAccepted(cpf, TERMS_VERSION),
      keys.userOfOperadora(chosen, cpf),
      accountKeys.representative(chosen),
      accountKeys.certificateOfOperadora(chosen),
    ]),
  ]);
  if (!person.value?.active) return null;
  const door = { operadora, representative: representative.value, certificate: registered.value };
  const isRepresentative = hasRepresentativePowers(cpf, certificate, door, portal.now());
  return {
    session,
    person: person.value,
    termsAccepted: terms.value !== null,
    operadora: isRepresentative || isActiveTie(user.value) ? operadora : null,
    isRepresentative,
    administers,
  };
}
