import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { unlink } from "../core/account/telegram/link.ts";
import { countBlocked } from "../core/account/telegram/reach.ts";
import { checkParts } from "../core/health/parts.ts";
import { keys } from "../core/store/keys.ts";
import { setMaintenance } from "../core/store/maintenance.ts";
import { testDeps } from "@/tests/fixtures/deps.ts";
import { checkWebhook } from "./webhook.ts";
import {
  HOSPITAL,
  JOAO,
  MARIA,
  SECRET,
  type TestWorld,
  TOKEN,
  unreachableRoot,
  withWorld,
} from "@/tests/fixtures/bot.ts";
import { createBot, createChatSender } from "./mod.ts";

const MINUTE = 60_000;
const telegram = {
  token: TOKEN,
  apiRoot: unreachableRoot(),
  deepLink: "https://t.me/habilita_bot",
  webhookSecret: SECRET,
};
const open = () => testDeps({ telegram });

async function finding({ deps }: Pick<TestWorld, "deps">) {
  const parts = await checkParts(deps);
  const { state, detail } = parts.find(({ id }) => id === "bot")!;
  return { state, detail: detail! };
}

Deno.test("without a bot nothing is missing; one that never spoke with Telegram fails", async () => {
  using none = await testDeps();
  assertEquals((await finding({ deps: none })).state, "ok");
  using silent = await open();
  assertEquals((await finding({ deps: silent })).state, "failing");
});

Deno.test("polling: well while it polls, a warning at once when it fails, failing after a silence", () =>
  withWorld("polling", async (world) => {
    world.telegram.start(MARIA);
    await world.seen(MARIA, "Para ligar");
    await world.settled();
    const well = await finding(world);
    assertEquals([well.state, well.detail], ["ok", "Contato por consulta há 0 min."]);
    const noted = () =>
      world.deps.kv.get<{ failure: unknown }>(keys.telegramState()).then(({ value }) =>
        value?.failure
      );
    world.telegram.faults.push({ method: "getUpdates", status: 409, times: 2 });
    world.telegram.sendText(MARIA, "/ajuda");
    await world.telegram.waitFor(() => world.telegram.faults.left === 0);
    while (!await noted()) await world.drain();
    const trouble = await finding(world);
    assertEquals(trouble.state, "warning");
    assertStringIncludes(trouble.detail, "erro 409");
    world.deps.advance(4 * MINUTE);
    assertEquals((await finding(world)).state, "failing");
  }, open));

Deno.test("a silence in maintenance is none, nor right after it", () =>
  withWorld("webhook", async (world) => {
    const { bot, deps } = world;
    await checkWebhook(deps, bot);
    await setMaintenance(deps, true);
    deps.advance(60 * MINUTE);
    assertEquals((await finding(world)).state, "ok");
    await setMaintenance(deps, false);
    deps.advance(MINUTE);
    assertEquals((await finding(world)).state, "ok");
    deps.advance(15 * MINUTE);
    assertEquals((await finding(world)).state, "failing");
  }, open));

Deno.test("webhook: what Telegram could not deliver is noticed, and that it can again", () =>
  withWorld("webhook", async (world) => {
    const { bot, deps } = world;
    await checkWebhook(deps, bot);
    const well = await finding(world);
    assertEquals([well.state, well.detail], ["ok", "Contato por webhook há 0 min."]);
    deps.advance(16 * MINUTE);
    assertEquals((await finding(world)).state, "failing");

    const { url } = await bot.api.getWebhookInfo();
    await bot.api.setWebhook(unreachableRoot());
    world.telegram.start(MARIA);
    const reported = async () => (await bot.api.getWebhookInfo()).last_error_message;
    while (!await reported()) await world.drain();
    await checkWebhook(deps, bot);
    deps.advance(MINUTE);
    const trouble = await finding(world);
    assertStringIncludes(trouble.detail, "não respondeu ao Telegram, 1 à espera no Telegram");

    await bot.api.setWebhook(url!, { secret_token: SECRET });
    await world.seen(MARIA, "Para ligar");
    await world.settled();
    await checkWebhook(deps, bot);
    assertEquals((await finding(world)).state, "ok");
  }, open));

Deno.test("webhook: an error that Telegram still tells of after it went well is none", () =>
  withWorld("webhook", async (world) => {
    world.telegram.faults.push({ method: "sendMessage", status: 500 });
    world.telegram.start(MARIA);
    await world.seen(MARIA, "Para ligar");
    await world.settled();
    const { last_error_message } = await world.bot.api.getWebhookInfo();
    assertStringIncludes(last_error_message!, "500");
    await checkWebhook(world.deps, world.bot);
    assertEquals((await finding(world)).state, "ok");
  }, open));

Deno.test("a webhook that Telegram does not tell of, and a Telegram that is away", async () => {
  using deps = await open();
  const bot = createBot(deps, telegram);
  const { error } = console;
  const logged: string[] = [];
  console.error = (...args) => void logged.push(args.join(" "));
  try {
    await checkWebhook(deps, bot);
  } finally {
    console.error = error;
  }
  const { state, detail } = await finding({ deps });
  assertEquals([state, detail], ["failing", "Ainda não falou com o Telegram: sem resposta."]);
  assert(!logged.join().includes(TOKEN));
});

Deno.test("Telegram down: messages do not go out, since when and why; then they do", () =>
  withWorld("polling", async (world) => {
    const sending = async () => (await checkParts(world.deps)).find(({ id }) => id === "telegram")!;
    await world.addAdministrator("Maria Prado", 101, HOSPITAL, MARIA);
    world.telegram.start(MARIA);
    await world.settled();
    const since = world.deps.now();
    world.telegram.faults.push({ method: "sendMessage", status: 502, times: 2 });
    await world.ask(await world.addPerson("Ana Luz", 201), HOSPITAL);
    assertEquals((await sending()).state, "ok", "one failure is none yet");
    world.deps.advance(3 * MINUTE);
    await world.drain();
    const { state, since: begin, detail } = await sending();
    assertEquals([state, begin], ["failing", since]);
    assertStringIncludes(detail!, "Motivo: o Telegram respondeu com erro (502).");
    world.deps.advance(3 * MINUTE);
    await world.drain();
    assertEquals((await sending()).state, "ok");
  }, open));

Deno.test("an alert comes to the operators' chat, whatever is in its text", () =>
  withWorld("polling", async ({ deps, telegram, bot }) => {
    telegram.start(MARIA);
    const send = createChatSender(deps, bot.api);
    const text = "Alerta: E-mail\n\nMotivo: <b>535</b> & mais";
    const alert = { channel: "chat", chatId: MARIA, what: "alert", text } as const;
    assertEquals(await send(alert), { outcome: "sent" });
    assertEquals(telegram.messages(MARIA).at(-1)!.text, text);
  }, open));

Deno.test("who has blocked the bot is counted, until they come back or unlink", () =>
  withWorld("polling", async (world) => {
    const maria = await world.addAdministrator("Maria Prado", 101, HOSPITAL, MARIA);
    await world.addAdministrator("João Reis", 102, HOSPITAL, JOAO);
    for (const id of [MARIA, JOAO]) world.telegram.start(id);
    await world.settled();
    for (const id of [MARIA, JOAO]) world.telegram.block(id);
    await world.ask(await world.addPerson("Ana Luz", 201), HOSPITAL);
    await world.drain();
    assertStringIncludes((await finding(world)).detail, "Bloqueado por 2.");
    world.telegram.start(JOAO);
    await world.settled();
    assertEquals(await countBlocked(world.deps, 10), 1);
    await unlink(world.deps, maria);
    assertEquals(await countBlocked(world.deps, 10), 0);
  }, open));
