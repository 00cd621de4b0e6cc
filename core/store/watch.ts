import { assertInPlace } from "./file.ts";

/** How often the folder is looked at (ms). */
const EVERY = 1_000;

/**
 * Looks every second whether the store is still the file that its folder shows, and ends the process
 * with code 1 when it is not: what it would go on to say comes from a store that is lost with it. The
 * supervisor starts it again, and `HABILITA_STORE_ID` keeps it from starting with an empty one.
 *
 * Keeps no process alive. A store over the network or in memory has no folder.
 *
 * @param onGone instead of ending the process
 * @returns ends the watch
 *
 * @example const kv = await openStore(settings); watchStore(kv);
 */
export function watchStore(
  kv: Deno.Kv,
  onGone: (error: unknown) => void = endProcess,
): () => void {
  const timer = setInterval(() => {
    try {
      assertInPlace(kv);
    } catch (error) {
      clearInterval(timer);
      onGone(error);
    }
  }, EVERY);
  Deno.unrefTimer(timer);
  return () => clearInterval(timer);
}

function endProcess(error: unknown): never {
  console.error(error instanceof Error ? error.message : String(error));
  Deno.exit(1);
}
