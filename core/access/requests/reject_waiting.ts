import { reachableEmail } from "../../notify/notify.ts";
import { enqueue } from "../../outbox/enqueue.ts";
import type { Deps } from "../../deps.ts";
import { getEstablishment } from "../../registry/establishment.ts";
import { accept, refuse, type Result } from "../../result.ts";
import { keys } from "../../store/keys.ts";
import { transact } from "../../store/transact.ts";
import { decidedMail } from "../mails.ts";
import type { AccessCode } from "../messages.ts";
import { type Actor, readAuthority } from "./authority.ts";
import { transition } from "./transition.ts";

/**
 * The legal representative of the operadora rejects what somebody who is no member waits for at one of
 * its establishments; of a member `endMembership` does it. The person is told.
 *
 * @param cpf of who asked
 */
export async function rejectWaiting(
  deps: Deps,
  actor: Actor,
  { cnes, cpf, reason }: { cnes: string; cpf: string; reason: string },
): Promise<Result<null, AccessCode>> {
  const establishment = await getEstablishment(deps, cnes);
  const operadora = establishment?.operadora ?? null;
  return await transact(deps.kv, async (tx) => {
    const { person: by, represents } = await readAuthority(tx, actor, { cnes, operadora });
    if (!by || !represents) return refuse<AccessCode>("not_allowed");
    // Without a profile nothing but a profile can be waited for.
    const [id, person] = await tx.getMany([
      keys.requestOpen(cpf, cnes, "perfil"),
      keys.person(cpf),
    ]);
    const request = id && await tx.get(keys.request(id));
    if (!request || request.state !== "pendente") return accept(null);
    const next = await transition(deps, tx, request, {
      move: "reprovar",
      by: { id: by.id, name: by.name },
      via: "portal",
      reason,
    });
    const to = person && reachableEmail(person);
    if (to) {
      const place = { establishment: establishment?.nome ?? cnes, origin: deps.config.origin };
      enqueue(deps, tx, decidedMail(to, person.name, next, place));
    }
    return accept(null);
  });
}
