import { assert, assertEquals } from "@std/assert";
import { testDeps } from "@/tests/fixtures/deps.ts";
import { getTelegramState } from "../core/account/telegram/reach.ts";
import { delay } from "../core/store/delay.ts";
import { setMaintenance } from "../core/store/maintenance.ts";
import { startTelegram } from "../tools/telegram/server.ts";
import { createBot, startPolling } from "./mod.ts";
import { HOSPITAL, MARIA, TOKEN, unreachableRoot, withWorld } from "@/tests/fixtures/bot.ts";

Deno.test("an update delivered again has one effect", () =>
  withWorld("polling", async (world) => {
    const { telegram } = world;
    await world.addAdministrator("Maria Prado", 101, HOSPITAL, MARIA);
    telegram.start(MARIA);
    const [id] = telegram.pendingUpdates();
    await world.seen(MARIA, "já está ligado");
    await world.settled();
    assert(telegram.deliverAgain(id!));
    telegram.sendText(MARIA, "/ajuda");
    await world.seen(MARIA, "O que este robô faz");
    const answers = telegram.messages(MARIA).filter(({ text }) => text.includes("já está ligado"));
    assertEquals(answers.length, 1);
  }));

for (const status of [409, 429, 500, "drop"] as const) {
  Deno.test(`polling survives ${status}`, () =>
    withWorld("polling", async (world) => {
      const { telegram } = world;
      telegram.faults.push({ method: "getUpdates", status });
      // The poll under way ends with this text; the next one meets the fault.
      telegram.start(MARIA);
      await world.seen(MARIA, "Para ligar este Telegram");
      telegram.sendText(MARIA, "/ajuda");
      await world.seen(MARIA, "O que este robô faz");
      assertEquals(telegram.faults.left, 0);
    }));
}

Deno.test("an update whose answer fails at first is answered once in the end", () =>
  withWorld("polling", async (world) => {
    const { telegram } = world;
    telegram.faults.push({ method: "sendMessage", status: 500, times: 2 });
    telegram.start(MARIA);
    await world.seen(MARIA, "Para ligar este Telegram");
    await world.settled();
    assertEquals(telegram.messages(MARIA).length, 2);
  }));

Deno.test("an update that always fails does not stop the ones after it", () =>
  withWorld("polling", async (world) => {
    const { telegram } = world;
    telegram.faults.push({
      method: "sendMessage",
      status: 500,
      times: 4,
      when: ({ text }) => String(text).includes("Não entendi"),
    });
    telegram.start(MARIA);
    telegram.sendText(MARIA, "isto falha");
    telegram.sendText(MARIA, "/ajuda");
    await world.seen(MARIA, "O que este robô faz");
    assertEquals(telegram.messages(MARIA).filter(({ text }) => text.includes("entendi")), []);
  }));

Deno.test("in maintenance updates wait at Telegram, and nothing is said about Telegram", () =>
  withWorld("polling", async (world) => {
    const { telegram, deps } = world;
    telegram.start(MARIA);
    await world.seen(MARIA, "Para ligar este Telegram");
    await world.settled();
    const { error } = console;
    const logged: string[] = [];
    console.error = (line) => void logged.push(line);
    try {
      await setMaintenance(deps, true);
      deps.advance(5 * 60_000);
      telegram.sendText(MARIA, "/ajuda");
      await delay(600);
      const answers = telegram.messages(MARIA).filter(({ text }) => text.includes("O que este"));
      assertEquals(answers, []);
      await setMaintenance(deps, false);
      await world.seen(MARIA, "O que este robô faz");
    } finally {
      console.error = error;
    }
    assertEquals(logged, []);
    assertEquals((await getTelegramState(deps))?.failure, null);
  }));

Deno.test("polling ends a webhook that was set before and waits for a Telegram that is away", async () => {
  using deps = await testDeps();
  const telegram = startTelegram({ token: TOKEN });
  telegram.addUser({ id: MARIA, first_name: "Maria" });
  const bot = createBot(deps, { token: TOKEN, apiRoot: telegram.apiRoot });
  await bot.api.setWebhook("http://127.0.0.1:1/never");
  telegram.faults.push({ method: "deleteWebhook", status: "drop" });
  telegram.faults.push({ method: "getMe", status: 502 });
  const stop = new AbortController();
  const running = startPolling(bot, stop.signal);
  telegram.start(MARIA);
  await telegram.waitFor(() => telegram.messages(MARIA)[1]);
  stop.abort();
  await running;
  await telegram.close();
});

Deno.test("nothing that polling logs holds the token", async () => {
  using deps = await testDeps();
  const bot = createBot(deps, { token: TOKEN, apiRoot: unreachableRoot() });
  const stop = new AbortController();
  const logged: string[] = [];
  const { error } = console;
  console.error = (...args) => {
    logged.push(args.join(" "));
    stop.abort();
  };
  try {
    await startPolling(bot, stop.signal);
  } finally {
    console.error = error;
  }
  assert(logged[0]?.includes("/bot<token>/getMe"), logged[0]);
  assert(!logged.join().includes(TOKEN));
});
