import type { CnsConfig } from "../../config/mod.ts";
import { createHttpLookup } from "./http_lookup.ts";
import type { CnsQuality } from "./person_cns.ts";

export interface CnsAnswer {
  quality: CnsQuality;
  /** When the register said so (milliseconds since the epoch). */
  at: number;
}

/**
 * Asks a register of the national health card about a number and whose it is said to be. Null when
 * the register does not know the three together.
 *
 * @throws when the register does not answer, or with something else
 */
export type CnsLookup = (cpf: string, cns: string, name: string) => Promise<CnsAnswer | null>;

/** Without a register nobody is asked: nothing is known beyond what the person says. */
const askNobody: CnsLookup = () => Promise.resolve(null);

export function cnsLookup(config: CnsConfig | null): CnsLookup {
  return config ? createHttpLookup(config) : askNobody;
}
