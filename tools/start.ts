/**
 * `deno task start`: serves the production build of `_fresh/` with no more permissions than it
 * needs: network, its own files, the store's folder, its settings, and the native argon2.
 */
import { fromFileUrl, join, resolve } from "@std/path";

const root = fromFileUrl(new URL("..", import.meta.url));
const server = join(root, "_fresh", "server.js");
const data = resolve(Deno.env.get("HABILITA_DATA") || ".data");

/** Settings the server may read; it sees no other environment variable. */
const SETTINGS = [
  "DENO_DEPLOYMENT_ID",
  "HABILITA_DATA",
  "HABILITA_ORIGIN",
  "HABILITA_PASSWORD_POLICY",
  "HABILITA_SECRET",
  "MAIL_FROM",
  "SMTP_URL",
  "TELEGRAM_API_ROOT",
  "TELEGRAM_BOT_TOKEN",
  "TELEGRAM_BOT_USERNAME",
  "TELEGRAM_WEBHOOK_SECRET",
];

function fail(message: string): never {
  console.error(message);
  Deno.exit(1);
}

try {
  await Deno.stat(server);
} catch {
  fail("Falta a versão de produção: rode antes `deno task build`.");
}

const child = new Deno.Command(Deno.execPath(), {
  args: [
    "serve",
    "--no-prompt",
    "--unstable-kv",
    "--unstable-cron",
    `--config=${join(root, "deno.json")}`,
    `--port=${Deno.env.get("PORT") || "8000"}`,
    "--allow-net",
    // argon2's loader looks at ldd to tell which C library the machine has.
    `--allow-read=${root},${data},/usr/bin/ldd`,
    `--allow-write=${data}`,
    `--allow-env=${SETTINGS.join(",")}`,
    // Libraries ask for settings of their own: they find none instead of failing.
    "--ignore-env",
    "--allow-ffi",
    "--allow-sys=hostname",
    server,
  ],
}).spawn();

// Whoever stops this process means the server. It answers what it has begun; its cron would keep it
// running after that, so it is ended when the time for that is over.
const GRACE_MS = 3_000;
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  Deno.addSignalListener(signal, () => {
    child.kill(signal);
    setTimeout(() => child.kill("SIGKILL"), GRACE_MS);
  });
}
const { code, signal } = await child.status;
Deno.exit(signal === "SIGKILL" ? 0 : code);
