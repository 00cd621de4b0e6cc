import type { Config } from "./config/mod.ts";

/**
 * What every core function needs: the store, the clock and the configuration. Tests pass their own
 * clock (milliseconds since the epoch) so that time stands still where it matters.
 */
export interface Deps {
  readonly kv: Deno.Kv;
  readonly config: Config;
  now(): number;
}
