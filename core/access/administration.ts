import type { Deps } from "../deps.ts";
import { type Establishment, getEstablishment } from "../registry/establishment.ts";
import { getMembership, isAdministrator } from "./membership.ts";
import type { Actor } from "./requests/authority.ts";

/** An establishment as somebody who manages it sees it. */
export interface Managed {
  cnes: string;
  /** Null when the CNES does not have it any more; its people are still managed. */
  establishment: Establishment | null;
  /** ADMINISTRADOR there. */
  administers: boolean;
  /** Legal representative of its operadora. */
  represents: boolean;
}

/**
 * May somebody look after an establishment's people and computers, as of now? For the pages: whatever
 * is done there looks again in its own commit. Null says no, whether there is such a place or not.
 */
export async function manage(deps: Deps, actor: Actor, cnes: string): Promise<Managed | null> {
  const [establishment, membership] = await Promise.all([
    getEstablishment(deps, cnes),
    getMembership(deps, cnes, actor.cpf),
  ]);
  const administers = isAdministrator(membership);
  const represents = Boolean(actor.represents) && establishment?.operadora === actor.represents;
  return administers || represents ? { cnes, establishment, administers, represents } : null;
}
