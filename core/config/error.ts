/** A setting is missing or wrong; the message (Portuguese, one line) names it and says what to do. */
export class ConfigError extends Error {
  override name = "ConfigError";
}

/**
 * Runs the start of a program. A `ConfigError` ends the process with its message on the error output
 * and code 1, without a stack that would hide it; any other error is thrown on.
 *
 * @example const settings = await orExit(() => readSettings("start"));
 */
export async function orExit<T>(start: () => T | Promise<T>): Promise<T> {
  try {
    return await start();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    console.error(error.message);
    Deno.exit(1);
  }
}
