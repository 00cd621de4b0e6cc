/** The process that `deno task start:mtls` runs: `main.ts BUILD CERT KEY`, all of them paths. */
import { toFileUrl } from "@std/path";
import { ConfigError } from "@/core/config.ts";
import { serveMtls } from "./serve.ts";

const [build, cert, key] = Deno.args as [string, string, string];
const port = Number(Deno.env.get("PORT") || 8443);
try {
  const { default: app } = await import(toFileUrl(build).href);
  const server = await serveMtls(app.fetch, {
    cert: await Deno.readTextFile(cert),
    key: await Deno.readTextFile(key),
    port,
  });
  console.log(`Habilita com certificado do navegador: https://localhost:${server.port}/`);
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  // The message says what to do; a stack would hide it.
  console.error(error.message);
  Deno.exit(1);
}
