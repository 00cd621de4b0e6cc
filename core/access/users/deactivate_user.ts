import { keys as accountKeys } from "../../account/keys.ts";
import { type Person, reachableEmail } from "../../account/person.ts";
import { appendAudit } from "../../audit/append.ts";
import { enqueue } from "../../outbox/enqueue.ts";
import type { Portal } from "../../portal.ts";
import type { Operadora } from "../../registry/operadora.ts";
import { accept, refuse, type Result } from "../../result.ts";
import { transact } from "../../store/transact.ts";
import { keys } from "../keys.ts";
import type { AccessCode } from "../messages.ts";
import { isActiveTie, putTie, type UserOfOperadora } from "./tie.ts";
import { deactivatedMail, reactivatedMail } from "./user_mails.ts";

/**
 * The representative switches a person of the operadora off or on again. Only the tie: the person
 * may work for other operadoras, which this one has no say in. `loadCaller` looks at the tie at each
 * request, so open sessions lose the operadora at the next one (ASVS 8.3.2); grants are kept for the
 * return. Doing it twice changes nothing.
 */
export async function setUserActive(
  portal: Portal,
  actor: Person,
  operadora: Operadora,
  person: Person,
  active: boolean,
): Promise<Result<null, AccessCode>> {
  const { cnpj, razaoSocial } = operadora;
  return await transact(portal.kv, async (tx) => {
    const [tie, stored] = await tx.getMany<[UserOfOperadora, Person]>([
      keys.userOfOperadora(cnpj, person.cpf),
      accountKeys.person(person.cpf),
    ]);
    if (!tie || !stored) return refuse("user_not_found");
    if (isActiveTie(tie) === active) return accept(null);
    const { by, since } = tie;
    const off = { by: actor.id, at: portal.now() };
    putTie(tx, cnpj, stored, active ? { by, since } : { by, since, deactivated: off });
    const to = reachableEmail(stored);
    const tell = active ? reactivatedMail : deactivatedMail;
    const place = { operadora: razaoSocial, origin: portal.config.origin };
    if (to) enqueue(portal, tx, tell(to, stored.name, place));
    await appendAudit(portal, tx, {
      stream: cnpj,
      event: active ? "user.reactivated" : "user.deactivated",
      actor: actor.id,
      subject: stored.id,
    });
    return accept(null);
  });
}
