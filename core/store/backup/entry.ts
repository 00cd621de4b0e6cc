import { Deserializer, Serializer } from "node:v8";

/** A record as a backup keeps it. */
export interface BackupEntry {
  key: Deno.KvKey;
  value: unknown;
  /** Milliseconds since the epoch; null when it is kept until it is deleted. */
  expiresAt: number | null;
}

/** Records of a chunk; more of the largest that the store takes would not fit into one. */
export const MOST_ENTRIES = 200;

/** As it stands in the file: 0 instead of null, and a fourth part for a value of the store's own. */
type Stored = [key: Deno.KvKey, value: unknown, expiresAt: number, kind?: "u64"];

/**
 * Any value that the store can hold, in V8's serialization: what the store itself uses, of which
 * newer versions of V8 read what older ones wrote. Not `serialize` of `node:v8`: what that reads back
 * of a `Uint8Array` is a view of the whole file, too large for the store.
 */
export function serialize(value: unknown): Uint8Array {
  const serializer = new Serializer();
  serializer.writeHeader();
  serializer.writeValue(value);
  return serializer.releaseBuffer();
}

/** The way back of `serialize`. */
export function deserialize(bytes: Uint8Array): unknown {
  const deserializer = new Deserializer(bytes);
  deserializer.readHeader();
  return deserializer.readValue();
}

export function encodeEntries(entries: readonly BackupEntry[]): Uint8Array {
  return serialize(
    entries.map(({ key, value, expiresAt }): Stored =>
      value instanceof Deno.KvU64
        ? [key, value.value, expiresAt ?? 0, "u64"]
        : [key, value, expiresAt ?? 0]
    ),
  );
}

export function decodeEntries(content: Uint8Array): BackupEntry[] {
  return (deserialize(content) as Stored[]).map(([key, value, expiresAt, kind]) => ({
    key,
    value: kind === "u64" ? new Deno.KvU64(value as bigint) : value,
    expiresAt: expiresAt || null,
  }));
}

/** What kind of record it is: the first part of its key, as `keys.ts` has it. */
export function familyOf({ key }: Pick<BackupEntry, "key">): string {
  return String(key[0]);
}
