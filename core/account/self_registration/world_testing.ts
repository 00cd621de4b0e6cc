import { syntheticCns } from "@/tools/sample/people.ts";
import type { Portal } from "../../portal.ts";
import type { Result } from "../../result.ts";
import type { LoggedIn, Session, Visit } from "../../store/records/session.ts";
import { codeFor, must, PASSWORD, visit, type WorldPerson } from "../../testing_world.ts";
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
  portal: Portal,
  browser: Visit,
  form: SelfRegistrationForm,
  address = ADDRESS,
): Promise<Result<null>> {
  return beginSelfRegistration(portal, browser, form, { address, returnPath: "/solicitar" });
}

/** A self-registration walked until the given step is asked. */
export async function selfRegistrationAt(
  portal: Portal,
  step: "codigo" | "termos" | "senha",
  form: SelfRegistrationForm,
): Promise<Visit> {
  const browser = await visit(portal);
  must(await begin(portal, browser, form));
  if (step === "codigo") return browser;
  must(await confirmSelfRegistration(portal, browser, await codeFor(portal, form.email)));
  if (step === "termos") return browser;
  must(await acceptSelfRegistrationTerms(portal, browser, true));
  return browser;
}

/** The whole way. */
export async function selfRegister(
  portal: Portal,
  person: WorldPerson,
  changes: Partial<SelfRegistrationForm> = {},
): Promise<Session<LoggedIn>> {
  const browser = await selfRegistrationAt(portal, "senha", declaredBy(person, changes));
  const typed = { password: PASSWORD, repeated: PASSWORD };
  return must(await finishSelfRegistration(portal, browser, typed)).session;
}
