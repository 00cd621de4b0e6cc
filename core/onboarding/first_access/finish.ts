import { bearsName } from "../../account/binding.ts";
import { consumeCode, tryCode } from "../../account/code.ts";
import type { AccountCode } from "../../account/messages.ts";
import { onlyOperadoraOf } from "../../account/operadoras.ts";
import { passwordPlace, verifyPassword } from "../../account/password.ts";
import {
  accountForCpf,
  accountOfEmail,
  createAccount,
  findableByCpf,
  newPassword,
  parseEmail,
} from "../../account/account.ts";
import { advanceSession } from "../../account/session.ts";
import { auditFailure, consumeAttempt, type Limit } from "../../account/throttle.ts";
import type { Deps } from "../../deps.ts";
import { notify } from "../../notify/notify.ts";
import { firstAccessDone } from "../../mails/onboarding_mails.ts";
import { sameName } from "../../registry/name.ts";
import { parseCpf } from "../../registry/numbers.ts";
import { accept, refuse, type Result } from "../../result.ts";
import { openSession } from "../../signin/open_session.ts";
import { keys } from "../../store/keys.ts";
import type { Account } from "../../store/records/account.ts";
import type {
  AnonymousSession,
  FirstAccess,
  LoggedIn,
  Session,
} from "../../store/records/session.ts";
import { transact, type Transaction } from "../../store/transact.ts";
import { type AtStep, atStep, atStepInCommit } from "../steps.ts";
import { bindRepresentative } from "./bind_representative.ts";
import { EMAIL_CODE } from "./steps.ts";
import { putGovbr } from "../../account/govbr.ts";

type Finished = Result<Session<LoggedIn>, AccountCode>;

const KNOWN_PERSON: Limit = { what: "first_access_known", attempts: 5, window: 15 * 60_000 };

/**
 * The code arrived: one commit makes the person (or completes them), takes the e-mail address,
 * records the terms, binds the representative and their certificate, and logs in.
 *
 * A representative whose address is an account's already is asked for its password (step `conta`):
 * the first access ties that account to the operadora, in the place of a second one.
 */
export async function finishFirstAccess(
  deps: Deps,
  session: Session | null,
  typedCode: string,
): Promise<Result<Session<LoggedIn> | AnonymousSession, AccountCode>> {
  const found = atStep(deps, session, "first_access", "confirmar");
  if (!found.ok) return found;
  const code = { purpose: EMAIL_CODE, owner: found.data.anonymous.id, typed: typedCode };
  const tried = await tryCode(deps, code);
  if (!tried.ok) return tried;

  return await transact(
    deps.kv,
    async (tx): Promise<Result<Session<LoggedIn> | AnonymousSession, AccountCode>> => {
      const again = await atStepInCommit(deps, tx, session, "first_access", "confirmar");
      if (!again.ok) return again;
      if (!await consumeCode(deps, tx, code)) return refuse("code_expired");
      const { anonymous, onboarding } = again.data;
      const draft = onboarding.draft!;
      const known = onboarding.role === "representante" &&
        await tx.get(keys.accountByEmail(draft.email));
      if (!known) return await complete(deps, tx, again.data, draft);
      const next: FirstAccess = {
        ...onboarding,
        step: "conta",
        draft: { ...draft, passwordHash: null },
      };
      const state = { ...anonymous.state, onboarding: next };
      return accept(advanceSession(deps, tx, anonymous, state));
    },
  );
}

/**
 * A representative who is in the portal already (as the usuário of an operadora, or representing
 * another one) proves it with the password they have, instead of registering again.
 *
 * @param form `login`: CPF or e-mail, as typed
 */
export async function finishAsKnownPerson(
  deps: Deps,
  session: Session | null,
  form: { login: string; password: string },
): Promise<Finished> {
  const found = atStep(deps, session, "first_access", "cadastro");
  if (!found.ok) return found;
  if (found.data.onboarding.role !== "representante") return refuse("step_out_of_order");
  const email = form.login.includes("@");
  const handle = email ? parseEmail(form.login) : parseCpf(form.login);
  if (!handle) return refuse(email ? "email_invalid" : "cpf_invalid");
  return await finishWith(deps, found.data, handle, form.password);
}

/** The password of the account whose address was confirmed in the step before. */
export async function finishWithOwnAccount(
  deps: Deps,
  session: Session | null,
  password: string,
): Promise<Finished> {
  const found = atStep(deps, session, "first_access", "conta");
  if (!found.ok) return found;
  return await finishWith(deps, found.data, found.data.onboarding.draft!.email, password);
}

/** @param handle a CPF or an e-mail address in its stored form */
async function finishWith(
  deps: Deps,
  { anonymous, onboarding: firstAccess, certificate }: AtStep<"first_access">,
  handle: string,
  password: string,
): Promise<Finished> {
  using place = passwordPlace();
  const throttled = await consumeAttempt(deps, KNOWN_PERSON, handle + certificate!.sha256);
  if (!throttled.ok) return throttled;
  const known = handle.includes("@")
    ? await accountOfEmail(deps, handle)
    : await accountForCpf(deps, handle);
  const verified = await verifyPassword(deps, known, password, place);
  if (!verified || !known?.active) {
    await auditFailure(deps, handle.includes("@") ? { email: handle } : { cpf: handle }, known);
    return refuse("first_access_unknown");
  }
  const { step } = firstAccess;
  return await transact(deps.kv, async (tx) => {
    const again = await atStepInCommit(deps, tx, anonymous, "first_access", step);
    if (!again.ok) return again;
    const { onboarding } = again.data;
    const person = await tx.get(keys.account(known.id));
    if (person?.password?.hash !== known.password?.hash || !person?.active) {
      return refuse<AccountCode>("first_access_unknown");
    }
    if (!mayRepresent(person, onboarding)) {
      return refuse<AccountCode>("first_access_other_name", { representante: onboarding.name });
    }
    tx.set(keys.termsAccepted(person.id, onboarding.termsVersion!), deps.now());
    return await logIn(deps, tx, again.data, person);
  });
}

/**
 * The account must be of the person CADOP names, not of whoever has the certificate. One that has
 * proved its CPF bears the name gov.br has, and no other way of writing it counts; one that has declared
 * the CPF of the certificate may have been registered under another spelling.
 */
function mayRepresent(person: Account, { cpf, name }: FirstAccess): boolean {
  if (sameName(person.name, name)) return true;
  return bearsName(person, name) && person.cpf === cpf;
}

/**
 * The end of a first access whose address is confirmed: the person's record with the e-mail and the
 * chosen password, if one was asked, and the session.
 */
export async function complete(
  deps: Deps,
  tx: Transaction,
  current: AtStep<"first_access">,
  draft: NonNullable<FirstAccess["draft"]>,
): Promise<Finished> {
  const { onboarding: firstAccess } = current;
  const { cpf, email, passwordHash } = draft;
  const { role, govbr, name } = firstAccess;
  // What gov.br comes to is read in the same trip.
  const ofCpf = govbr ? [keys.govbrAccount(cpf), keys.provenAccount(cpf)] : [];
  const [taken] = await tx.getMany([keys.accountByEmail(email), ...ofCpf]);
  // An account of their own, whatever accounts carry the CPF; the address is nobody's yet.
  if (taken) return refuse("email_taken");
  const made = createAccount(deps, tx, {
    ...{ cpf, name, email },
    password: passwordHash === null ? null : newPassword(passwordHash),
    ...role === "representante" && { origin: "certificado" as const },
  });
  if (govbr && !await isFreeForGovbr(tx, made, govbr)) return refuse("govbr_already_in");
  const person = govbr ? await putGovbr(deps, tx, made, govbr.level) : made;
  if (govbr || current.certificate) findableByCpf(tx, person);
  tx.set(keys.termsAccepted(person.id, firstAccess.termsVersion!), deps.now());
  const { origin } = deps.config;
  notify(deps, tx, person, firstAccessDone(origin));
  return await logIn(deps, tx, current, person, { made: true });
}

/** Of two entries with one gov.br account at once, the first to finish has it. */
async function isFreeForGovbr(
  tx: Transaction,
  { id, cpf }: Account,
  { replaces }: NonNullable<FirstAccess["govbr"]>,
): Promise<boolean> {
  const holder = await tx.get(keys.govbrAccount(cpf));
  return holder === null || holder === id || holder === replaces;
}

/** Binds the certificate, if one was shown, and replaces the visit by a session of the person. */
async function logIn(
  deps: Deps,
  tx: Transaction,
  { anonymous, certificate, onboarding: { name, govbr } }: AtStep<"first_access">,
  person: Account,
  { made = false } = {},
): Promise<Finished> {
  if (certificate) {
    const bound = await bindRepresentative(deps, tx, { person, name, certificate, made });
    if (!bound.ok) return bound;
  }
  return accept(
    await openSession(deps, tx, {
      person,
      method: certificate ? "representative" : "first_access",
      from: anonymous,
      certificate,
      operadora: certificate ? null : await onlyOperadoraOf(deps, person.id),
      govbr: govbr?.level,
      detail: govbr && { govbr: govbr.level },
    }),
  );
}
