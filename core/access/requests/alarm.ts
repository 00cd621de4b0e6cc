import type { Deps } from "../../deps.ts";
import { keys } from "../../store/keys.ts";
import type { ApproverRole, Stage } from "../../store/records/access.ts";
import type { Transaction } from "../../store/transact.ts";
import { afterQuietHours } from "./quiet_hours.ts";

export interface Alarm {
  stage: Stage;
  at: number;
}

interface Waiting {
  id: string;
  createdAt: number;
}

const HOUR = 60 * 60_000;
/** How soon a request is found by the representative of the operadora that its place has moved to. */
const FOLLOW = 24 * HOUR;

export function firstAlarm(deps: Deps, request: Waiting, uf: string): Alarm {
  return alarmOf(deps, request, uf, "remind");
}

/** Null after the last one. */
export function alarmAfter(
  deps: Deps,
  request: Waiting & { to: readonly ApproverRole[] },
  uf: string,
  stage: Stage,
): Alarm | null {
  if (stage === "expire") return null;
  if (stage === "remind") return alarmOf(deps, request, uf, "escalate");
  const end = alarmOf(deps, request, uf, "expire");
  const at = deps.now() + FOLLOW;
  return request.to.includes("representante") && at < end.at ? { stage: "follow", at } : end;
}

/** People are not told things at night; a request may well end then. */
function alarmOf(
  deps: Deps,
  { createdAt }: Waiting,
  uf: string,
  stage: Exclude<Stage, "follow">,
): Alarm {
  const { remindHours, escalateHours, expireHours } = deps.config.requests;
  const hours = { remind: remindHours, escalate: escalateHours, expire: expireHours }[stage];
  const at = createdAt + hours * HOUR;
  return { stage, at: stage === "expire" ? at : afterQuietHours(at, uf) };
}

export function setAlarm(tx: Transaction, { id }: Waiting, { stage, at }: Alarm): void {
  tx.set(keys.requestAlarm(at, id), stage);
}
