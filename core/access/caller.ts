import { bearsName, hasRepresentativePowers } from "../account/binding.ts";
import { opensTie } from "../account/credentials.ts";
import { TERMS_VERSION } from "../account/terms.ts";
import type { Deps } from "../deps.ts";
import { getOperadora } from "../registry/operadora.ts";
import { keys } from "../store/keys.ts";
import { readMany } from "../store/read.ts";
import type { Account } from "../store/records/account.ts";
import type { Operadora } from "../store/records/registry.ts";
import type { LoggedIn, Session } from "../store/records/session.ts";
import { administersAny } from "./membership.ts";
import { isActiveTie, isRegistered } from "./users/user_of_operadora.ts";

/** Who makes a request, with the powers they have at this moment. */
export interface Caller {
  session: Session<LoggedIn>;
  person: Account;
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
  deps: Deps,
  session: Session<LoggedIn>,
): Promise<Caller | null> {
  const { account, operadora: cnpj, certificate } = session.state;
  const chosen = cnpj ?? "";
  const [
    operadora,
    administers,
    [person, terms, user, representative, registered],
  ] = await Promise.all([
    cnpj ? getOperadora(deps, cnpj) : null,
    administersAny(deps, account),
    readMany(deps.kv, [
      keys.account(account),
      keys.termsAccepted(account, TERMS_VERSION),
      keys.userOfOperadora(chosen, account),
      keys.representative(chosen),
      keys.certificateOfOperadora(chosen),
    ]),
  ]);
  if (!person?.active) return null;
  const binding = { operadora, representative, certificate: registered };
  const isRepresentative = isActiveTie(user) &&
    hasRepresentativePowers(account, certificate, binding, deps.now()) &&
    bearsName(person, representative!.name);
  const worksThere = isRegistered(user) && isActiveTie(user) &&
    opensTie(deps, user, person, session.state);
  return {
    session,
    person,
    termsAccepted: terms !== null,
    operadora: isRepresentative || worksThere ? operadora : null,
    isRepresentative,
    administers,
  };
}
