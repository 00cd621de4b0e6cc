import type { Portal } from "../../portal.ts";
import type { Transaction } from "../../store/transact.ts";
import { keys } from "../keys.ts";
import { afterQuietHours } from "./quiet_hours.ts";

/** What is done when a waiting request's time comes. */
export type Stage = "remind" | "escalate" | "expire";

export interface Alarm {
  stage: Stage;
  at: number;
}

interface Waiting {
  id: string;
  createdAt: number;
}

const HOUR = 60 * 60_000;

export function firstAlarm(portal: Portal, request: Waiting, uf: string): Alarm {
  return alarmOf(portal, request, uf, "remind");
}

/** Null after the last one. */
export function alarmAfter(
  portal: Portal,
  request: Waiting,
  uf: string,
  stage: Stage,
): Alarm | null {
  if (stage === "expire") return null;
  return alarmOf(portal, request, uf, stage === "remind" ? "escalate" : "expire");
}

/** People are not told things at night; a request may well end then. */
function alarmOf(portal: Portal, { createdAt }: Waiting, uf: string, stage: Stage): Alarm {
  const { remindHours, escalateHours, expireHours } = portal.config.requests;
  const hours = { remind: remindHours, escalate: escalateHours, expire: expireHours }[stage];
  const at = createdAt + hours * HOUR;
  return { stage, at: stage === "expire" ? at : afterQuietHours(at, uf) };
}

export function setAlarm(tx: Transaction, { id }: Waiting, { stage, at }: Alarm): void {
  tx.set(keys.requestAlarm(at, id), stage);
}
