import { auditOwn } from "../audit/append.ts";
import type { Deps } from "../deps.ts";
import { recordLost } from "../mails/account_mails.ts";
import { notifyAddress } from "../notify/notify.ts";
import { keys } from "../store/keys.ts";
import type { Account, GovbrLevel } from "../store/records/account.ts";
import type { FirstAccess } from "../store/records/session.ts";
import { transact, type Transaction } from "../store/transact.ts";
import { accountForCpfInCommit } from "./account.ts";
import { isIdentified } from "./identification.ts";
import { endSessionsOf } from "./session.ts";
import { endSessionsInCommit } from "./session_list.ts";
import { cutLink } from "./telegram/link.ts";
import { forgetAddresses } from "./undo_email.ts";

/** Who has proven that the CPF is theirs, and how. */
export interface CpfHolder {
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
export function isAnothers(person: Account, { email }: Pick<CpfHolder, "email">): boolean {
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
  deps: Deps,
  tx: Transaction,
  person: Account,
  { name, level }: CpfHolder,
): Promise<Account> {
  const { cns, ...rest } = person;
  const now = deps.now();
  const link = await cutLink(deps, tx, person.id);
  await forgetAddresses(deps, tx, person);
  await endSessionsInCommit(deps, tx, person.id);
  // A number that the register knows as this CPF's is the holder's too; another may be anybody's.
  const keepsCns = cns?.source === "consulta";
  if (cns && !keepsCns) tx.delete(keys.accountByCns(cns.number));
  const taken: Account = {
    ...rest,
    name,
    email: null,
    password: null,
    takenOverAt: now,
    ...level ? { govbr: { level, at: now } } : { origin: "certificado" },
    ...keepsCns && { cns },
  };
  tx.set(keys.account(person.id), taken);
  notifyAddress(deps, tx, person.email!, recordLost(deps.config.origin));
  await auditOwn(deps, tx, person, "person.taken_over", {
    by: level ? "govbr" : "certificate",
    level,
    telegram: link !== null,
  });
  return taken;
}

/**
 * The CPF that the company's certificate names may have been declared by somebody else. In a commit
 * of its own: together with all that a first access binds it would be too many checks, and the proof
 * stands whatever becomes of the rest.
 */
export async function takeDeclaredOver(deps: Deps, firstAccess: FirstAccess): Promise<void> {
  const { cpf, name, role, draft } = firstAccess;
  if (role !== "representante" || cpf === null) return;
  const holder = { name, email: draft!.email, level: null };
  const taken = await transact(deps.kv, async (tx) => {
    const person = await accountForCpfInCommit(deps, tx, cpf);
    if (!person?.active || !isAnothers(person, holder)) return null;
    return await takeOver(deps, tx, person, holder);
  });
  // A login that was under way meanwhile.
  if (taken) await endSessionsOf(deps, taken.id);
}
