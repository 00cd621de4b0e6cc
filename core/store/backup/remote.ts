import { keys } from "../keys.ts";
import { type BackupEntry, familyOf } from "./entry.ts";
import type { EntrySource } from "./frozen.ts";

const HOUR = 60 * 60_000;
const DAY = 24 * HOUR;

/**
 * How long records live at most whose value does not say until when. A store over the network does
 * not tell either; without an end they would stay for ever. Not here: a former address of a person
 * (`accountByEmail`), which looks like a present one and stays with them.
 */
const LIVES: Readonly<Record<string, number>> = {
  [keys.sessionOfAccount.family]: DAY,
  [keys.sessionByCertificate.family]: DAY,
  [keys.telegramCode.family]: DAY,
  [keys.decoy.family]: DAY,
  [keys.emailUndo.family]: 30 * DAY,
  [keys.crlFetch.family]: DAY,
  [keys.crlPart.family]: 60 * DAY,
  [keys.outboxPartition.family]: DAY,
  [keys.outboxDead.family]: 30 * DAY,
  [keys.handoff.family]: DAY,
  [keys.updateSeen.family]: 2 * DAY,
  [keys.telegramReason.family]: 30 * DAY,
  [keys.clockReading.family]: HOUR,
};

/** When a record ends: as its value says, else at the latest that its kind may; null when it stays. */
export function expiryOf(
  entry: Pick<BackupEntry, "key" | "value">,
  now: number,
): number | null {
  const { expiresAt, endsAt } = Object(entry.value) as { expiresAt?: unknown; endsAt?: unknown };
  const said = expiresAt ?? endsAt;
  if (typeof said === "number") return said;
  const life = LIVES[familyOf(entry)];
  return life === undefined ? null : now + life;
}

/**
 * The records of a store over the network, as they come: one moment only when nothing is written
 * meanwhile.
 */
export function readRemote(kv: Deno.Kv, now: number): EntrySource {
  return {
    total: null,
    entries: entriesOf(kv, now),
    async [Symbol.asyncDispose]() {},
  };
}

async function* entriesOf(kv: Deno.Kv, now: number): AsyncGenerator<BackupEntry> {
  for await (const { key, value } of kv.list({ prefix: [] }, { batchSize: 500 })) {
    yield { key, value, expiresAt: expiryOf({ key, value }, now) };
  }
}
