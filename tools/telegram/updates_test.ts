import { assert, assertEquals, assertRejects } from "@std/assert";
import type { Update } from "grammy/types";
import { ApiError } from "./model.ts";
import type { TelegramServer } from "./server.ts";
import { call, MARIA, TOKEN, withTelegram } from "./test_support.ts";
import { UpdateQueue } from "./updates.ts";

async function poll(
  telegram: TelegramServer,
  body: Record<string, unknown> = {},
): Promise<Update[]> {
  return (await call(telegram, "getUpdates", body)).result;
}

const PATIENT = { limit: 100, timeout: 50 };

function message(text: string): Update["message"] {
  const user = { id: MARIA, is_bot: false, first_name: "Maria" };
  const chat = { id: MARIA, type: "private" as const, first_name: "Maria" };
  return { message_id: 1, date: 0, from: user, chat, text };
}

const texts = (updates: Update[]) => updates.map((update) => update.message?.text);

Deno.test("updates: stay until they are confirmed by the offset", () =>
  withTelegram(async (telegram) => {
    for (const text of ["um", "dois", "três"]) telegram.sendText(MARIA, text);
    const all = await poll(telegram);
    assertEquals(texts(all), ["um", "dois", "três"]);
    assertEquals(texts(await poll(telegram)), ["um", "dois", "três"]);
    assertEquals(texts(await poll(telegram, { limit: 1 })), ["um"]);
    assertEquals(texts(await poll(telegram, { offset: all[1]!.update_id })), ["dois", "três"]);
    assertEquals(texts(await poll(telegram, { offset: -1 })), ["três"]);
    assertEquals(telegram.pendingUpdates(), [all[2]!.update_id]);
    assertEquals(await poll(telegram, { offset: all[2]!.update_id + 1 }), []);
  }));

Deno.test("updates: a long poll waits and is answered by what happens", async () => {
  const queue = new UpdateQueue(7);
  const waiting = queue.poll({ ...PATIENT, signal: new AbortController().signal });
  queue.add({ message: message("oi") });
  assertEquals((await waiting).map((update) => update.update_id), [7]);
});

Deno.test("updates: a second poll ends the first, which gets nothing", async () => {
  const queue = new UpdateQueue(7);
  const { signal } = new AbortController();
  const first = queue.poll({ ...PATIENT, signal });
  const second = queue.poll({ ...PATIENT, signal });
  const error = await assertRejects(() => first, ApiError, "terminated by other getUpdates");
  assertEquals(error.code, 409);
  queue.add({ message: message("oi") });
  assertEquals(texts(await second), ["oi"]);
});

Deno.test("updates: a poll that is given up leaves everything for the next", async () => {
  const queue = new UpdateQueue(7);
  const leaving = new AbortController();
  const given = queue.poll({ ...PATIENT, signal: leaving.signal });
  leaving.abort();
  queue.add({ message: message("oi") });
  assertEquals(await given, []);
  assertEquals(texts(await queue.poll({ ...PATIENT, signal: leaving.signal })), ["oi"]);
});

Deno.test("updates: a poll whose caller went away loses nothing", () =>
  withTelegram(async (telegram) => {
    const leaving = new AbortController();
    const gone = fetch(`${telegram.apiRoot}/bot${TOKEN}/getUpdates?timeout=50`, {
      signal: leaving.signal,
    }).then(() => "answered", () => "gone");
    await call(telegram, "getMe");
    leaving.abort();
    assertEquals(await gone, "gone");
    telegram.sendText(MARIA, "oi");
    assertEquals(texts(await poll(telegram, { timeout: 50 })), ["oi"]);
  }));

Deno.test("updates: a webhook and polling exclude each other", () =>
  withTelegram(async (telegram) => {
    const waiting = call(telegram, "getUpdates", { timeout: 50 });
    await call(telegram, "setWebhook", { url: "http://127.0.0.1:1/" });
    assertEquals((await waiting).status, 409);
    assertEquals((await call(telegram, "getUpdates")).status, 409);
    await call(telegram, "deleteWebhook");
    assertEquals((await call(telegram, "getUpdates")).status, 200);
  }));

Deno.test("updates: only the kinds that were asked for, until asked otherwise", () =>
  withTelegram(async (telegram) => {
    await poll(telegram, { allowed_updates: ["my_chat_member"] });
    telegram.sendText(MARIA, "não chega");
    telegram.block(MARIA);
    telegram.unblock(MARIA);
    const kinds = (await poll(telegram)).map((update) => Object.keys(update)[1]);
    assertEquals(kinds, ["my_chat_member", "my_chat_member"]);
    await poll(telegram, { allowed_updates: [] });
    telegram.sendText(MARIA, "chega");
    assertEquals(texts(await poll(telegram, { offset: -1 })), ["chega"]);
  }));

Deno.test("updates: one that was confirmed can come again, once, also after newer ones", () =>
  withTelegram(async (telegram) => {
    telegram.sendText(MARIA, "um");
    const [first] = await poll(telegram);
    assertEquals(await poll(telegram, { offset: first!.update_id + 1 }), []);
    telegram.sendText(MARIA, "dois");
    assert(telegram.deliverAgain(first!.update_id));
    const again = await poll(telegram, { offset: first!.update_id + 1 });
    assertEquals(texts(again), ["um", "dois"]);
    assertEquals(again[0], first);
    assertEquals(texts(await poll(telegram)), ["dois"]);
    assert(!telegram.deliverAgain(1), "one that never was");
  }));

Deno.test("updates: repetitions never come before an earlier one that waits", () =>
  withTelegram(async (telegram) => {
    for (const text of ["um", "dois", "três"]) {
      telegram.sendText(MARIA, text);
      telegram.deliverAgain(telegram.pendingUpdates().at(-1)!);
    }
    assertEquals(texts(await poll(telegram, { limit: 3 })), ["um", "um", "dois"]);
    // The bot was killed with these in its hands: nothing that it did not confirm is passed over.
    assertEquals(texts(await poll(telegram, { limit: 2 })), ["um", "dois"]);
    assertEquals(texts(await poll(telegram)), ["um", "dois", "três", "três"]);
  }));

Deno.test("updates: numbers go on rising when the stand-in starts again", async () => {
  const ids: number[] = [];
  for (let run = 0; run < 2; run++) {
    await withTelegram(async (telegram) => {
      telegram.sendText(MARIA, "oi");
      ids.push((await poll(telegram))[0]!.update_id);
    });
  }
  assert(ids[0]! > 1_000_000_000 && ids[1]! >= ids[0]!);
});
