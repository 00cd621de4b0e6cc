import { fromFileUrl, join, resolve } from "@std/path";

export const root = fromFileUrl(new URL("..", import.meta.url));

/** Settings the server may read; it sees no other environment variable. */
const SETTINGS = [
  "DENO_DEPLOYMENT_ID",
  "GOVBR_CLIENT_ID",
  "GOVBR_CLIENT_SECRET",
  "GOVBR_ISSUER",
  "HABILITA_CERTIFICATE_ORIGIN",
  "HABILITA_CLIENT_CERT_HEADER",
  "HABILITA_CNS_TOKEN",
  "HABILITA_CNS_URL",
  "HABILITA_CRL_HOSTS",
  "HABILITA_DATA",
  "HABILITA_GOVBR_LEVEL",
  "HABILITA_ORIGIN",
  "HABILITA_PASSWORD_POLICY",
  "HABILITA_PROXY_SECRET",
  "HABILITA_SECRET",
  "HABILITA_STALE_CRL_HOURS",
  "HABILITA_SYSTEMS",
  "HABILITA_TRUSTED_PROXIES",
  "MAIL_FROM",
  "SMTP_URL",
  "TELEGRAM_API_ROOT",
  "TELEGRAM_BOT_TOKEN",
  "TELEGRAM_BOT_USERNAME",
  "TELEGRAM_WEBHOOK_SECRET",
];

/** Says what is missing and ends the process. */
export function fail(message: string): never {
  console.error(message);
  Deno.exit(1);
}

/** The module of the production build; ends the process when there is none. */
export async function findBuild(): Promise<string> {
  const server = join(root, "_fresh", "server.js");
  try {
    await Deno.stat(server);
  } catch {
    fail("Falta a versão de produção: rode antes `deno task build`.");
  }
  return server;
}

/**
 * Runs a server in a process with no more permissions than it needs: network, its own files, the
 * store's folder, its settings, and the native argon2. Ends with it, and stops it when told to stop.
 *
 * @param command `serve` or `run`, with options of its own
 * @param script the module and its arguments
 * @param more what else it may see: environment variables, and files to read
 */
export async function runServer(
  command: readonly string[],
  script: readonly string[],
  more: { env: readonly string[]; read: readonly string[] } = { env: [], read: [] },
): Promise<never> {
  const data = resolve(Deno.env.get("HABILITA_DATA") || ".data");
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      ...command,
      "--no-prompt",
      "--unstable-kv",
      "--unstable-cron",
      `--config=${join(root, "deno.json")}`,
      "--allow-net",
      // argon2's loader looks at ldd to tell which C library the machine has.
      `--allow-read=${[root, data, "/usr/bin/ldd", ...more.read].join(",")}`,
      `--allow-write=${data}`,
      `--allow-env=${[...SETTINGS, ...more.env].join(",")}`,
      // Libraries ask for settings of their own: they find none instead of failing.
      "--ignore-env",
      "--allow-ffi",
      "--allow-sys=hostname",
      ...script,
    ],
  }).spawn();
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    Deno.addSignalListener(signal, () => {
      child.kill(signal);
      setTimeout(() => child.kill("SIGKILL"), GRACE_MS);
    });
  }
  const { code, signal } = await child.status;
  Deno.exit(signal === "SIGKILL" ? 0 : code);
}

/**
 * Whoever stops this process means the server. It answers what it has begun; its cron would keep it
 * running after that, so it is ended when the time for that is over.
 */
const GRACE_MS = 3_000;
