import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { openStore } from "../core/store/open.ts";
import { root } from "../tests/support/portal.ts";
import { MARIA, TOKEN, withTelegram } from "./telegram/test_support.ts";

/** A task with the settings of a portal whose Telegram is the stand-in. */
function task(apiRoot: string, data: string, args: string[], more: Record<string, string> = {}) {
  return new Deno.Command(Deno.execPath(), {
    args: ["task", "--quiet", ...args],
    cwd: root,
    env: {
      NO_COLOR: "1",
      HABILITA_DATA: data,
      HABILITA_ORIGIN: "https://portal.example",
      HABILITA_SECRET: "a-secret-of-at-least-32-characters-here",
      TELEGRAM_API_ROOT: apiRoot,
      TELEGRAM_BOT_TOKEN: TOKEN,
      TELEGRAM_BOT_USERNAME: "habilita_bot",
      TELEGRAM_WEBHOOK_SECRET: "segredo_1",
      ...more,
    },
    stdout: "piped",
    stderr: "piped",
  });
}

async function run(...args: Parameters<typeof task>): Promise<{ code: number; text: string }> {
  const { code, stdout, stderr } = await task(...args).output();
  const decoder = new TextDecoder();
  return { code, text: decoder.decode(stdout) + decoder.decode(stderr) };
}

Deno.test("deno task bot:webhook set, info, delete; refusals do not show the token", () =>
  withTelegram(async ({ apiRoot }) => {
    const hook = (command: string) => run(apiRoot, "", ["bot:webhook", command]);
    const set = await hook("set");
    assertEquals(set.code, 0, set.text);
    assertStringIncludes(set.text, "Webhook: https://portal.example/api/telegram");
    const deleted = await hook("delete");
    assertStringIncludes(deleted.text, "Webhook: nenhum");
    assertEquals((await hook("nada")).code, 2);
    const away = await run("http://127.0.0.1:1", "", ["bot:webhook", "info"]);
    assertEquals(away.code, 1);
    assert(!away.text.includes(TOKEN), away.text);
  }));

Deno.test("deno task bot answers by long polling, and stops when told", () =>
  withTelegram(async (telegram) => {
    const data = await Deno.makeTempDir();
    const child = task(telegram.apiRoot, data, ["bot"]).spawn();
    try {
      telegram.start(MARIA);
      const seen = telegram.waitFor(
        () => telegram.messages(MARIA).find(({ text }) => text.includes("Para ligar")),
        60_000,
      );
      await seen;
      assertEquals(telegram.menu().length > 3, true);
      child.kill("SIGTERM");
      const { code } = await child.output();
      assertEquals(code, 0);
      (await openStore(data)).close();
    } finally {
      await Deno.remove(data, { recursive: true });
    }
  }));

Deno.test("without a token the bot does not start, and says why", async () => {
  const { code, text } = await run("", "", ["bot"], { TELEGRAM_BOT_TOKEN: "" });
  assertEquals(code, 1);
  assertStringIncludes(text, "TELEGRAM_BOT_TOKEN");
});
