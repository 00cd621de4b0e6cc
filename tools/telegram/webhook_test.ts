import { assert, assertEquals } from "@std/assert";
import type { Update } from "grammy/types";
import type { TelegramServer } from "./server.ts";
import { call, JOAO, MARIA, withTelegram } from "./test_support.ts";

type Answer = (update: Update, request: Request) => Response | Promise<Response>;

/** Runs a test with a webhook that keeps every call. */
function withHook(
  answer: Answer,
  work: (telegram: TelegramServer, updates: Update[], url: string) => Promise<void>,
  webhookTimeoutMs?: number,
): Promise<void> {
  return withTelegram(async (telegram) => {
    const updates: Update[] = [];
    const server = Deno.serve(
      { port: 0, hostname: "127.0.0.1", onListen: () => {} },
      async (request) => {
        const update = await request.json();
        updates.push(update);
        return answer(update, request);
      },
    );
    try {
      await work(telegram, updates, `http://127.0.0.1:${server.addr.port}/hook`);
    } finally {
      await telegram.close();
      await server.shutdown();
    }
  }, { webhookTimeoutMs });
}

/** Waits until the bot has acknowledged everything. */
async function drained(telegram: TelegramServer): Promise<void> {
  await telegram.waitFor(() => telegram.pendingUpdates().length === 0);
}

const texts = (updates: Update[]) => updates.map((update) => update.message?.text);

Deno.test("webhook: the secret goes with every call, each update comes once", () => {
  const secrets: (string | null)[] = [];
  const answer: Answer = (_, { headers }) => {
    secrets.push(headers.get("x-telegram-bot-api-secret-token"));
    return new Response();
  };
  return withHook(answer, async (telegram, updates, url) => {
    await call(telegram, "setWebhook", { url, secret_token: "um_Segredo-1" });
    for (const text of ["um", "dois", "três"]) telegram.sendText(MARIA, text);
    await drained(telegram);
    assertEquals(texts(updates), ["um", "dois", "três"]);
    assertEquals(secrets, Array(3).fill("um_Segredo-1"));
  });
});

Deno.test("webhook: a failed call is repeated, later ones of that chat wait, other chats do not", () => {
  let failures = 0;
  let others = 0;
  const answer: Answer = ({ message }) => {
    if (message?.chat.id === JOAO) others++;
    // Maria's first message is refused until João's came through.
    if (message?.text === "um" && (others === 0 || failures < 2)) {
      failures++;
      return new Response("cai", { status: failures % 2 ? 500 : 302 });
    }
    return new Response();
  };
  return withHook(answer, async (telegram, updates, url) => {
    await call(telegram, "setWebhook", { url });
    telegram.sendText(MARIA, "um");
    telegram.sendText(MARIA, "dois");
    telegram.sendText(JOAO, "três");
    await drained(telegram);
    const maria = texts(updates.filter((update) => update.message?.chat.id === MARIA));
    assertEquals(maria, [...Array(failures + 1).fill("um"), "dois"]);
    assertEquals(others, 1);
    const { result } = await call(telegram, "getWebhookInfo");
    assertEquals(result.url, url);
    assertEquals(result.pending_update_count, 0);
    assertEquals(
      /^Wrong response from the webhook: (302|500)/.test(result.last_error_message),
      true,
    );
  });
});

Deno.test("webhook: a call that takes too long is made again", () => {
  let calls = 0;
  const { promise, resolve } = Promise.withResolvers<Response>();
  return withHook(
    () => ++calls === 1 ? promise : new Response(),
    async (telegram, updates, url) => {
      await call(telegram, "setWebhook", { url });
      telegram.sendText(MARIA, "devagar");
      await drained(telegram);
      resolve(new Response());
      assertEquals(new Set(texts(updates)), new Set(["devagar"]));
      assert(updates.length > 1);
      const { result } = await call(telegram, "getWebhookInfo");
      assertEquals(result.last_error_message, "Read timeout expired");
    },
    100,
  );
});

Deno.test("webhook: an update can come twice", () => {
  const twice = Promise.withResolvers<void>();
  let calls = 0;
  const answer = () => {
    if (++calls === 2) twice.resolve();
    return new Response();
  };
  return withHook(answer, async (telegram, updates, url) => {
    await call(telegram, "setWebhook", { url });
    telegram.sendText(MARIA, "um");
    await drained(telegram);
    telegram.deliverAgain(updates[0]!.update_id);
    await twice.promise;
    assertEquals(updates[1], updates[0]);
  });
});

Deno.test("webhook: what was not delivered waits for whoever comes next", () =>
  withHook(() => new Response(null, { status: 503 }), async (telegram, _, url) => {
    await call(telegram, "setWebhook", { url });
    telegram.sendText(MARIA, "um");
    await call(telegram, "deleteWebhook");
    assertEquals(texts((await call(telegram, "getUpdates")).result), ["um"]);
    await call(telegram, "deleteWebhook", { drop_pending_updates: true });
    assertEquals(telegram.pendingUpdates(), []);
  }));

for (
  const [name, body] of [
    ["plain http on another machine", { url: "http://portal.example/hook" }],
    ["something that is no address", { url: "portal" }],
    ["a secret with a space", { url: "https://portal.example/", secret_token: "a b" }],
    ["a secret of 257 characters", {
      url: "https://portal.example/",
      secret_token: "a".repeat(257),
    }],
  ] as const
) {
  Deno.test(`webhook: ${name} is refused`, () =>
    withTelegram(async (telegram) => {
      assertEquals((await call(telegram, "setWebhook", body)).error_code, 400);
      assertEquals((await call(telegram, "getWebhookInfo")).result.url, "");
    }));
}
