import { keys } from "../store/keys.ts";
import { list, read } from "../store/read.ts";
import { chainHash } from "./append.ts";

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
  for await (const { rest: [at], value: record } of list(kv, keys.audit.under(stream))) {
    const expected = sequence + 1;
    const { hash, ...body } = record;
    const whole = at === expected && record.previous === previous &&
      await chainHash(stream, expected, body) === hash;
    if (!whole) return { records: sequence, brokenAt: expected };
    previous = hash;
    sequence = expected;
  }
  const head = await read(kv, keys.auditHead(stream));
  const cut = (head?.sequence ?? 0) !== sequence || (head?.hash ?? "") !== previous;
  return { records: sequence, brokenAt: cut ? sequence + 1 : null };
}
