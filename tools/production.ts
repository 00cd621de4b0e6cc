import { ConfigError } from "../core/config/mod.ts";

/**
 * The production build, which opens the store and starts the crons when it is loaded.
 * @throws {ConfigError} when there is none
 */
export async function loadBuild(): Promise<Deno.ServeHandler> {
  const build = new URL("../_fresh/server.js", import.meta.url);
  if (!await Deno.stat(build).catch(() => null)) {
    throw new ConfigError("Falta a versão de produção: rode antes `deno task build`.");
  }
  return (await import(build.href)).default.fetch;
}

/** Why a server cannot listen, in words for who runs it. */
export function portError(port: number, cause: unknown): ConfigError {
  const taken = cause instanceof Deno.errors.AddrInUse ||
    (cause as { code?: string }).code === "EADDRINUSE";
  const reason = taken ? "já está em uso" : "não pode ser aberta";
  return new ConfigError(`PORT não serve: a porta ${port} ${reason}.`, { cause });
}

/** What the portal has begun it may finish within this time (ms); its crons would run on. */
const GRACE = 3_000;

/** When the process is told to stop, takes no more requests, and ends it after the grace. */
export function stopWhenTold(shutdown: () => Promise<void>): void {
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    Deno.addSignalListener(signal, () => {
      setTimeout(() => Deno.exit(0), GRACE);
      shutdown();
    });
  }
}
