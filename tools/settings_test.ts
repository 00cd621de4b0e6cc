import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { settingNames, SETTINGS, type Task } from "../core/config/mod.ts";
import { root } from "../tests/support/portal.ts";
import { renderSettingsPage } from "./settings_table.ts";
import { type Outcome, runTask } from "./task_testing.ts";

const { permissions, tasks } = JSON.parse(await Deno.readTextFile(`${root}/deno.json`));

const FULL: Record<string, string> = {
  DENO_DEPLOYMENT_ID: "d",
  DENO_KV_ACCESS_TOKEN: "t",
  GOVBR_CLIENT_ID: "portal",
  GOVBR_CLIENT_SECRET: "never-shown",
  GOVBR_ISSUER: "https://sso.acesso.gov.br",
  HABILITA_ALERT_TO: "operacao@example.br, telegram:123456789",
  HABILITA_BACKUP_DIR: "/tmp/backups",
  HABILITA_BACKUP_KEY: crypto.randomUUID(),
  HABILITA_CERTIFICATE_ORIGIN: "https://certificado.portal.example.br",
  HABILITA_CLIENT_CERT_HEADER: "rfc9440",
  HABILITA_CNS_TOKEN: "never-shown",
  HABILITA_CNS_URL: "https://cns.example.br/",
  HABILITA_CRL_HOSTS: "acexemplo.com.br",
  HABILITA_DATA: "/tmp/dados",
  HABILITA_ESCALATE_HOURS: "48",
  HABILITA_EXPIRE_HOURS: "96",
  HABILITA_GOVBR_LEVEL: "gold",
  HABILITA_KV: "https://kv.example.br",
  HABILITA_LISTEN: "0.0.0.0",
  HABILITA_ORIGIN: "https://portal.example.br",
  HABILITA_PASSWORD_POLICY: "nist",
  HABILITA_PROXY_SECRET: crypto.randomUUID(),
  HABILITA_REMIND_HOURS: "12",
  HABILITA_SECRET: crypto.randomUUID(),
  HABILITA_SENHA: "never-shown",
  HABILITA_STALE_CRL_HOURS: "24",
  HABILITA_STOP_SECONDS: "30",
  HABILITA_STORE_ID: "01JQ3V5Z8K2M4N6P8R0T2W4Y6Z",
  HABILITA_SYSTEMS: '[{"id":"sib","name":"SIB","description":"Beneficiários"}]',
  HABILITA_TRUSTED_PROXIES: "127.0.0.1",
  MAIL_FROM: "Habilita <nao-responda@example.br>",
  OTEL_DENO: "false",
  OTEL_DENO_TRACING: "false",
  PORT: "8000",
  SMTP_URL: "smtps://never-shown:x@mail.example.br",
  TELEGRAM_API_ROOT: "http://127.0.0.1:8081/",
  TELEGRAM_BOT_TOKEN: "7000001:never-shown-never-shown-never-shown",
  TELEGRAM_BOT_USERNAME: "habilita_bot",
  TELEGRAM_WEBHOOK_SECRET: crypto.randomUUID(),
  TLS_CERT: "/tmp/a.crt",
  TLS_KEY: "/tmp/a.key",
};

Deno.test("each task sees every setting that it reads, under the flags of deno.json", async (t) => {
  assertEquals(Object.keys(FULL), [...settingNames].sort());
  const known = [...new Set(Object.values(SETTINGS).flatMap(({ tasks }): Task[] => [...tasks]))];
  for (const task of [...known, "config"]) {
    await t.step(task, async () => {
      const probe = tasks[task].replace("--watch ", "")
        .replace(/\S+\.ts$/, "tools/settings_testing.ts");
      const stranger = { HABILITA_ESTRANHA: "1", NADA: "1" };
      const { stderr, stdout } = await runTask({ ...FULL, ...stranger }, "--eval", probe);
      const seen = new Set(JSON.parse(stdout || `"${stderr}"`));
      const wanted = settingNames.filter((name) =>
        task === "config" || (SETTINGS[name].tasks as readonly string[]).includes(task)
      );
      assertEquals(wanted.filter((name) => !seen.has(name)), []);
      assert(seen.has("HABILITA_ESTRANHA"), "a name that does not exist has to be noticed");
      // VACUUM is for processes with all permissions only.
      if (!["dev", "store:compact"].includes(task)) assert(!seen.has("NADA"));
    });
  }
});

Deno.test("the named permissions list what has not the portal's prefix, and no more", () => {
  const namesOf = (tasks?: readonly Task[]) => [
    "HABILITA_*",
    ...settingNames.filter((name) =>
      !name.startsWith("HABILITA_") &&
      (!tasks || tasks.some((task) => (SETTINGS[name].tasks as readonly Task[]).includes(task)))
    ).sort(),
  ];
  // `deno task config` has the permissions of the portal, and shows all.
  assertEquals(permissions.portal.env.allow, namesOf());
  assertEquals(permissions.store.env.allow, namesOf(["import:cadop", "cert:check"]));
});

Deno.test("the table in docs/operation.md is that of `deno task docs:settings`", async () => {
  assertEquals(await Deno.readTextFile(`${root}/docs/operation.md`), await renderSettingsPage());
});

Deno.test("deno task config: where each comes from, secrets hidden, what is missing", async () => {
  const empty = await runTask({}, "config");
  assertEquals(empty.code, 0);
  assertMatch(empty.stdout, /^HABILITA_SECRET +ausente$/m);
  assertMatch(empty.stdout, /^HABILITA_DATA +padrão +\.data$/m);
  assertStringIncludes(empty.stderr, "Falta a variável HABILITA_SECRET");
  assertEquals((await runTask({}, "config", "--check")).code, 1);
  assertEquals((await runTask({}, "config", "import:cadop", "--check")).code, 0);

  const full = await runTask(FULL, "config", "--check");
  assertEquals([full.code, full.stderr], [0, ""]);
  for (const name of settingNames) assertMatch(full.stdout, new RegExp(`^${name} +ambiente`, "m"));
  const hidden = settingNames.filter((name) => "secret" in SETTINGS[name]);
  for (const name of hidden) assert(!full.stdout.includes(FULL[name]!) || FULL[name] === "t", name);
  assert(!full.stdout.includes("never-shown"));
  assertEquals((await runTask(FULL, "config", "--check", "start:mtls")).code, 0);
  assertEquals((await runTask({}, "config", "nada")).code, 2);
});

const GOOD = { HABILITA_ORIGIN: FULL.HABILITA_ORIGIN!, HABILITA_SECRET: FULL.HABILITA_SECRET! };
const MAIL = { SMTP_URL: FULL.SMTP_URL!, MAIL_FROM: FULL.MAIL_FROM! };
const PROXY = { HABILITA_CLIENT_CERT_HEADER: "nginx", HABILITA_TRUSTED_PROXIES: "127.0.0.1" };
const GOVBR = {
  GOVBR_ISSUER: FULL.GOVBR_ISSUER!,
  GOVBR_CLIENT_ID: FULL.GOVBR_CLIENT_ID!,
  GOVBR_CLIENT_SECRET: FULL.GOVBR_CLIENT_SECRET!,
};
const BOT = {
  TELEGRAM_BOT_TOKEN: FULL.TELEGRAM_BOT_TOKEN!,
  TELEGRAM_BOT_USERNAME: FULL.TELEGRAM_BOT_USERNAME!,
  TELEGRAM_WEBHOOK_SECRET: FULL.TELEGRAM_WEBHOOK_SECRET!,
};

/** A setting, a value that it may not have, and what makes the rest right. */
const WRONG: [name: string, value: string, others?: Record<string, string>][] = [
  ["HABILITA_ORIGIN", ""],
  ["HABILITA_ORIGIN", "portal.example.br"],
  ["HABILITA_ORIGIN", "https://portal.example.br/entrar"],
  ["HABILITA_ORIGIN", "ftp://localhost"],
  ["HABILITA_SECRET", ""],
  ["HABILITA_SECRET", "a".repeat(32)],
  ["HABILITA_SECRET", "curto"],
  ["HABILITA_SECRET", "abcdefgh".repeat(4)],
  ["HABILITA_SECRET", `${"1234567890".repeat(3)}xyz`],
  ["HABILITA_SECRET", `${FULL.HABILITA_SECRET},curto`],
  ["HABILITA_SECRET", `${FULL.HABILITA_SECRET},${"a".repeat(32)}`],
  ["HABILITA_SECRET", `${FULL.HABILITA_SECRET},`],
  ["HABILITA_SECRET", `${FULL.HABILITA_SECRET},${FULL.HABILITA_SECRET}`],
  ["PORT", "abc"],
  ["PORT", "70000"],
  ["HABILITA_LISTEN", "localhost"],
  ["HABILITA_LISTEN", "0.0.0.0"],
  ["HABILITA_STOP_SECONDS", "0"],
  ["HABILITA_STOP_SECONDS", "601"],
  ["HABILITA_KV", "nowhere", { DENO_KV_ACCESS_TOKEN: "t" }],
  ["HABILITA_STORE_ID", "01jq3v5z8k2m4n6p8r0t2w4y6z"],
  ["DENO_KV_ACCESS_TOKEN", " ", { HABILITA_KV: "https://kv.example.br" }],
  ["HABILITA_BACKUP_KEY", "curta"],
  ["HABILITA_BACKUP_KEY", "b4Kup-".repeat(6)],
  ["HABILITA_PASSWORD_POLICY", "fraca"],
  ["SMTP_URL", "mail.example.br:587", MAIL],
  ["SMTP_URL", "smtp://mail.example.br:587?ignoreTLS=true", MAIL],
  ["SMTP_URL", "smtps://mail.example.br?tls.rejectUnauthorized=false", MAIL],
  ["MAIL_FROM", "", MAIL],
  ["MAIL_FROM", "nao responda", MAIL],
  ["MAIL_FROM", "Habilita <nao-responda>", MAIL],
  ["TELEGRAM_BOT_TOKEN", "7000001:curto", BOT],
  ["TELEGRAM_BOT_USERNAME", "@habilita_bot", BOT],
  ["TELEGRAM_WEBHOOK_SECRET", "x", BOT],
  ["TELEGRAM_WEBHOOK_SECRET", "a".repeat(32), BOT],
  ["TELEGRAM_WEBHOOK_SECRET", "segredo-".repeat(3), BOT],
  ["TELEGRAM_WEBHOOK_SECRET", "com espaço e acentuação", BOT],
  ["TELEGRAM_API_ROOT", "telegram", BOT],
  ["GOVBR_ISSUER", "http://sso.acesso.gov.br", GOVBR],
  ["GOVBR_CLIENT_ID", " ", GOVBR],
  ["GOVBR_CLIENT_SECRET", "", GOVBR],
  ["HABILITA_GOVBR_LEVEL", "prata"],
  ["HABILITA_CNS_URL", "http://cns.example.br"],
  ["HABILITA_CNS_TOKEN", "", { HABILITA_CNS_URL: "https://cns.example.br" }],
  ["HABILITA_CLIENT_CERT_HEADER", "apache"],
  ["HABILITA_TRUSTED_PROXIES", "0.0.0.0/0"],
  ["HABILITA_PROXY_SECRET", "0".repeat(40)],
  ["HABILITA_CERTIFICATE_ORIGIN", "http://certificado.example.br", PROXY],
  ["HABILITA_CRL_HOSTS", "br"],
  ["HABILITA_STALE_CRL_HOURS", "721"],
  ["HABILITA_REMIND_HOURS", "0"],
  ["HABILITA_ESCALATE_HOURS", "1,5"],
  ["HABILITA_EXPIRE_HOURS", "72"],
  ["HABILITA_SYSTEMS", "[]"],
  ["HABILITA_REMIND_HOUR", "12"],
];

/** One line that names the variable, exit 1, no stack, nothing of a secret. */
function assertRefused({ code, stderr, stdout }: Outcome, name: string, value = ""): void {
  assertEquals(code, 1, stderr);
  assertEquals(stdout, "");
  assertEquals(stderr.trimEnd().split("\n").length, 1, stderr);
  assertStringIncludes(stderr, name);
  assert(!/\bat file:|Error|deno/.test(stderr), stderr);
  if (value.length > 20) assert(!stderr.includes(value), stderr);
}

Deno.test(`deno task start is refused by one line, ${WRONG.length} times`, async (t) => {
  const data = await Deno.makeTempDir();
  for (const [name, value, others] of WRONG) {
    await t.step(`${name}=${value}`, async () => {
      assertRefused(
        await runTask({ ...GOOD, ...others, HABILITA_DATA: data, [name]: value }, "start"),
        name,
        value,
      );
    });
  }
  await Deno.remove(data, { recursive: true });
});

Deno.test("a weak secret is refused with how to make a good one; made so, it is taken", async () => {
  const check = async (settings: Record<string, string>) =>
    await runTask({ ...GOOD, ...settings }, "config", "--check");
  const [weak, base64, hex] = [
    "abcd".repeat(12),
    "openssl rand -base64 32",
    "openssl rand -hex 32",
  ];
  for (
    const [name, how] of [
      ["HABILITA_SECRET", base64],
      ["HABILITA_BACKUP_KEY", base64],
      ["TELEGRAM_WEBHOOK_SECRET", hex],
    ] as const
  ) {
    const { code, stderr } = await check({ ...BOT, [name]: weak });
    assertEquals(code, 1);
    assertStringIncludes(stderr, `${name} repete poucos caracteres ou trechos`);
    assertStringIncludes(stderr, how);
  }
  const make = () => crypto.getRandomValues(new Uint8Array(32));
  const good = {
    HABILITA_SECRET: `${make().toBase64()}, ${make().toHex()} ,${make().toBase64()}`,
    HABILITA_BACKUP_KEY: make().toBase64(),
    ...BOT,
    TELEGRAM_WEBHOOK_SECRET: make().toHex(),
    ...MAIL,
    SMTP_URL: "smtp://correio.example.br:25?tls=opcional",
  };
  const { code, stderr } = await check(good);
  assertEquals([code, stderr], [0, ""]);
});

Deno.test("other tasks are refused in the same way", async (t) => {
  const data = await Deno.makeTempFile();
  const cases: [task: string[], settings: Record<string, string>, name: string][] = [
    [["outbox", "list"], { HABILITA_DATA: data }, "HABILITA_DATA"],
    [["outbox", "list"], { HABILITA_DATA: `${data}/a` }, "HABILITA_DATA"],
    [["trust:list"], { HABILITA_KV: "nowhere", DENO_KV_ACCESS_TOKEN: "t" }, "HABILITA_KV"],
    [["trust:list"], { HABILITA_KV: "https://kv.example.br" }, "DENO_KV_ACCESS_TOKEN"],
    [["handoff:keys", "list"], { HABILITA_DATAS: data }, "Seria HABILITA_DATA?"],
    [["bot"], GOOD, "TELEGRAM_BOT_TOKEN"],
    [["bot:webhook", "info"], { ...GOOD, ...BOT, HABILITA_SECRET: "" }, "HABILITA_SECRET"],
    [["start:mtls"], GOOD, "TLS_CERT"],
    [["start:mtls"], { ...GOOD, TLS_CERT: data, TLS_KEY: `${data}/a` }, "TLS_KEY"],
    [["start"], { ...GOOD, HABILITA_REMIND_HOUR: "12" }, "Seria HABILITA_REMIND_HOURS?"],
  ];
  for (const [task, settings, name] of cases) {
    await t.step(`${task[0]}: ${name}`, async () => {
      assertRefused(await runTask(settings, ...task), name);
    });
  }
  await Deno.remove(data);
});

Deno.test("a command on a store elsewhere brings its token", async () => {
  const asked = Promise.withResolvers<string | null>();
  await using server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, (request) => {
    asked.resolve(request.headers.get("authorization"));
    return new Response(null, { status: 403 });
  });
  const child = new Deno.Command(Deno.execPath(), {
    args: ["task", "-q", "trust:list"],
    cwd: root,
    env: {
      HABILITA_KV: `http://127.0.0.1:${server.addr.port}/`,
      DENO_KV_ACCESS_TOKEN: "segredo",
    },
    stdout: "null",
    stderr: "null",
  }).spawn();
  assertEquals(await asked.promise, "Bearer segredo");
  child.kill("SIGTERM");
  await child.status;
});
