/**
 * `deno task start:mtls`: serves the production build of `_fresh/` over HTTPS and asks browsers for
 * their certificate. For one's own machine, without a proxy; `TLS_CERT` and `TLS_KEY` name the PEM
 * files of the server's own certificate (with its chain) and key.
 */
import { ConfigError, orExit, readSettings } from "../core/config/mod.ts";
import { drainable } from "./drain.ts";
import { serveMtls } from "./mtls/serve.ts";
import { loadBuild } from "./production.ts";
import { untilStopped } from "./stop.ts";

async function readFile(setting: string, path: string): Promise<string> {
  try {
    return await Deno.readTextFile(path);
  } catch (cause) {
    const missing = cause instanceof Deno.errors.NotFound;
    const reason = missing ? "não existe" : "não pode ser lido";
    throw new ConfigError(`O arquivo de ${setting} ${reason}: ${path}`, { cause });
  }
}

const { server, drain, stop, seconds } = await orExit(async () => {
  const settings = readSettings("start:mtls");
  const { TLS_CERT, TLS_KEY, HABILITA_STOP_SECONDS: seconds } = settings;
  const address = { port: settings.PORT, hostname: settings.HABILITA_LISTEN };
  const [cert, key] = [await readFile("TLS_CERT", TLS_CERT), await readFile("TLS_KEY", TLS_KEY)];
  const { handler: portal, stop } = await loadBuild();
  const { handler, drain } = drainable(portal);
  return { server: await serveMtls(handler, { cert, key, ...address }), drain, stop, seconds };
});
console.log(`Habilita com certificado do navegador: https://localhost:${server.port}/`);
const shutdown = async () => {
  await drain();
  await server.shutdown();
};
await untilStopped(() => stop(shutdown), seconds);
Deno.exit(0);
