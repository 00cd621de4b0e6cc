import { appendAudit } from "../audit/append.ts";
import { enqueue } from "../outbox/enqueue.ts";
import type { Portal } from "../portal.ts";
import { transact, type Transaction } from "../store/transact.ts";
import type { FirstAccess } from "./first_access_state.ts";
import type { GovbrLevel } from "./govbr/level.ts";
import { isIdentified } from "./identification.ts";
import { keys } from "./keys.ts";
import type { Person } from "./person.ts";
import { endSessionsOf } from "./session.ts";
import { endSessionsInCommit } from "./session_list.ts";
import { recordLostMail } from "./take_over_mails.ts";
import { cutLink } from "./telegram_link.ts";
import { forgetAddresses } from "./undo_email.ts";

/** Who has proven that the CPF is theirs, and how. */
export interface Holder {
  name: string;
  /** An address that is known to be theirs; null when there is none yet. */
  email: string | null;
  /** The level of their gov.br account; null when the company's certificate has named them. */
  level: GovbrLevel | null;
}

/**
 * Was the record made by somebody who only declared this CPF, and need not be its holder? The same
 * e-mail address, confirmed there by a code and known to be the holder's, says that it was.
 */
export function isAnothers(person: Person, { email }: Pick<Holder, "email">): boolean {
  return person.email !== null && !isIdentified(person) && person.email !== email;
}

/**
 * The holder of a CPF takes over the record that somebody had made by declaring it: password,
 * addresses, sessions and Telegram link of the other end in this commit, and what is left begins a
 * first access. Memberships stay: whoever granted them decides (docs/decisions/0016). The former
 * address is told here, the new one when it is confirmed. Costs the commit four checks, the person's
 * not counted.
 *
 * @returns the record as the holder finds it
 */
export async function takeOver(
  portal: Portal,
  tx: Transaction,
  person: Person,
  { name, email, level }: Holder,
): Promise<Person> {
  const { cpf, cns, ...rest } = person;
  const now = portal.now();
  const link = await cutLink(portal, tx, cpf);
  await forgetAddresses(portal, tx, person);
  await endSessionsInCommit(portal, tx, cpf);
  // A number that the register knows as this CPF's is the holder's too; another may be anybody's.
  const keepsCns = cns?.source === "consulta";
  if (cns && !keepsCns) tx.delete(keys.personByCns(cns.number));
  const taken: Person = {
    ...rest,
    cpf,
    name,
    email: null,
    contactEmail: email,
    passwordHash: null,
    provisional: null,
    takenOverAt: now,
    ...level ? { govbr: { level, at: now } } : { origin: "certificado" },
    ...keepsCns && { cns },
  };
  tx.set(keys.person(cpf), taken);
  enqueue(portal, tx, recordLostMail(person.email!, portal.config.origin));
  await appendAudit(portal, tx, {
    stream: "portal",
    event: "person.taken_over",
    actor: person.id,
    subject: person.id,
    detail: { by: level ? "govbr" : "certificate", level, telegram: link !== null },
  });
  return taken;
}

/**
 * The CPF that the company's certificate names may have been declared by somebody else. In a commit
 * of its own: together with all that a first access binds it would be too many checks, and the proof
 * stands whatever becomes of the rest.
 */
export async function takeDeclaredOver(portal: Portal, firstAccess: FirstAccess): Promise<void> {
  const { cpf, name, role, draft } = firstAccess;
  if (role !== "representante" || cpf === null) return;
  const holder = { name, email: draft!.email, level: null };
  const taken = await transact(portal.kv, async (tx) => {
    const person = await tx.get<Person>(keys.person(cpf));
    if (!person?.active || !isAnothers(person, holder)) return false;
    await takeOver(portal, tx, person, holder);
    return true;
  });
  // A login that was under way meanwhile.
  if (taken) await endSessionsOf(portal, cpf);
}
