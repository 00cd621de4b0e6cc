import type { Deps } from "../deps.ts";

export type PartState = "ok" | "warning" | "failing";

/** How one part of the portal is. Texts are in Portuguese. */
export interface HealthPart {
  /** For monitors; does not change. */
  id: string;
  name: string;
  state: PartState;
  /** Since when it is not well (ms); null when it is, or when that is not known. */
  since: number | null;
  /** For everybody: no numbers, no addresses, no answers of other servers. */
  text: string;
  /** What the operator of the portal does about it; for everybody, too. */
  todo: string | null;
  /** For the operator alone: numbers, causes, names of authorities. Never a person's data or a secret. */
  detail: string | null;
}

/** What a look at a part finds; what is left out is null. */
export type Finding =
  & Pick<HealthPart, "state" | "text">
  & Partial<Pick<HealthPart, "since" | "todo" | "detail">>;

/** A part of the portal, and how it is looked at. */
export interface Part {
  id: string;
  name: string;
  look(deps: Deps): Promise<Finding>;
  /** Ids of parts whose failure explains that of this one, which then needs no alert of its own. */
  dependsOn?: readonly string[];
}

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** Enough to say "many"; counting further would read the whole outbox. */
export const COUNTED = 100;

/** A number that was counted no further than `COUNTED`. */
export function countText(found: number): string {
  return found >= COUNTED ? `${COUNTED} ou mais` : String(found);
}

/** How long, in the largest unit that fits: `3 min`, `5 h`, `2 dias`. */
export function ageText(ms: number): string {
  if (ms < HOUR) return `${Math.max(0, Math.floor(ms / MINUTE))} min`;
  if (ms < 2 * DAY) return `${Math.floor(ms / HOUR)} h`;
  return `${Math.floor(ms / DAY)} dias`;
}
