import type { AlertNews } from "../mails/alert_mails.ts";
import type { TroubleRecord } from "../store/records/health.ts";
import type { Channel } from "../store/records/outbox.ts";
import { type HealthPart, MINUTE } from "./part.ts";

/** What is the same for all parts at one look. */
export interface Circumstances {
  now: number;
  /** The channels by which somebody is to be told. */
  wanted: readonly Channel[];
  /** Those of them that send at present. */
  open: readonly Channel[];
  /** Whether the failure of another part explains that of this one. */
  explained(part: HealthPart): boolean;
}

/**
 * How long (ms) after the end of the trouble that explained it one is still no news: messages that could
 * not be sent are tried again within the hour.
 */
const AFTERMATH = 90 * MINUTE;

/** What one look at a part leads to. */
export interface Step {
  /** The record from now on; the same object when nothing changes, null for none. */
  next: TroubleRecord | null;
  /** What is to be told by each channel. */
  news: Partial<Record<Channel, AlertNews>>;
  /** For the log; null when nothing began or ended. */
  line: string | null;
}

/**
 * From what is known of a part's trouble, and how it is now, to what is known then and what is to be
 * told: the beginning once and the end once by each channel. A channel that does not send is told when it
 * does again; by then the trouble may be over. A trouble that comes back before its end was told
 * everywhere goes on as the same one.
 */
export function advance(
  part: HealthPart,
  before: TroubleRecord | null,
  about: Circumstances,
): Step {
  if (part.state === "ok") return before ? end(part, before, about) : quiet(null);
  return begin(part, part.state, before, about);
}

const quiet = (next: TroubleRecord | null): Step => ({ next, news: {}, line: null });

function begin(
  part: HealthPart,
  state: TroubleRecord["state"],
  before: TroubleRecord | null,
  about: Circumstances,
): Step {
  const record = before ??
    { state, since: part.since ?? about.now, endedAt: null, told: [], toldEnd: [], quietUntil: 0 };
  const quietUntil = about.explained(part) ? about.now + AFTERMATH : record.quietUntil;
  const owed = quietUntil <= about.now;
  const tell = owed ? about.open.filter((channel) => !record.told.includes(channel)) : [];
  const fresh = before === null || before.endedAt !== null;
  const same = !fresh && tell.length === 0 && record.state === state &&
    record.quietUntil === quietUntil;
  if (same) return quiet(before);
  const told = [...record.told, ...tell];
  return {
    next: { ...record, state, endedAt: null, told, toldEnd: [], quietUntil },
    news: newsFor(tell, () => newsOf("begun", part, record)),
    line: fresh ? line(part, [part.text, part.detail].filter(Boolean).join(" ")) : null,
  };
}

function end(part: HealthPart, before: TroubleRecord, about: Circumstances): Step {
  const record = { ...before, endedAt: before.endedAt ?? about.now };
  const owed = before.quietUntil <= record.endedAt;
  const wanted = owed ? about.wanted : before.told;
  const tell = wanted.filter((channel) =>
    about.open.includes(channel) && !before.toldEnd.includes(channel)
  );
  const toldEnd = [...before.toldEnd, ...tell];
  const done = wanted.every((channel) => toldEnd.includes(channel));
  const changed = before.endedAt === null || tell.length > 0;
  return {
    next: done ? null : changed ? { ...record, toldEnd } : before,
    news: newsFor(tell, (channel) => {
      return newsOf(before.told.includes(channel) ? "ended" : "past", part, record);
    }),
    line: before.endedAt === null ? line(part, "voltou ao normal") : null,
  };
}

function newsFor(channels: readonly Channel[], make: (channel: Channel) => AlertNews) {
  return Object.fromEntries(channels.map((channel) => [channel, make(channel)]));
}

function newsOf(
  kind: AlertNews["kind"],
  { name, text, todo, detail }: HealthPart,
  { since, endedAt }: TroubleRecord,
): AlertNews {
  return { kind, name, since, endedAt, text, todo, detail };
}

function line({ id, state }: HealthPart, what: string): string {
  return `health: ${id}: ${state}: ${what}`;
}
