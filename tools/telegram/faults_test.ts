import { assertEquals, assertRejects } from "@std/assert";
import { Faults } from "./faults.ts";
import { Params } from "./params.ts";
import { call, JOAO, MARIA, withTelegram } from "./test_support.ts";

Deno.test("faults: each hits as often as told, in the order they were pushed", () => {
  const faults = new Faults();
  faults.push(
    { method: "sendMessage", status: 500, times: 2 },
    { method: "*", status: 429, retry_after: 3 },
  );
  const hit = (method: string) => faults.take(method, new Params({}))?.status;
  assertEquals(hit("getUpdates"), undefined);
  assertEquals([hit("sendMessage"), hit("SENDMESSAGE"), hit("sendMessage")], [500, 500, 429]);
  assertEquals([hit("sendMessage"), hit("getMe")], [undefined, undefined]);
});

Deno.test("faults: only the chat and the calls that were meant", () => {
  const faults = new Faults();
  faults.push({ method: "sendMessage", status: 403, chat_id: MARIA, times: Infinity });
  const hit = (values: Record<string, unknown>) =>
    faults.take("sendMessage", new Params(values)) !== undefined;
  assertEquals([hit({ chat_id: JOAO }), hit({ chat_id: MARIA }), hit({})], [false, true, false]);
  faults.clear();
  faults.push({ method: "sendMessage", status: 500, when: ({ text }) => text === "um" });
  assertEquals([hit({ text: "dois" }), hit({ text: "um" }), hit({ text: "um" })], [
    false,
    true,
    false,
  ]);
});

Deno.test("faults: a failed call has no effect, one whose answer is lost has", () =>
  withTelegram(async (telegram) => {
    telegram.start(MARIA);
    const send = (text: string) => call(telegram, "sendMessage", { chat_id: MARIA, text });
    const sent = () => telegram.messages(MARIA).slice(1).map(({ text }) => text);

    telegram.faults.push({ method: "sendMessage", status: 502 });
    assertEquals((await send("um")).description, "Bad Gateway");
    assertEquals(sent(), []);

    telegram.faults.push({ method: "sendMessage", status: "drop" });
    await assertRejects(() => send("dois"));
    assertEquals(sent(), []);

    telegram.faults.push({ method: "sendMessage", status: "drop", applied: true });
    await assertRejects(() => send("três"));
    assertEquals(sent(), ["três"]);

    telegram.faults.push({ method: "sendMessage", status: 504, applied: true });
    assertEquals((await send("quatro")).error_code, 504);
    assertEquals(sent(), ["três", "quatro"]);
    assertEquals(telegram.calls.map(({ status }) => status), [502, 0, 0, 504]);
  }));

Deno.test("faults: a call that hangs ends with the stand-in", async () => {
  let hanging: Promise<unknown> | undefined;
  await withTelegram(async (telegram) => {
    telegram.start(MARIA);
    telegram.faults.push({ method: "sendMessage", status: "hang", applied: true });
    hanging = assertRejects(() => call(telegram, "sendMessage", { chat_id: MARIA, text: "um" }));
    await telegram.waitFor(() => telegram.messages(MARIA)[1]);
  });
  await hanging;
});
