/**
 * `deno task start:mtls`: serves the production build of `_fresh/` over HTTPS and asks browsers for
 * their certificate. For one's own machine, without a proxy; `TLS_CERT` and `TLS_KEY` name the PEM
 * files of the server's own certificate (with its chain) and key.
 */
import { join } from "@std/path";
import { fail, findBuild, root, runServer } from "./production.ts";

const HELP =
  "TLS_CERT é o arquivo PEM do certificado do servidor, com a cadeia; TLS_KEY, o da chave.";

/** The file that a setting names. It is only looked at: the server reads it itself. */
async function fileOf(setting: string): Promise<string> {
  const path = Deno.env.get(setting);
  if (!path) fail(`Falta a variável ${setting}.\n${HELP}`);
  const file = await Deno.stat(path).catch(() => null);
  if (!file?.isFile) fail(`O arquivo de ${setting} não existe: ${path}\n${HELP}`);
  return await Deno.realPath(path);
}

const files = [await fileOf("TLS_CERT"), await fileOf("TLS_KEY")];
const build = await findBuild();
const server = join(root, "tools", "mtls", "main.ts");
await runServer(["run"], [server, build, ...files], { env: ["PORT"], read: files });
