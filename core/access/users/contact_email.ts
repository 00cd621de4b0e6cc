import type { AccountCode } from "../../account/messages.ts";
import { hashPassword, makeProvisionalPassword } from "../../account/password.ts";
import { parseEmail, PROVISIONAL_LIFE } from "../../account/person.ts";
import { consumeAttempt } from "../../account/throttle.ts";
import { appendAudit } from "../../audit/append.ts";
import { enqueue } from "../../outbox/enqueue.ts";
import type { Deps } from "../../deps.ts";
import { accept, refuse, type Result } from "../../result.ts";
import { keys } from "../../store/keys.ts";
import { list } from "../../store/read.ts";
import type { Person } from "../../store/records/account.ts";
import type { Operadora } from "../../store/records/registry.ts";
import { transact } from "../../store/transact.ts";
import { provisionalPasswordMail } from "../mails.ts";
import type { AccessCode } from "../messages.ts";
import { RENEWALS } from "./renew_password.ts";
import { contactMovedMail } from "./user_mails.ts";

/**
 * The representative mends the address of a person who has not finished the first access. A new
 * provisional password goes there; the one sent to the wrong address ends. Not when another operadora
 * has registered the person too: it would come to hold the key to what that one grants.
 */
export async function changeContactEmail(
  deps: Deps,
  actor: Person,
  operadora: Operadora,
  person: Person,
  typed: string,
): Promise<Result<null, AccessCode | AccountCode>> {
  const email = parseEmail(typed);
  if (!email) return refuse("email_invalid");
  const throttled = await consumeAttempt(deps, RENEWALS, person.cpf);
  if (!throttled.ok) return throttled;
  const password = makeProvisionalPassword();
  const hash = await hashPassword(password);
  return await transact(deps.kv, async (tx) => {
    const [current, tie] = await tx.getMany([
      keys.person(person.cpf),
      keys.userOfOperadora(operadora.cnpj, person.cpf),
    ]);
    if (!current || !tie) return refuse<AccessCode>("user_not_found");
    if (!current.provisional) return refuse<AccessCode>("first_access_done");
    // Another operadora that registers the person writes their record: this work runs again then.
    if (await hasOtherOperadora(deps, current.cpf)) {
      return refuse<AccessCode>("user_of_others_too");
    }
    const { contactEmail: before, name, cpf } = current;
    const provisional = {
      ...current.provisional,
      hash,
      expiresAt: deps.now() + PROVISIONAL_LIFE,
    };
    tx.set(keys.person(cpf), { ...current, contactEmail: email, provisional });
    const place = { operadora: operadora.razaoSocial, origin: deps.config.origin };
    enqueue(deps, tx, provisionalPasswordMail(email, { name, cpf, password }, place));
    if (before && before !== email) enqueue(deps, tx, contactMovedMail(before, place));
    await appendAudit(deps, tx, {
      stream: operadora.cnpj,
      event: "user.contact_changed",
      actor: actor.id,
      subject: current.id,
    });
    return accept(null);
  });
}

/** Counts those that have deactivated the person too: they may let them in again. */
async function hasOtherOperadora(deps: Deps, cpf: string): Promise<boolean> {
  const entries = list(deps.kv, keys.operadoraOfUser.under(cpf), { limit: 2 });
  return (await Array.fromAsync(entries)).length > 1;
}
