import type { Deps } from "../deps.ts";
import { keys } from "../store/keys.ts";
import type { ClockReading } from "../store/records/health.ts";
import { transact } from "../store/transact.ts";

/** For the whole answer (ms). */
const LIMIT = 5_000;
/** A machine that is not compared again in this time (ms) is no part of the portal any more. */
export const READING_KEPT = 20 * 60_000;

/**
 * Compares this machine's clock with that of a server the portal talks to anyway, by the `Date` header
 * of an answer (RFC 9110, 6.6.1): the Bot API's, else gov.br's. A mail server sends no date. Nothing
 * secret is sent: the address asked is the server's root.
 *
 * @returns null when no such server is configured, or it did not answer with a date
 */
export async function readClock(
  { config, now }: Pick<Deps, "config" | "now">,
): Promise<ClockReading | null> {
  const [source, address] = config.telegram
    ? ["telegram" as const, config.telegram.apiRoot]
    : ["govbr" as const, config.govbr?.issuer];
  if (!address) return null;
  const begin = now();
  const started = performance.now();
  const response = await fetch(new URL("/", address), {
    method: "HEAD",
    redirect: "manual",
    signal: AbortSignal.timeout(LIMIT),
  }).catch(() => null);
  if (!response) return null;
  await response.body?.cancel();
  const took = performance.now() - started;
  const date = Date.parse(response.headers.get("date") ?? "");
  // What a cache has kept says when it was made.
  if (Number.isNaN(date) || response.headers.has("age")) return null;
  // The header leaves off the part of the second, half a second on average.
  return { at: begin, aheadMs: Math.round(begin + took / 2 - (date + 500)), source };
}

/** Compares the clock and writes down the difference under the machine's name. */
export async function noteClock(deps: Deps, machine = hostname()): Promise<void> {
  const reading = await readClock(deps);
  if (!reading) return;
  await transact(
    deps.kv,
    (tx) => tx.set(keys.clockReading(machine), reading, { expireIn: READING_KEPT }),
  );
}

function hostname(): string {
  try {
    return Deno.hostname();
  } catch {
    return "";
  }
}
