import type { Channel } from "./outbox.ts";

/** Why a channel sends nothing: a fault of its server, its account or the way there, not of a receiver. */
export interface ChannelFault {
  kind: "unknown_host" | "refused" | "slow" | "broken" | "tls" | "login" | "answer";
  /** What the server answered, when it answered. */
  code?: number;
}

/** A row of failed attempts of one channel, with no success between them. */
export interface FailureRow {
  /** The first of them. */
  since: number;
  /** The newest fault of the channel itself; null while only receivers were refused. */
  fault: ChannelFault | null;
  /** Partitions of the first few receivers that were refused. */
  refused: string[];
}

/** A part of the portal that is not well, or was not, until its receivers have been told. */
export interface TroubleRecord {
  state: "warning" | "failing";
  since: number;
  /** Null while it lasts. */
  endedAt: number | null;
  /** The channels by which its beginning was told. */
  told: Channel[];
  /** The channels by which its end was told. */
  toldEnd: Channel[];
  /** Nobody is told before this: another trouble explains this one, or did a moment ago. 0: it is told. */
  quietUntil: number;
}

/** How the clock of one machine differed from that of a server, the last time that they were compared. */
export interface ClockReading {
  at: number;
  /** What the machine's clock is ahead, in milliseconds; behind is negative. */
  aheadMs: number;
  /** Whose clock it was compared with. */
  source: "telegram" | "govbr";
}
