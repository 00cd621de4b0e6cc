import { type AuditRecord, chainHash } from "./append.ts";
import { keys } from "./keys.ts";

/**
 * Walks a stream from its first record.
 * @returns how many records hold, and the sequence of the first that does not (or null)
 */
export async function verifyStream(
  kv: Deno.Kv,
  stream: string,
): Promise<{ records: number; brokenAt: number | null }> {
  let previous = "";
  let sequence = 0;
  for await (const entry of kv.list<AuditRecord>({ prefix: keys.auditStream(stream) })) {
    const record = entry.value;
    const expected = sequence + 1;
    const { hash, ...body } = record;
    const whole = entry.key[2] === expected && record.previous === previous &&
      await chainHash(stream, expected, body) === hash;
    if (!whole) return { records: sequence, brokenAt: expected };
    previous = hash;
    sequence = expected;
  }
  const head = await kv.get<{ sequence: number; hash: string }>(keys.auditHead(stream));
  const cut = (head.value?.sequence ?? 0) !== sequence || (head.value?.hash ?? "") !== previous;
  return { records: sequence, brokenAt: cut ? sequence + 1 : null };
}
