/**
 * Messages stand in lanes, one a receiver, and are sent in a lane's order. A hint says from when on a
 * lane is worth a look; it carries an id, so that taking one hint away never takes another with it.
 */
export const keys = {
  outbox: (lane: string, id: string) => ["outbox", lane, id],
  outboxOfLane: (lane: string) => ["outbox", lane],
  outboxAll: () => ["outbox"],
  outboxDue: (channel: string, at: number, lane: string, id: string) => [
    "outbox_due",
    channel,
    at,
    lane,
    id,
  ],
  outboxDueOf: (channel: string) => ["outbox_due", channel],
  outboxLane: (lane: string) => ["outbox_lane", lane],
  /** When the next free place in the shared pace begins. */
  outboxPace: () => ["outbox_pace"],
  outboxDead: (id: string) => ["outbox_dead", id],
  outboxDeadAll: () => ["outbox_dead"],
} as const;
