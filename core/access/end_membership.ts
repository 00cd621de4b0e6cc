import { reachableEmail } from "../notify/notify.ts";
import { getPerson } from "../account/person.ts";
import { appendAudit } from "../audit/append.ts";
import { enqueue } from "../outbox/enqueue.ts";
import type { Deps } from "../deps.ts";
import { getEstablishment } from "../registry/establishment.ts";
import { accept, refuse, type Result } from "../result.ts";
import { keys } from "../store/keys.ts";
import { list } from "../store/read.ts";
import type { Membership } from "../store/records/access.ts";
import { transact } from "../store/transact.ts";
import { checkManage, tidy } from "./change_profile.ts";
import { membershipEndedMail } from "./member_mails.ts";
import { rememberChange, setMembership } from "./membership.ts";
import type { AccessCode } from "./messages.ts";
import { type Actor, readAuthority } from "./requests/authority.ts";
import { transition } from "./requests/transition.ts";

/**
 * Deactivates a person at an establishment (J17): the membership ends and is kept, the computers go,
 * what the person waits for there is rejected. It holds from their next request on. To come back
 * they do the three steps again.
 *
 * @param cpf of the member
 */
export async function endMembership(
  deps: Deps,
  actor: Actor,
  { cnes, cpf, reason: typed }: { cnes: string; cpf: string; reason: string },
): Promise<Result<Membership, AccessCode>> {
  const reason = tidy(typed);
  if (!reason) return refuse("justification_missing");
  const establishment = await getEstablishment(deps, cnes);
  const operadora = establishment?.operadora ?? null;
  // Only to be told and named: not worth one of the ten checks.
  const person = await getPerson(deps, cpf);
  return await transact(deps.kv, async (tx) => {
    const authority = await readAuthority(tx, actor, { cnes, operadora });
    const [membership, profileId, computerId] = await tx.getMany([
      keys.membership(cnes, cpf),
      keys.requestOpen(cpf, cnes, "perfil"),
      keys.requestOpen(cpf, cnes, "computador"),
    ]);
    const refusal = checkManage(authority, membership, cpf);
    if (refusal) return refusal;
    const by = { id: authority.person!.id, name: authority.person!.name };
    const ended: Membership = {
      ...membership!,
      ended: { at: deps.now(), by: by.id, reason },
    };
    rememberChange(deps, tx, membership!);
    setMembership(tx, ended);
    // A computer that is approved meanwhile is none of a member: the decision reads the membership.
    for await (const { key } of list(deps.kv, keys.computer.under(cnes, cpf))) {
      tx.delete(key);
    }
    for (const id of [profileId, computerId]) {
      const request = id && await tx.get(keys.request(id));
      if (!request || request.state !== "pendente") continue;
      await transition(deps, tx, request, { move: "reprovar", by, via: "portal", reason });
    }
    const to = person && reachableEmail(person);
    if (to) {
      const place = { establishment: establishment?.nome ?? cnes, origin: deps.config.origin };
      enqueue(deps, tx, membershipEndedMail(to, person.name, reason, place));
    }
    await appendAudit(deps, tx, {
      stream: cnes,
      event: "membership.ended",
      actor: by.id,
      subject: person?.id ?? "unknown",
    });
    return accept(ended);
  });
}
