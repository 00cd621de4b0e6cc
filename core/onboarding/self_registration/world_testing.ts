import { syntheticCns } from "@/tools/sample/people.ts";
import type { Deps } from "../../deps.ts";
import type { Result } from "../../result.ts";
import type { AnonymousSession, LoggedIn, Session } from "../../store/records/session.ts";
import { anonymous, codeFor, must, PASSWORD, type WorldPerson } from "../../testing_world.ts";
import { beginSelfRegistration, type SelfRegistrationForm } from "./begin.ts";
import {
  acceptSelfRegistrationTerms,
  confirmSelfRegistration,
  finishSelfRegistration,
} from "./finish.ts";

export const ADDRESS = "192.0.2.9";
export const CNS_NUMBER = syntheticCns(101);
export const OTHER_CNS_NUMBER = syntheticCns(102);

export const declaredBy = (
  { cpf, name, email }: WorldPerson,
  changes: Partial<SelfRegistrationForm> = {},
): SelfRegistrationForm => ({ cpf, name, email, cns: CNS_NUMBER, ...changes });

/** The first form, from an address. */
export function begin(
  deps: Deps,
  browser: AnonymousSession,
  form: SelfRegistrationForm,
  address = ADDRESS,
): Promise<Result<AnonymousSession>> {
  return beginSelfRegistration(deps, browser, form, { address, returnPath: "/solicitar" });
}

/** A self-registration walked until the given step is asked. */
export async function selfRegistrationAt(
  deps: Deps,
  step: "codigo" | "termos" | "senha",
  form: SelfRegistrationForm,
): Promise<AnonymousSession> {
  const begun = must(await begin(deps, await anonymous(deps), form));
  if (step === "codigo") return begun;
  const code = await codeFor(deps, form.email);
  const confirmed = must(await confirmSelfRegistration(deps, begun, code));
  if (step === "termos") return confirmed;
  return must(await acceptSelfRegistrationTerms(deps, confirmed, true));
}

/** The whole way. */
export async function selfRegister(
  deps: Deps,
  person: WorldPerson,
  changes: Partial<SelfRegistrationForm> = {},
): Promise<Session<LoggedIn>> {
  const browser = await selfRegistrationAt(deps, "senha", declaredBy(person, changes));
  const typed = { password: PASSWORD, repeated: PASSWORD };
  return must(await finishSelfRegistration(deps, browser, typed)).session;
}
