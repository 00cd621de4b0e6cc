import { isIdentified } from "../../account/identification.ts";
import { consumeCode, tryCode } from "../../account/code.ts";
import type { AccountCode } from "../../account/messages.ts";
import { onlyOperadoraOf } from "../../account/operadoras.ts";
import { passwordPlace, verifyPassword } from "../../account/password.ts";
import {
  accountForCpf,
  accountForCpfInCommit,
  createAccount,
  findableByCpf,
  newPassword,
} from "../../account/account.ts";
import { takeDeclaredOver } from "../../account/take_over.ts";
import { auditFailure, consumeAttempt, type Limit } from "../../account/throttle.ts";
import type { Deps } from "../../deps.ts";
import { recordTaken } from "../../mails/account_mails.ts";
import { notify } from "../../notify/notify.ts";
import { firstAccessDone } from "../../mails/onboarding_mails.ts";
import { sameName } from "../../registry/name.ts";
import { parseCpf } from "../../registry/numbers.ts";
import { accept, refuse, type Result } from "../../result.ts";
import { openSession } from "../../signin/open_session.ts";
import { keys } from "../../store/keys.ts";
import type { Account } from "../../store/records/account.ts";
import type { FirstAccess, LoggedIn, Session } from "../../store/records/session.ts";
import { transact, type Transaction } from "../../store/transact.ts";
import { type AtStep, atStep, atStepInCommit } from "../steps.ts";
import { bindRepresentative } from "./bind_representative.ts";
import { checkRegistrable, EMAIL_CODE } from "./steps.ts";
import { putGovbr } from "../../account/proof.ts";

type Finished = Result<Session<LoggedIn>, AccountCode>;

const KNOWN_PERSON: Limit = { what: "first_access_known", attempts: 5, window: 15 * 60_000 };

/**
 * The code arrived: one commit makes the person (or completes them), takes the e-mail address,
 * records the terms, binds the representative and their certificate, and logs in.
 */
export async function finishFirstAccess(
  deps: Deps,
  session: Session | null,
  typedCode: string,
): Promise<Finished> {
  const found = atStep(deps, session, "first_access", "confirmar");
  if (!found.ok) return found;
  const { anonymous, onboarding: confirmed } = found.data;
  const code = { purpose: EMAIL_CODE, owner: anonymous.id, typed: typedCode };
  const tried = await tryCode(deps, code);
  if (!tried.ok) return tried;
  await takeDeclaredOver(deps, confirmed);

  return await transact(deps.kv, async (tx) => {
    const again = await atStepInCommit(deps, tx, anonymous, "first_access", "confirmar");
    if (!again.ok) return again;
    if (!await consumeCode(deps, tx, code)) return refuse<AccountCode>("code_expired");
    return await complete(deps, tx, again.data, again.data.onboarding.draft!);
  });
}

/**
 * A representative who is in the portal already (as the usuário of an operadora, or representing
 * another one) proves it with the password they have, instead of registering again.
 */
export async function finishAsKnownPerson(
  deps: Deps,
  session: Session | null,
  form: { cpf: string; password: string },
): Promise<Finished> {
  const found = atStep(deps, session, "first_access", "cadastro");
  if (!found.ok) return found;
  const { anonymous, onboarding: firstAccess, certificate } = found.data;
  if (firstAccess.role !== "representante") return refuse("step_out_of_order");
  const cpf = firstAccess.cpf ?? parseCpf(form.cpf);
  if (!cpf) return refuse("cpf_invalid");
  using place = passwordPlace();
  const throttled = await consumeAttempt(deps, KNOWN_PERSON, cpf + certificate!.sha256);
  if (!throttled.ok) return throttled;
  const known = await accountForCpf(deps, cpf);
  const verified = await verifyPassword(deps, known, form.password, place);
  // The account must be of the person CADOP names, not of the certificate's holder. A CPF from the
  // certificate is theirs whatever spelling of the name they were registered with.
  const named = firstAccess.cpf !== null || sameName(known?.name ?? "", firstAccess.name);
  if (!verified || !known?.active || !named) {
    await auditFailure(deps, { cpf }, known);
    return refuse("first_access_cpf_unknown");
  }

  return await transact(deps.kv, async (tx) => {
    const again = await atStepInCommit(deps, tx, anonymous, "first_access", "cadastro");
    if (!again.ok) return again;
    const { onboarding } = again.data;
    const person = await tx.get(keys.account(known.id));
    if (person?.password?.hash !== known.password?.hash || !person?.active) {
      return refuse<AccountCode>("first_access_cpf_unknown");
    }
    tx.set(keys.termsAccepted(person.id, onboarding.termsVersion!), deps.now());
    if (!isIdentified(person) && onboarding.cpf !== null) {
      tx.set(keys.account(person.id), { ...person, origin: "certificado" });
    }
    return await logIn(deps, tx, again.data, person);
  });
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
  const { govbr } = firstAccess;
  const [known, holder] = await Promise.all([
    accountForCpfInCommit(deps, tx, cpf),
    tx.get(keys.accountByEmail(email)),
  ]);
  // Who comes by gov.br takes up no account that is there.
  const stored = govbr ? null : known;
  if (holder && holder !== stored?.id) return refuse("email_taken");
  const now = deps.now();
  const refusal = checkRegistrable(firstAccess, stored);
  if (refusal) return refusal;
  const fields = {
    name: firstAccess.name,
    email,
    password: passwordHash === null ? null : newPassword(passwordHash, stored?.proofNumber),
    ...firstAccess.role === "representante" && { origin: "certificado" as const },
  };
  const made: Account = stored
    ? { ...stored, ...fields }
    : createAccount(deps, tx, { cpf, ...fields });
  // A person who came with gov.br before, and now sets a password as a representative.
  if (stored?.email && stored.email !== email) tx.delete(keys.accountByEmail(stored.email));
  if (stored) {
    tx.set(keys.account(made.id), made);
    tx.set(keys.accountByEmail(email), made.id);
  }
  if (govbr && !await isFreeForGovbr(tx, made, govbr)) return refuse("govbr_already_in");
  const person = govbr ? putGovbr(deps, tx, made, govbr.level) : made;
  if (govbr || current.certificate) findableByCpf(tx, person);
  tx.set(keys.termsAccepted(person.id, firstAccess.termsVersion!), now);
  const { origin } = deps.config;
  if (stored?.takenOverAt && !stored.email) notify(deps, tx, person, recordTaken(origin));
  notify(deps, tx, person, firstAccessDone(origin));
  return await logIn(deps, tx, current, person);
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
): Promise<Finished> {
  if (certificate) {
    const bound = await bindRepresentative(deps, tx, { account: person.id, name, certificate });
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
