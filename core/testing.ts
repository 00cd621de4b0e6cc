import { type Config, DEFAULT_CRL, DEFAULT_SYSTEMS, DEFAULT_TIMES } from "./config/mod.ts";
import type { Deps } from "./deps.ts";

/** A portal for tests on a real in-memory store, with a clock that moves only when told to. */
export interface TestDeps extends Deps, Disposable {
  /** Moves the clock forward by `ms`. */
  advance(ms: number): void;
}

export const testConfig: Config = {
  origin: "http://localhost:8000",
  secret: "test-secret-of-at-least-32-characters",
  passwordPolicy: "ans",
  anchors: [],
  // Most tests are about other things and have no lists.
  crl: { ...DEFAULT_CRL, revocation: "off" },
  mail: null,
  telegram: null,
  govbr: null,
  cns: null,
  proxy: null,
  requests: DEFAULT_TIMES,
  systems: DEFAULT_SYSTEMS,
};

export async function testDeps(
  config: Partial<Config> = {},
  start = Date.UTC(2026, 10, 3, 12),
): Promise<TestDeps> {
  const kv = await Deno.openKv(":memory:");
  let time = start;
  return {
    kv,
    config: { ...testConfig, ...config },
    now: () => time,
    advance: (ms) => void (time += ms),
    [Symbol.dispose]: () => kv.close(),
  };
}
