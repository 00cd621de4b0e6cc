import { assertEquals } from "@std/assert";
import type { Update } from "grammy/types";
import { testDeps } from "@/tests/fixtures/deps.ts";
import { delay } from "../core/store/delay.ts";
import { setMaintenance } from "../core/store/maintenance.ts";
import { asSent } from "../http/testing.ts";
import { createBot, handleWebhook } from "./mod.ts";
import {
  HOSPITAL,
  MARIA,
  SECRET,
  type TestWorld,
  TOKEN,
  unreachableRoot,
  withWorld,
} from "@/tests/fixtures/bot.ts";

const SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token";

function post(body: BodyInit, headers: HeadersInit = { [SECRET_HEADER]: SECRET }): Request {
  return new Request("http://localhost/api/telegram", { method: "POST", body, headers });
}

/** The update that Telegram would send for a text or for the tap on a button. */
function textUpdate(update_id: number, text: string): Update {
  const user = { id: MARIA, is_bot: false, first_name: "Maria" };
  const chat = { id: MARIA, type: "private", first_name: "Maria" };
  return { update_id, message: { message_id: 1, date: 0, chat, from: user, text } } as Update;
}

function tapUpdate(update_id: number, message_id: number, data: string): Update {
  const { message } = textUpdate(update_id, "");
  const callback_query = { id: "1", from: message!.from, chat_instance: "1", data };
  return {
    update_id,
    callback_query: { ...callback_query, message: { ...message, message_id } },
  } as unknown as Update;
}

/** A handler whose bot could not reach anything, for calls that must not get that far. */
async function refusing(request: Request): Promise<Response> {
  using deps = await testDeps();
  const bot = createBot(deps, { token: TOKEN, apiRoot: unreachableRoot() });
  return await handleWebhook(bot, SECRET)(await asSent(request));
}

const body = JSON.stringify(textUpdate(1, "oi"));

for (
  const [what, headers] of Object.entries<Record<string, string>>({
    "no secret": {},
    "an empty secret": { [SECRET_HEADER]: "" },
    "another secret": { [SECRET_HEADER]: "x".repeat(SECRET.length) },
    "the beginning of the secret": { [SECRET_HEADER]: SECRET.slice(0, -1) },
    "more than the secret": { [SECRET_HEADER]: `${SECRET}x` },
    "the secret in another header": { Authorization: SECRET },
  })
) {
  Deno.test(`webhook with ${what}: 401`, async () => {
    assertEquals((await refusing(post(body, headers))).status, 401);
  });
}

for (
  const [what, text] of Object.entries({
    "nothing": "",
    "no JSON": "{",
    "null": "null",
    "a text": '"update"',
    "no number": "{}",
    "a number that is none": '{"update_id":"1"}',
    "a fraction": '{"update_id":1.5}',
  })
) {
  Deno.test(`webhook with ${what}: 400`, async () => {
    assertEquals((await refusing(post(text))).status, 400);
  });
}

for (const method of ["GET", "PUT", "DELETE", "HEAD"]) {
  Deno.test(`webhook by ${method}: 405`, async () => {
    const request = new Request("http://localhost/api/telegram", {
      method,
      headers: { [SECRET_HEADER]: SECRET },
    });
    const response = await refusing(request);
    assertEquals([response.status, response.headers.get("allow")], [405, "POST"]);
  });
}

Deno.test("webhook with more than 1 MB: 413; without a length: 411", async () => {
  const large = JSON.stringify({ update_id: 1, filling: "x".repeat(1_000_000) });
  assertEquals((await refusing(post(large))).status, 413);
  using deps = await testDeps();
  const bot = createBot(deps, { token: TOKEN, apiRoot: unreachableRoot() });
  assertEquals((await handleWebhook(bot, SECRET)(post(new Blob([body]).stream()))).status, 411);
});

/** Maria with a request in her chat, and a handler on the same bot. */
async function prepare(world: TestWorld) {
  await world.addAdministrator("Maria Prado", 101, HOSPITAL, MARIA);
  const ana = await world.addPerson("Ana Luz", 201);
  world.telegram.start(MARIA);
  await world.settled();
  const { id } = await world.ask(ana, HOSPITAL);
  const card = await world.seen(MARIA, "Ana Luz");
  const handle = handleWebhook(world.bot, SECRET);
  const send = async (update: Update) =>
    (await handle(await asSent(post(JSON.stringify(update))))).status;
  return { ana, id, card, send };
}

Deno.test("an update delivered again, also while it is worked on, has one effect", () =>
  withWorld("webhook", async (world) => {
    const { id, card, send, ana } = await prepare(world);
    const update = tapUpdate(1, card.message_id, `a:${id}`);
    // The first one is not done before the others have been answered.
    const others = Promise.withResolvers<void>();
    world.bot.api.config.use(async (call, method, payload, signal) => {
      if (method === "answerCallbackQuery") await others.promise;
      return await call(method, payload, signal);
    });
    let busy = 0;
    const statuses = await Promise.all(Array.from({ length: 10 }, async () => {
      const status = await send(update);
      if (status === 503 && ++busy === 9) others.resolve();
      return status;
    }));
    assertEquals(statuses.filter((status) => status === 200).length, 1);
    assertEquals(statuses.filter((status) => status === 503).length, 9);
    assertEquals(await send(update), 200);
    await world.settled();
    assertEquals(world.mails.filter(({ to }) => to === ana.email).length, 1);
    const calls = world.telegram.calls.filter(({ method }) => method === "answerCallbackQuery");
    assertEquals(calls.length, 1);
  }));

Deno.test("an update that fails is answered with 500 and done when it comes again", () =>
  withWorld("webhook", async (world) => {
    const { send } = await prepare(world);
    world.telegram.faults.push({ method: "sendMessage", status: 502 });
    assertEquals(await send(textUpdate(1, "oi")), 500);
    assertEquals(await send(textUpdate(1, "oi")), 200);
    await world.seen(MARIA, "Não entendi");
    assertEquals(await send(textUpdate(1, "oi")), 200);
    const answers = world.telegram.messages(MARIA).filter(({ text }) => text.includes("entendi"));
    assertEquals(answers.length, 1);
  }));

Deno.test("an update that Telegram refuses to hear the answer of does not come again", () =>
  withWorld("webhook", async (world) => {
    const { send } = await prepare(world);
    world.telegram.block(MARIA);
    assertEquals(await send(textUpdate(1, "oi")), 200);
  }));

Deno.test("a slow update is acknowledged and finished afterwards", () =>
  withWorld("webhook", async (world) => {
    const { send } = await prepare(world);
    let release = () => {};
    const held = new Promise<void>((resolve) => release = resolve);
    world.bot.api.config.use(async (call, method, payload, signal) => {
      if (method === "sendMessage") await held;
      return await call(method, payload, signal);
    });
    assertEquals(await send(textUpdate(1, "oi")), 200);
    const before = world.telegram.messages(MARIA).length;
    release();
    await world.seen(MARIA, "Não entendi");
    assertEquals(world.telegram.messages(MARIA).length, before + 1);
  }));

Deno.test("a slow update that fails after it was acknowledged is tried again here", () =>
  withWorld("webhook", async (world) => {
    const { send } = await prepare(world);
    let release = () => {};
    const held = new Promise<void>((resolve) => release = resolve);
    let failures = 0;
    world.bot.api.config.use(async (call, method, payload, signal) => {
      if (method === "sendMessage" && failures++ === 0) {
        await held;
        throw new Error("connection lost");
      }
      return await call(method, payload, signal);
    });
    assertEquals(await send(textUpdate(1, "oi")), 200);
    release();
    await world.seen(MARIA, "Não entendi");
  }));

Deno.test("in maintenance an update is answered with 503, is no fault, and is done afterwards", () =>
  withWorld("webhook", async (world) => {
    const { send } = await prepare(world);
    const { error } = console;
    const logged: string[] = [];
    console.error = (line) => void logged.push(line);
    try {
      await setMaintenance(world.deps, true);
      assertEquals(await send(textUpdate(1, "oi")), 503);
      await setMaintenance(world.deps, false);
      let times = 0;
      world.bot.api.config.use(async (call, method, payload, signal) => {
        const answer = await call(method, payload, signal);
        // Begins while the update is on its way, and lasts for longer than it is waited for.
        if (method === "sendMessage" && times++ === 0) {
          await setMaintenance(world.deps, true);
          await delay(1_100);
        }
        return answer;
      });
      assertEquals(await send(textUpdate(2, "oi")), 503);
      await world.bot.updateProcessor.idle();
      await setMaintenance(world.deps, false);
    } finally {
      console.error = error;
    }
    assertEquals(logged, []);
    assertEquals(await send(textUpdate(1, "oi")), 200);
  }));
