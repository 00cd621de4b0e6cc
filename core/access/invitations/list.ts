import type { Deps } from "../../deps.ts";
import { keys } from "../../store/keys.ts";
import { list } from "../../store/read.ts";
import type { Invitation } from "../../store/records/invitation.ts";
import { hasLapsed } from "./invitation.ts";

/** Which invitations of an operadora are looked for; `revogados` are the ones it took back. */
export const FILTERS = ["enviados", "aceitos", "recusados", "vencidos", "revogados"] as const;
export type InvitationFilter = typeof FILTERS[number];

/** Records looked at for one page: what bounds its time whatever is looked for. */
const LOOKED_AT = 2_000;

/** Which filter shows an invitation: exactly one. */
export function filterOf(invitation: Invitation, now: number): InvitationFilter {
  if (invitation.state !== "enviado") return `${invitation.state}s`;
  return hasLapsed(invitation, now) ? "vencidos" : "enviados";
}

/** The invitations of an operadora, the newest first. */
export async function* eachInvitation(
  deps: Deps,
  cnpj: string,
  { before }: { before?: string } = {},
): AsyncGenerator<Invitation> {
  const options = { reverse: true, batchSize: 200, ...before && { end: [before] } };
  for await (const { value } of list(deps.kv, keys.invitation.under(cnpj), options)) yield value;
}

/**
 * A page of them, 50 unless told.
 * @param cursor id of the invitation that the page before has ended with
 */
export async function listInvitations(
  deps: Deps,
  cnpj: string,
  { filter, cursor, limit = 50 }: { filter: InvitationFilter; cursor?: string; limit?: number },
): Promise<{ items: Invitation[]; cursor: string | null }> {
  const items: Invitation[] = [];
  let lookedAt = 0;
  let last: string | null = null;
  for await (const invitation of eachInvitation(deps, cnpj, { before: cursor })) {
    if (items.length === limit || ++lookedAt > LOOKED_AT) return { items, cursor: last };
    last = invitation.id;
    if (filterOf(invitation, deps.now()) === filter) items.push(invitation);
  }
  return { items, cursor: null };
}
