import { ConfigError } from "../../config/mod.ts";
import { keys } from "../keys.ts";
import { read } from "../read.ts";

/**
 * Looks whether a restore of the store has been left in the middle. One round trip.
 *
 * @throws {ConfigError} which says with what file to end it
 */
export async function checkRestored(kv: Deno.Kv): Promise<void> {
  const restoring = await read(kv, keys.restoring());
  if (!restoring) return;
  throw new ConfigError(
    `A restauração deste banco não terminou: rode de novo \`deno task restore ${restoring.file}\`, ` +
      "que continua, ou `deno task restore --discard`, que esvazia o banco.",
  );
}
