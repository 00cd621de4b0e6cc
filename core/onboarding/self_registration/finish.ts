import { createAccount, newPassword } from "../../account/account.ts";
import { gradeCns } from "../../account/cns.ts";
import { consumeCode, tryCode } from "../../account/code.ts";
import type { AccountCode } from "../../account/messages.ts";
import { checkPassword, hashPassword, passwordPlace } from "../../account/password.ts";
import { TERMS_VERSION } from "../../account/terms.ts";
import type { Deps } from "../../deps.ts";
import { notify } from "../../notify/notify.ts";
import { selfRegistered } from "../../mails/onboarding_mails.ts";
import { accept, refuse, type Result } from "../../result.ts";
import { openSession } from "../../signin/open_session.ts";
import { keys } from "../../store/keys.ts";
import type { AnonymousSession, LoggedIn, Session } from "../../store/records/session.ts";
import { transact } from "../../store/transact.ts";
import { advance, atStep, atStepInCommit } from "../steps.ts";
import { SELF_REGISTRATION_CODE } from "./begin.ts";

/** The code came back: the address is the person's, who may now learn that there is an account with it. */
export async function confirmSelfRegistration(
  deps: Deps,
  session: Session | null,
  typed: string,
): Promise<Result<AnonymousSession, AccountCode>> {
  const found = await atStep(deps, session, "self_registration", "codigo");
  if (!found.ok) return found;
  const code = { purpose: SELF_REGISTRATION_CODE, owner: found.data.anonymous.id, typed };
  const tried = await tryCode(deps, code);
  if (!tried.ok) return tried;
  return await advance(
    deps,
    session,
    "self_registration",
    "codigo",
    async ({ onboarding: { email } }, tx) => {
      const [spent, holder] = await Promise.all([
        consumeCode(deps, tx, code),
        tx.get(keys.accountByEmail(email)),
      ]);
      if (!spent) return refuse("code_expired");
      return holder ? refuse("self_registration_has_account") : { step: "termos" };
    },
  );
}

export function acceptSelfRegistrationTerms(
  deps: Deps,
  session: Session | null,
  accepted: boolean,
): Promise<Result<AnonymousSession, AccountCode>> {
  return advance(
    deps,
    session,
    "self_registration",
    "termos",
    () => accepted ? { step: "senha", termsVersion: TERMS_VERSION } : refuse("terms_not_accepted"),
  );
}

export interface SelfRegistered {
  session: Session<LoggedIn>;
  returnPath: string;
}

/**
 * The last form: one commit makes the person with what they declared, takes the e-mail address,
 * records the terms and logs in. CPF and CNS stay what they are, declared.
 */
export async function finishSelfRegistration(
  deps: Deps,
  session: Session | null,
  form: { password: string; repeated: string },
): Promise<Result<SelfRegistered, AccountCode>> {
  const found = await atStep(deps, session, "self_registration", "senha");
  if (!found.ok) return found;
  if (form.password !== form.repeated) return refuse("passwords_differ");
  using place = passwordPlace();
  const owner = { ...found.data.onboarding, companies: [] };
  const checked = await checkPassword(deps.config.passwordPolicy, form.password, owner);
  if (!checked.ok) return checked;
  const passwordHash = await hashPassword(deps, owner.cpf, form.password, place);

  return await transact(deps.kv, async (tx) => {
    const again = await atStepInCommit(deps, tx, session, "self_registration", "senha");
    if (!again.ok) return again;
    const { anonymous, onboarding: registration } = again.data;
    const { cpf, cns, name, email, returnPath } = registration;
    // The address was taken while the person read the terms.
    if (await tx.get(keys.accountByEmail(email))) {
      return refuse<AccountCode>("self_registration_has_account");
    }
    const now = deps.now();
    const person = createAccount(deps, tx, {
      cpf,
      name,
      email,
      password: newPassword(passwordHash),
      origin: "declarado",
      cns: gradeCns(cns, { answer: null, level: null, now }),
    });
    tx.set(keys.termsAccepted(person.id, registration.termsVersion!), now);
    const { origin, govbr } = deps.config;
    notify(deps, tx, person, selfRegistered(origin, govbr !== null));
    const opened = await openSession(deps, tx, {
      person,
      method: "self_registration",
      from: anonymous,
    });
    return accept({ session: opened, returnPath });
  });
}
