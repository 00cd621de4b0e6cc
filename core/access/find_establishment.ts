import type { Deps } from "../deps.ts";
import { type Establishment, getEstablishment } from "../registry/establishment.ts";
import { parseCnes } from "../registry/numbers.ts";
import { accept, refuse, type Result } from "../result.ts";
import type { AccessCode } from "./messages.ts";

/**
 * The establishment that somebody means to ask for.
 * @param typed the number as typed
 */
export async function findEstablishment(
  deps: Deps,
  typed: string,
): Promise<Result<Establishment, AccessCode>> {
  const cnes = parseCnes(typed);
  if (!cnes) return refuse("establishment_invalid");
  const establishment = await getEstablishment(deps, cnes);
  if (!establishment) return refuse("establishment_not_found");
  return establishment.active ? accept(establishment) : refuse("establishment_inactive");
}
