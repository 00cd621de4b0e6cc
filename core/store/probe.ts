import { randomToken } from "../ids.ts";
import { delay } from "./delay.ts";
import { keys } from "./keys.ts";
import { read } from "./read.ts";

/** Whether the store takes changes; the reason is in Portuguese, for the operator of the portal. */
export type Probe = { ok: true } | { ok: false; reason: string };

/** A store that takes longer (ms) is as good as none. */
const LIMIT = 1_000;

/** What earlier probes still wait for: a store that hangs is not asked again and again. */
const hanging = new WeakMap<Deno.Kv, Promise<Probe>>();

/**
 * Writes a value and reads it back, within a second.
 *
 * @example const { ok } = await probe(deps);
 */
export async function probe({ kv }: { readonly kv: Deno.Kv }): Promise<Probe> {
  const asked = hanging.get(kv) ?? ask(kv).finally(() => hanging.delete(kv));
  hanging.set(kv, asked);
  const timer = new AbortController();
  const late = delay(LIMIT, timer.signal)
    .then((): Probe => ({ ok: false, reason: "o banco não respondeu em 1 segundo" }));
  try {
    return await Promise.race([asked, late]);
  } finally {
    late.catch(() => {});
    timer.abort();
  }
}

async function ask(kv: Deno.Kv): Promise<Probe> {
  const token = randomToken();
  try {
    await kv.set(keys.probe(), token);
    const written = await read(kv, keys.probe());
    // Another process may have written after this one.
    return written ? { ok: true } : { ok: false, reason: "o que foi gravado não está no banco" };
  } catch (error) {
    return { ok: false, reason: describe(error) };
  }
}

function describe(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  if (/is full|No space/i.test(message)) return "o disco está cheio";
  if (/locked|busy/i.test(message)) return "o banco está bloqueado por outro programa";
  return "o banco não aceita gravações";
}
