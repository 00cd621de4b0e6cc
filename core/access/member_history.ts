import { getPersonById } from "../account/person.ts";
import type { Deps } from "../deps.ts";
import type { Membership, Profile } from "../store/records/access.ts";
import { listChanges } from "./membership.ts";

/** What somebody was given at an establishment, or that it ended. */
export interface HistoryLine {
  at: number;
  event: "given" | "ended";
  /** Given or had; null when it was the establishment alone. */
  profile: Profile | null;
  /** Name of who decided; null when the portal does not know them. */
  by: string | null;
  /** Given at once, because the CNES names the person as director. */
  asDirector: boolean;
  /** Justification of a change, reason of an end. */
  reason: string | null;
}

/** What a person was at an establishment over time, the newest first. */
export async function listHistory(deps: Deps, membership: Membership): Promise<HistoryLine[]> {
  const { cnes, cpf } = membership;
  const changes = await listChanges(deps, cnes, cpf);
  const states = [membership, ...changes.map(({ before }) => before)];
  const ids = [...new Set(states.map(({ by, ended }) => ended?.by ?? by))];
  const people = await Promise.all(ids.map((id) => getPersonById(deps, id)));
  const nameOf = (id: string) => people[ids.indexOf(id)]?.name ?? null;
  return states.map(({ since, by, profile, justification, ended }) => ({
    at: ended?.at ?? since,
    event: ended ? "ended" : "given",
    profile,
    by: nameOf(ended?.by ?? by),
    asDirector: !ended && by === "cnes",
    reason: ended?.reason ?? justification ?? null,
  }));
}
