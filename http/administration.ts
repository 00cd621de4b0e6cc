import { HttpError } from "fresh";
import type { State } from "@/app.ts";
import { manage, type Managed } from "@/core/access/administration.ts";
import { getMembership } from "@/core/access/membership.ts";
import type { Actor } from "@/core/access/requests/authority.ts";
import { getPersonById } from "@/core/account/person.ts";
import type { Membership } from "@/core/store/records/access.ts";
import type { Person } from "@/core/store/records/account.ts";
import { representedBy, requireCaller } from "./caller.ts";

/** The caller as somebody who acts at an establishment. */
export function actorOf(state: State): Actor {
  const caller = requireCaller(state);
  return { cpf: caller.person.cpf, represents: representedBy(caller) };
}

/**
 * The establishment of a page of the administration.
 * @param cnes from the address
 * @throws {HttpError} 403 when the caller does not manage it, or there is none: a number tells nothing
 */
export async function requireManaged(state: State, cnes: string): Promise<Managed> {
  const managed = await manage(state.portal, actorOf(state), cnes);
  if (!managed) throw new HttpError(403);
  return managed;
}

/**
 * Somebody who is or was a member of an establishment, by the id in the address.
 * @throws {HttpError} 404 for everybody else, known to the portal or not: an id tells nothing
 */
export async function requireMember(
  { portal }: State,
  cnes: string,
  id: string,
): Promise<{ person: Person; membership: Membership }> {
  const person = await getPersonById(portal, id);
  const membership = person && await getMembership(portal, cnes, person.cpf);
  if (!membership) throw new HttpError(404);
  return { person, membership };
}
