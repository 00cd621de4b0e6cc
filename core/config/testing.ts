import { type Config, readSettings, toConfig } from "./mod.ts";

/**
 * The configuration of the portal in an environment.
 * @throws {ConfigError} naming the variable, when one is missing, wrong or unknown
 */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  return toConfig(readSettings("start", env));
}
