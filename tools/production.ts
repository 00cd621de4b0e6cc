import { ConfigError } from "../core/config/mod.ts";

/** The portal, ready to be served. */
export interface Build {
  handler: Deno.ServeHandler;
  /** Ends the portal: see `stop` of `main.ts`. */
  stop(shutdown: () => Promise<void>): Promise<void>;
}

/**
 * The production build, which opens the store and starts the crons when it is loaded.
 * @throws {ConfigError} when there is none
 */
export async function loadBuild(): Promise<Build> {
  const build = new URL("../_fresh/server.js", import.meta.url);
  if (!await Deno.stat(build).catch(() => null)) {
    throw new ConfigError("Falta a versão de produção: rode antes `deno task build`.");
  }
  const handler = (await import(build.href)).default.fetch;
  // The build has loaded it: this is the same one.
  const { stop } = await import("../main.ts");
  return { handler, stop };
}

/** Why a server cannot listen, in words for who runs it. */
export function listenError(
  { port, hostname }: { port: number; hostname?: string },
  cause: unknown,
): ConfigError {
  const { code } = cause as { code?: string };
  if (cause instanceof Deno.errors.AddrNotAvailable || code === "EADDRNOTAVAIL") {
    return new ConfigError(
      `HABILITA_LISTEN não serve: esta máquina não tem o endereço ${hostname}.`,
      { cause },
    );
  }
  const taken = cause instanceof Deno.errors.AddrInUse ||
    code === "EADDRINUSE";
  const reason = taken ? "já está em uso" : "não pode ser aberta";
  return new ConfigError(`PORT não serve: a porta ${port} ${reason}.`, { cause });
}
