import { keys } from "../core/store/keys.ts";
import { assertEquals, assertRejects } from "@std/assert";
import type { Update, UserFromGetMe } from "grammy/types";
import { BotError } from "grammy/web";
import { testDeps } from "@/tests/fixtures/deps.ts";
import { createBot } from "./mod.ts";
import { MARIA, TOKEN, unreachableRoot } from "@/tests/fixtures/bot.ts";

const botInfo = {
  id: 7000001,
  is_bot: true,
  first_name: "Habilita",
  username: "habilita_bot",
} as UserFromGetMe;

Deno.test("the app is told after each update, done or failed, that there may be mail", async () => {
  using deps = await testDeps();
  let told = 0;
  const done: Promise<unknown>[] = [];
  const onCommit = () => {
    told++;
    done.push(
      deps.kv.get<{ done: boolean }>(keys.updateSeen(1)).then(({ value }) => value?.done),
    );
  };
  const bot = createBot(deps, { token: TOKEN, apiRoot: unreachableRoot(), botInfo, onCommit });
  await bot.handleUpdate({ update_id: 1 } as Update);
  assertEquals([told, await done[0]], [1, true], "after the commit");
  const from = { id: MARIA, is_bot: false, first_name: "Maria" };
  const chat = { id: MARIA, type: "private", first_name: "Maria" };
  const message = { message_id: 1, date: 0, chat, from, text: "oi" };
  await assertRejects(() => bot.handleUpdate({ update_id: 2, message } as Update), BotError);
  await Promise.all(done);
  assertEquals(told, 2);
});

for (
  const kind of [
    "edited_message",
    "channel_post",
    "my_chat_member",
    "inline_query",
    "poll",
  ] as const
) {
  Deno.test(`an update of the kind ${kind} is passed over`, async () => {
    using deps = await testDeps();
    const bot = createBot(deps, { token: TOKEN, apiRoot: unreachableRoot(), botInfo });
    const from = { id: MARIA, is_bot: false, first_name: "Maria" };
    const chat = { id: MARIA, type: "private", first_name: "Maria" };
    const body = { message_id: 1, date: 0, chat, from, text: "/pendentes", id: "1", query: "" };
    // It would fail if it called Telegram.
    await bot.handleUpdate({ update_id: 1, [kind]: body } as unknown as Update);
  });
}
