import { join } from "@std/path";
import { freePort, root } from "../support/portal.ts";
import { hasProgram } from "./openssl.ts";
import { type Doors, PROXY_SECRET } from "./world.ts";

export const PROXIES = ["nginx", "caddy", "haproxy"] as const;
export type ProxyName = typeof PROXIES[number];

/** Name at which nobody is asked for a certificate; at `localhost` everybody is. */
export const PLAIN_HOST = "portal.localhost";

export interface RunningProxy extends AsyncDisposable {
  port: number;
}

const FOLDER = /\/etc\/habilita\//g;
/** Where certificates are asked for, and where not. */
const NAMES: [RegExp, string][] = [
  [/certificado\.portal\.example\.br/g, "localhost"],
  [/portal\.example\.br/g, PLAIN_HOST],
];

interface Setup {
  /** Of the file in docs/proxy. */
  file: string;
  /** Names and port of the file, and what they become. */
  names(port: number): [RegExp, string][];
  /** What the program needs around the file when it runs apart from the system's own. */
  wrap(config: string, folder: string): string;
  args(config: string, folder: string): string[];
}

const SETUPS: Record<ProxyName, Setup> = {
  nginx: {
    file: "nginx.conf",
    names: (port) => [...NAMES, [/listen 443/g, `listen 127.0.0.1:${port}`]],
    wrap(config, folder) {
      const paths = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .map((kind) => `${kind}_temp_path ${folder}/${kind};`);
      return `${Deno.uid() === 0 ? "user root;" : ""} daemon off; pid ${folder}/pid;
        error_log stderr crit; events {} http { access_log off; ${paths.join(" ")}
        ${config} }`;
    },
    args: (config, folder) => ["-p", folder, "-e", "stderr", "-c", config],
  },
  caddy: {
    file: "Caddyfile",
    names: (port) => NAMES.map(([pattern, name]) => [pattern, `${name}:${port}`]),
    // Into the block of options that the file begins with: there may be only one.
    wrap: (config) =>
      replaceExamples(config, [[
        /^\{$/gm,
        "{\n\tadmin off\n\tauto_https disable_redirects\n\tlog {\n\t\tlevel ERROR\n\t}",
      ]]),
    args: (config) => ["run", "--adapter", "caddyfile", "--config", config],
  },
  haproxy: {
    file: "haproxy.cfg",
    names: (port) => [[/bind :443/g, `bind 127.0.0.1:${port}`]],
    wrap: (config) => config,
    args: (config) => ["-db", "-f", config],
  },
};

export function hasProxy(name: ProxyName): boolean {
  return hasProgram(name);
}

/**
 * Runs a proxy with the configuration of docs/proxy, whose example values are replaced.
 *
 * @param upstream port of the portal on 127.0.0.1
 */
export async function startProxy(
  name: ProxyName,
  doors: Doors,
  upstream: number,
): Promise<RunningProxy> {
  const folder = await Deno.makeTempDir({ prefix: `habilita-${name}-` });
  const port = freePort();
  const { args, file, names, wrap } = SETUPS[name];
  const config = join(folder, file);
  const text = replaceExamples(await readExample(file), [
    [/127\.0\.0\.1:8000/g, `127.0.0.1:${upstream}`],
    [/TROQUE-ESTE-SEGREDO-DE-32-CARACTERES/g, PROXY_SECRET],
    [FOLDER, `${folder}/`],
    ...names(port),
  ]);
  await Deno.writeTextFile(config, wrap(text, folder));
  const list = "haproxy-crt-list.txt";
  const listed = replaceExamples(await readExample(list), [[FOLDER, `${folder}/`], ...NAMES]);
  await Deno.writeTextFile(join(folder, list), listed);
  const { cert, key } = doors.server;
  await Deno.writeTextFile(join(folder, "portal.crt"), cert);
  await Deno.writeTextFile(join(folder, "portal.key"), key);
  await Deno.writeTextFile(join(folder, "portal.pem"), cert + key);
  await Deno.writeTextFile(join(folder, "icp-brasil.pem"), doors.root);

  const child = new Deno.Command(name, {
    args: args(config, folder),
    env: {
      PATH: `${Deno.env.get("PATH")}:/usr/sbin`,
      XDG_CONFIG_HOME: folder,
      XDG_DATA_HOME: folder,
    },
    stdout: "null",
    stderr: "piped",
  }).spawn();
  const output = child.output();
  const ended = output.then(({ stderr }) => {
    throw new Error(`${name} ended: ${new TextDecoder().decode(stderr)}`);
  });
  await Promise.race([untilListens(port), ended]);
  ended.catch(() => {});
  return {
    port,
    async [Symbol.asyncDispose]() {
      child.kill("SIGTERM");
      await output;
      await Deno.remove(folder, { recursive: true });
    },
  };
}

/** Every example value must be there: a test of a file that says something else is worth nothing. */
function replaceExamples(text: string, values: readonly [RegExp, string][]): string {
  return values.reduce((result, [pattern, value]) => {
    if (!pattern.test(result)) throw new Error(`${pattern} is not in the file`);
    return result.replaceAll(pattern, value);
  }, text);
}

function readExample(file: string): Promise<string> {
  return Deno.readTextFile(join(root, "docs", "proxy", file));
}

async function untilListens(port: number): Promise<void> {
  for (let i = 0; i < 300; i++) {
    try {
      (await Deno.connect({ port, hostname: "127.0.0.1" })).close();
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
  throw new Error(`nothing listens on ${port}`);
}
