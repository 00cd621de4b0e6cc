export const keys = {
  outbox: (dueAt: number, id: string) => ["outbox", dueAt, id],
  outboxAll: () => ["outbox"],
  outboxDead: (id: string) => ["outbox_dead", id],
} as const;
