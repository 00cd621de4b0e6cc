import { randomToken } from "../ids.ts";
import { delay } from "./delay.ts";
import { keys } from "./keys.ts";
import { read } from "./read.ts";

/** Whether the store can be used; `text` (Portuguese, one line) is for whoever runs the portal. */
export type ProbeResult = { ok: true } | { ok: false; reason: ProbeFailure; text: string };

export type ProbeFailure = "gone" | "another" | "full" | "slow" | "failing";

/** A record is written and read within this time (ms). */
const PATIENCE = 1_000;

/** Each process has a record of its own: two that probe at once do not read each other's. */
const process = randomToken(6);
/** What earlier probes still wait for: a store that hangs is not asked again and again. */
const underWay = new WeakMap<Deno.Kv, Promise<ProbeResult>>();

/**
 * Writes a record into the store and reads it back within a second.
 *
 * @example const result = await probe(deps); // { ok: false, reason: "full", text: "O disco …" }
 */
export async function probe({ kv }: { readonly kv: Deno.Kv }): Promise<ProbeResult> {
  const asked = underWay.get(kv) ?? ask(kv).finally(() => underWay.delete(kv));
  underWay.set(kv, asked);
  const timer = new AbortController();
  const late = delay(PATIENCE, timer.signal).then((): ProbeResult => ({
    ok: false,
    reason: "slow",
    text: "O banco não respondeu em um segundo: outro processo o ocupa, ou a rede falha.",
  }));
  try {
    return await Promise.race([asked, late]);
  } finally {
    late.catch(() => {});
    timer.abort();
  }
}

async function ask(kv: Deno.Kv): Promise<ProbeResult> {
  const key = keys.storeProbe(process);
  const token = randomToken();
  try {
    await kv.set(key, { token, at: Date.now() });
    if ((await read(kv, key))?.token === token) return { ok: true };
    return { ok: false, reason: "failing", text: "O banco não devolve o que foi gravado nele." };
  } catch (error) {
    const why = (error instanceof Error ? error.message : String(error)).split("\n", 1)[0];
    return {
      ok: false,
      reason: /full/i.test(why!) ? "full" : "failing",
      text: `O banco não aceita gravações (${why}).`,
    };
  }
}
