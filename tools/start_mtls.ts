/**
 * `deno task start:mtls`: serves the production build of `_fresh/` over HTTPS and asks browsers for
 * their certificate. For one's own machine, without a proxy; `TLS_CERT` and `TLS_KEY` name the PEM
 * files of the server's own certificate (with its chain) and key.
 */
import { ConfigError, orExit, readSettings } from "../core/config/mod.ts";
import { serveMtls } from "./mtls/serve.ts";
import { loadBuild, stopWhenTold } from "./production.ts";

async function readFile(setting: string, path: string): Promise<string> {
  try {
    return await Deno.readTextFile(path);
  } catch (cause) {
    const missing = cause instanceof Deno.errors.NotFound;
    const reason = missing ? "não existe" : "não pode ser lido";
    throw new ConfigError(`O arquivo de ${setting} ${reason}: ${path}`, { cause });
  }
}

const server = await orExit(async () => {
  const { PORT, TLS_CERT, TLS_KEY } = readSettings("start:mtls");
  const [cert, key] = [await readFile("TLS_CERT", TLS_CERT), await readFile("TLS_KEY", TLS_KEY)];
  return await serveMtls(await loadBuild(), { cert, key, port: PORT });
});
console.log(`Habilita com certificado do navegador: https://localhost:${server.port}/`);
stopWhenTold(async () => await server[Symbol.asyncDispose]());
