import type { AccountCode } from "../../account/messages.ts";
import { hashPassword, makeProvisionalPassword } from "../../account/password.ts";
import { reachableEmail } from "../../notify/notify.ts";
import { PROVISIONAL_LIFE } from "../../account/person.ts";
import { consumeAttempt, type Limit } from "../../account/throttle.ts";
import { appendAudit } from "../../audit/append.ts";
import { enqueue } from "../../outbox/enqueue.ts";
import type { Deps } from "../../deps.ts";
import { accept, refuse, type Result } from "../../result.ts";
import { keys } from "../../store/keys.ts";
import type { Person } from "../../store/records/account.ts";
import type { Operadora } from "../../store/records/registry.ts";
import { transact } from "../../store/transact.ts";
import { provisionalPasswordMail } from "../mails.ts";
import type { AccessCode } from "../messages.ts";

/** Mails with a provisional password to one person. */
export const RENEWALS: Limit = { what: "provisional_renewal", attempts: 5, window: 60 * 60_000 };

/**
 * The representative has another provisional password sent to a person who has not finished the
 * first access; the one before ends. It goes to the address the person was registered with, never to
 * another one.
 */
export async function renewProvisionalPassword(
  deps: Deps,
  actor: Person,
  operadora: Operadora,
  person: Person,
): Promise<Result<null, AccessCode | AccountCode>> {
  const throttled = await consumeAttempt(deps, RENEWALS, person.cpf);
  if (!throttled.ok) return throttled;
  const password = makeProvisionalPassword();
  const hash = await hashPassword(password);
  return await transact(deps.kv, async (tx) => {
    const [current, user] = await tx.getMany([
      keys.person(person.cpf),
      keys.userOfOperadora(operadora.cnpj, person.cpf),
    ]);
    if (!user || !current) return refuse<AccessCode>("user_not_found");
    const to = reachableEmail(current);
    if (!current.provisional || !to) return refuse<AccessCode>("first_access_done");
    const provisional = {
      ...current.provisional,
      hash,
      expiresAt: deps.now() + PROVISIONAL_LIFE,
    };
    tx.set(keys.person(current.cpf), { ...current, provisional });
    const place = { operadora: operadora.razaoSocial, origin: deps.config.origin };
    const { name, cpf } = current;
    enqueue(deps, tx, provisionalPasswordMail(to, { name, cpf, password }, place));
    await appendAudit(deps, tx, {
      stream: operadora.cnpj,
      event: "user.provisional_renewed",
      actor: actor.id,
      subject: current.id,
    });
    return accept(null);
  });
}
