import type { Deps } from "../../deps.ts";
import { keys } from "../../store/keys.ts";
import type { ApproverRole, Stage } from "../../store/records/access.ts";
import type { Transaction } from "../../store/transact.ts";

/** UFs whose clocks differ from Brasília's (Decreto 2.784/1913, as changed by Lei 12.876/2013). */
const ZONES: Record<string, string> = {
  AC: "America/Rio_Branco",
  AM: "America/Manaus",
  MS: "America/Campo_Grande",
  MT: "America/Cuiaba",
  RO: "America/Porto_Velho",
  RR: "America/Boa_Vista",
};

const BEGIN = 20;
const END = 8;
const HOUR = 60 * 60_000;

/**
 * The moment itself, or, when it falls between 20:00 and 08:00 where the establishment is, the next
 * 08:00 there. Fernando de Noronha and the west of Amazonas go by the rest of their UF.
 *
 * @param uf two letters; an unknown one counts as Brasília
 */
export function afterQuietHours(at: number, uf: string): number {
  const { hour, intoHour } = localTime(at, uf);
  if (hour >= END && hour < BEGIN) return at;
  return at - intoHour + ((END - hour + 24) % 24) * HOUR;
}

function localTime(at: number, uf: string): { hour: number; intoHour: number } {
  const format = new Intl.DateTimeFormat("en-GB", {
    timeZone: ZONES[uf] ?? "America/Sao_Paulo",
    hour: "numeric",
    hourCycle: "h23",
  });
  // All zones of Brazil are whole hours away from UTC, all the year.
  return { hour: Number(format.format(at)), intoHour: at % HOUR };
}

export interface Alarm {
  stage: Stage;
  at: number;
}

interface Waiting {
  id: string;
  createdAt: number;
}

/** How soon the representative of the operadora that an establishment has moved to finds its requests. */
const FOLLOW = 24 * HOUR;

/** The reminder of a new request. */
export function firstAlarm(deps: Deps, request: Waiting, uf: string): Alarm {
  return alarmOf(deps, request, uf, "remind");
}

/** The alarm that follows one of this stage; null after the last one. */
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

/** Writes an alarm inside a commit. */
export function setAlarm(tx: Transaction, { id }: Waiting, { stage, at }: Alarm): void {
  tx.set(keys.requestAlarm(at, id), stage);
}
