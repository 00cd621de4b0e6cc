import { reachableEmail } from "../notify/notify.ts";
import { appendAudit } from "../audit/append.ts";
import { enqueue } from "../outbox/enqueue.ts";
import type { Deps } from "../deps.ts";
import { getEstablishment } from "../registry/establishment.ts";
import { accept, refuse, type Result } from "../result.ts";
import { keys } from "../store/keys.ts";
import type { ComputerRecord } from "../store/records/access.ts";
import { transact } from "../store/transact.ts";
import { computerRemovedMail } from "./member_mails.ts";
import type { AccessCode } from "./messages.ts";
import { type Actor, readAuthority } from "./requests/authority.ts";

/**
 * Takes an approved computer away (J17), from the next request on. Those who administer the
 * establishment and its operadora's representative may, and each person their own.
 */
export async function removeComputer(
  deps: Deps,
  actor: Actor,
  { cnes, cpf, thumbprint }: { cnes: string; cpf: string; thumbprint: string },
): Promise<Result<ComputerRecord, AccessCode>> {
  const establishment = await getEstablishment(deps, cnes);
  const operadora = establishment?.operadora ?? null;
  return await transact(deps.kv, async (tx) => {
    const authority = await readAuthority(tx, actor, { cnes, operadora });
    const key = keys.computer(cnes, cpf, thumbprint);
    const [computer, person] = await tx.getMany([
      key,
      keys.person(cpf),
    ]);
    const { person: by, administers, represents } = authority;
    if (!by || !(administers || represents || by.cpf === cpf)) {
      return refuse<AccessCode>("not_allowed");
    }
    if (!computer) return refuse<AccessCode>("computer_unknown");
    tx.delete(key);
    const to = person && reachableEmail(person);
    if (to) {
      const place = { establishment: establishment?.nome ?? cnes, origin: deps.config.origin };
      enqueue(deps, tx, computerRemovedMail(to, person.name, computer, place));
    }
    await appendAudit(deps, tx, {
      stream: cnes,
      event: "computer.removed",
      actor: by.id,
      subject: person?.id ?? "unknown",
      detail: { computer: thumbprint },
    });
    return accept(computer);
  });
}
