import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { openStore } from "../core/store/open.ts";
import { root } from "../tests/support/portal.ts";
import { runTask } from "./task_testing.ts";
import { MARIA, withTelegram } from "./telegram/test_support.ts";

const TOKEN = "7000001:token-of-the-stand-in-for-this-test";

/** The settings of a portal whose Telegram is the stand-in. */
const settings = (apiRoot: string, data = "") => ({
  HABILITA_DATA: data,
  HABILITA_ORIGIN: "https://portal.example",
  HABILITA_SECRET: "a-secret-of-at-least-32-characters-here",
  TELEGRAM_API_ROOT: apiRoot,
  TELEGRAM_BOT_TOKEN: TOKEN,
  TELEGRAM_BOT_USERNAME: "habilita_bot",
  TELEGRAM_WEBHOOK_SECRET: "segredo_1_do_webhook",
});

Deno.test("deno task bot:webhook set, info, delete; refusals do not show the token", () =>
  withTelegram(async ({ apiRoot }) => {
    const hook = (command: string) => runTask(settings(apiRoot), "bot:webhook", command);
    const set = await hook("set");
    assertEquals(set.code, 0, set.stderr);
    assertStringIncludes(set.stdout, "Webhook: https://portal.example/api/telegram");
    const deleted = await hook("delete");
    assertStringIncludes(deleted.stdout, "Webhook: nenhum");
    assertEquals((await hook("nada")).code, 2);
    const away = await runTask(settings("http://127.0.0.1:1"), "bot:webhook", "info");
    assertEquals(away.code, 1);
    assert(!away.stderr.includes(TOKEN), away.stderr);
  }, { token: TOKEN }));

Deno.test("deno task bot answers by long polling, and stops when told", () =>
  withTelegram(async (telegram) => {
    const data = await Deno.makeTempDir();
    const child = new Deno.Command(Deno.execPath(), {
      args: ["task", "-q", "bot"],
      cwd: root,
      env: settings(telegram.apiRoot, data),
      stdout: "null",
    }).spawn();
    try {
      telegram.start(MARIA);
      const seen = telegram.waitFor(
        () => telegram.messages(MARIA).find(({ text }) => text.includes("Para ligar")),
        60_000,
      );
      await seen;
      assertEquals(telegram.menu().length > 3, true);
      child.kill("SIGTERM");
      const { code } = await child.status;
      assertEquals(code, 0);
      (await openStore(data)).close();
    } finally {
      await Deno.remove(data, { recursive: true });
    }
  }, { token: TOKEN }));

Deno.test("without a token the bot does not start, and says why", async () => {
  const { code, stderr } = await runTask({ ...settings(""), TELEGRAM_BOT_TOKEN: "" }, "bot");
  assertEquals(code, 1);
  assertStringIncludes(stderr, "TELEGRAM_BOT_TOKEN");
});
