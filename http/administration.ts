import { HttpError } from "fresh";
import type { State } from "./state.ts";
import { type Actor, manage, type Managed } from "@/core/access/authority.ts";
import { getMembership } from "@/core/access/membership.ts";
import { whatIsAsked } from "@/core/access/requests/describe.ts";
import { getRequest } from "@/core/access/requests/request.ts";
import { getAccount, parseAccountId } from "@/core/account/account.ts";
import type { Deps } from "@/core/deps.ts";
import { getEstablishment } from "@/core/registry/establishment.ts";
import type { AccessRequest, Membership } from "@/core/store/records/access.ts";
import type { Account } from "@/core/store/records/account.ts";
import { representedBy, requireCaller } from "./caller.ts";

/** The caller in the role of a manager of establishments. */
export function actorOf(state: State): Actor {
  const caller = requireCaller(state);
  return {
    account: caller.person.id,
    represents: representedBy(caller),
    standing: caller.session.state,
  };
}

/**
 * The establishment of a page of the administration.
 * @param cnes from the address
 * @throws {HttpError} 403 when the caller does not manage it, or there is none: a number tells nothing
 */
export async function requireManaged(state: State, cnes: string): Promise<Managed> {
  const managed = await manage(state.deps, actorOf(state), cnes);
  if (!managed) throw new HttpError(403);
  return managed;
}

/**
 * A person who is or was a member of an establishment, by the id in the address.
 * @throws {HttpError} 404 for every other person, known to the portal or not: an id tells nothing
 */
export async function requireMember(
  { deps }: State,
  cnes: string,
  id: string,
): Promise<{ person: Account; membership: Membership }> {
  const account = parseAccountId(id);
  if (!account) throw new HttpError(404);
  const [person, membership] = await Promise.all([
    getAccount(deps, account),
    getMembership(deps, cnes, account),
  ]);
  if (!person || !membership) throw new HttpError(404);
  return { person, membership };
}

/**
 * What a person has just decided, in words, for the page they come back to. Only of their own
 * decisions: the id is in the address, and another may be typed there.
 */
export async function describeDecision(
  deps: Deps,
  decider: Account,
  id: string,
): Promise<string | null> {
  const request = id === "" ? null : await getRequest(deps, id);
  if (!request || request.decidedBy?.id !== decider.id) return null;
  const [person, establishment] = await Promise.all([
    getAccount(deps, request.account),
    getEstablishment(deps, request.cnes),
  ]);
  const where = establishment?.nome ?? `CNES ${request.cnes}`;
  const what = `${whatIsAsked(request)} em ${where}, pedido por ${person?.name ?? "alguém"}`;
  return request.state === "aprovada"
    ? `Você aprovou ${what}. ${afterApproval(request)}`
    : `Você reprovou ${what}. A pessoa recebeu o motivo por e-mail.`;
}

function afterApproval({ step }: AccessRequest): string {
  switch (step) {
    case "estabelecimento":
      return "O perfil ainda espera a sua decisão.";
    case "perfil":
      return "A pessoa foi avisada por e-mail e agora pode pedir o computador.";
    case "computador":
      return "A pessoa foi avisada por e-mail e já pode usar este computador.";
  }
}
