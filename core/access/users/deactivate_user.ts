import { NO_STANDING } from "../../account/credentials.ts";
import { appendAudit } from "../../audit/append.ts";
import type { Deps } from "../../deps.ts";
import { getEstablishments } from "../../registry/establishment.ts";
import { accept, type Refusal, refuse, type Result } from "../../result.ts";
import { notify } from "../../notify/notify.ts";
import { keys } from "../../store/keys.ts";
import { read } from "../../store/read.ts";
import type { Account, AccountId } from "../../store/records/account.ts";
import type { CpfHolder } from "../../store/records/invitation.ts";
import type { Operadora } from "../../store/records/registry.ts";
import { transact, type Transaction } from "../../store/transact.ts";
import { endMembership, rejectWaiting } from "../change_membership.ts";
import type { AccessCode } from "../messages.ts";
import { listCnesOf } from "../establishment_access.ts";
import { isOpen } from "../invitations/invitation.ts";
import { isActiveTie, isRegistered, putTie } from "./user_of_operadora.ts";
import { userDeactivated, userReactivated } from "../../mails/user_mails.ts";

/** What a member of an establishment reads when the operadora has switched them off. */
const REASON = "Desativado pela operadora";

/**
 * The representative switches a person of the operadora off or on again. Only there: the person may
 * work for other operadoras, which this one has no say in. `loadCaller` looks at the tie at each
 * request, so open sessions lose the operadora at the next one (ASVS 8.3.2); grants are kept for the
 * return. Doing it twice changes nothing.
 *
 * A person who is switched off loses what they have and wait for at the operadora's establishments too, and
 * does not get it back with the tie: that takes the three steps. Each membership ends in its own commit, and
 * the tie after them all, so that doing it again ends what is left after an interruption.
 */
export async function setUserActive(
  deps: Deps,
  actor: Account,
  operadora: Operadora,
  person: Account,
  active: boolean,
): Promise<Result<null, AccessCode>> {
  const { cnpj, razaoSocial } = operadora;
  // No representative shuts themselves out.
  if (person.cpf === actor.cpf) return refuse("member_own");
  const before = await read(deps.kv, keys.userOfOperadora(cnpj, person.id));
  if (!active && isRegistered(before) && isActiveTie(before)) {
    const ended = await leaveEstablishmentsOf(deps, actor, cnpj, person.id);
    if (!ended.ok) return ended;
  }
  return await transact(deps.kv, async (tx) => {
    const [tie, stored, holder] = await tx.getMany([
      keys.userOfOperadora(cnpj, person.id),
      keys.account(person.id),
      keys.cpfAtOperadora(cnpj, person.cpf),
    ]);
    if (!isRegistered(tie) || !stored) return refuse("user_not_found");
    if (isActiveTie(tie) === active) return accept(null);
    if (active) {
      const refusal = await keptFrom(deps, tx, cnpj, person.id, holder);
      if (refusal) return refusal;
      tx.set(keys.cpfAtOperadora(cnpj, tie.cpf), { account: person.id });
    }
    const { deactivated: _, ...on } = tie;
    const off = { by: actor.id, at: deps.now() };
    putTie(tx, cnpj, stored.id, active ? on : { ...on, deactivated: off }, tie);
    const text = active ? userReactivated : userDeactivated;
    notify(deps, tx, stored, text({ operadora: razaoSocial, origin: deps.config.origin }));
    await appendAudit(deps, tx, {
      stream: cnpj,
      event: active ? "user.reactivated" : "user.deactivated",
      actor: actor.id,
      subject: stored.id,
    });
    return accept(null);
  });
}

/** Why a tie cannot come back: its CPF has come to have another one here, or an open invitation. */
async function keptFrom(
  deps: Deps,
  tx: Transaction,
  cnpj: string,
  account: AccountId,
  holder: CpfHolder | null,
): Promise<Refusal<AccessCode> | null> {
  if (!holder) return null;
  if ("account" in holder) return holder.account === account ? null : refuse("user_replaced");
  const invitation = await tx.get(keys.invitation(cnpj, holder.invitation));
  return invitation && isOpen(invitation, deps.now()) ? refuse("user_replaced") : null;
}

async function leaveEstablishmentsOf(
  deps: Deps,
  actor: Account,
  cnpj: string,
  account: AccountId,
): Promise<Result<null, AccessCode>> {
  const numbers = await listCnesOf(deps, account);
  const establishments = await getEstablishments(deps, numbers);
  // What is ended here is ended as the representative, whose session the caller has looked at.
  const representative = { account: actor.id, represents: cnpj, standing: NO_STANDING };
  for (const [i, cnes] of numbers.entries()) {
    if (establishments[i]?.operadora !== cnpj) continue;
    const end = () => endMembership(deps, representative, { cnes, account, reason: REASON });
    let ended: Result<unknown, AccessCode> = await end();
    if (!ended.ok && ended.code === "member_not_found") {
      ended = await rejectWaiting(deps, representative, { cnes, account, reason: REASON });
      if (!ended.ok) return ended;
      // Approved in between.
      ended = await end();
    }
    // Ended meanwhile by another person: that is what was wanted.
    if (!ended.ok && ended.code !== "member_not_found") return ended;
  }
  return accept(null);
}
