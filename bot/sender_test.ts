import { UNLIMITED } from "@/tests/fixtures/people.ts";
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { decideRequest } from "../core/access/requests/decide.ts";
import { unlink } from "../core/account/telegram/link.ts";
import type { Delivery } from "../core/outbox/send.ts";
import type { ChatMessage } from "../core/store/records/outbox.ts";
import { createBot, createChatSender } from "./mod.ts";
import {
  CLINIC,
  HOSPITAL,
  MARIA,
  type TestWorld,
  TOKEN,
  unreachableRoot,
  withWorld,
} from "@/tests/fixtures/bot.ts";
import { seedMember, seedTelegramLink } from "@/tests/fixtures/mod.ts";

/** Maria's open chat, a request of Ana's that nobody was told of yet, and a sender. */
async function prepare(world: TestWorld) {
  const maria = await world.addPerson("Maria Prado", 101);
  const ana = await world.addPerson("Ana Luz", 201);
  world.telegram.start(MARIA);
  await world.settled();
  const { id: requestId } = await world.ask(ana, CLINIC);
  await seedMember(world.deps, maria, "ADMINISTRADOR", CLINIC);
  await seedTelegramLink(world.deps, maria, MARIA);
  const send = createChatSender(world.deps, world.bot.api);
  const created: ChatMessage = {
    channel: "chat",
    chatId: MARIA,
    what: "request_created",
    requestId,
  };
  return { maria, ana, requestId, send, created };
}

function inWorld(name: string, test: (world: TestWorld) => Promise<void>) {
  Deno.test(name, () => withWorld("polling", test));
}

const count = ({ telegram }: TestWorld) => telegram.messages(MARIA).length;

inWorld("a request is shown with its values escaped and its buttons", async (world) => {
  const { send, created } = await prepare(world);
  assertEquals(await send(created), { outcome: "sent" });
  const card = await world.seen(MARIA, "Ana Luz");
  assertStringIncludes(card.text, "Onde: CNES 3001229, Clínica <Sul> & Cia");
  const { inline_keyboard } = card.keyboard as { inline_keyboard: { text: string }[][] };
  assertEquals(inline_keyboard.flat().map(({ text }) => text), ["Aprovar", "Reprovar", "Detalhes"]);
});

inWorld(
  "what was tried before is not shown twice; what is new is, below the older one",
  async (world) => {
    const { send, created } = await prepare(world);
    const start = count(world);
    await send(created, 1);
    assertEquals(count(world), start + 1);
    await send(created, 2);
    assertEquals(count(world), start + 1);
    await send(created, 1);
    assertEquals(count(world), start + 2);
  },
);

inWorld("a request decided meanwhile is not sent", async (world) => {
  const { send, created, requestId, maria } = await prepare(world);
  await decideRequest(world.deps, {
    requestId,
    outcome: "aprovada",
    by: maria.id,
    via: "portal",
    standing: UNLIMITED,
  });
  const before = count(world);
  assertEquals(await send(created), { outcome: "sent" });
  assertEquals(count(world), before);
});

inWorld("a request that is gone is not sent", async (world) => {
  const { send, created } = await prepare(world);
  const before = count(world);
  const gone = { ...created, requestId: "01JBSK0Z00ABCDEFGHJKMNPQRS" } as ChatMessage;
  assertEquals(await send(gone), { outcome: "sent" });
  assertEquals(count(world), before);
});

for (
  const [what, change] of Object.entries({
    "who is no administrator any more": (world: TestWorld, maria: Parameters<typeof unlink>[1]) =>
      world.removeMember(CLINIC, maria),
    "who has another profile now": (world: TestWorld, maria: Parameters<typeof unlink>[1]) =>
      seedMember(world.deps, maria, "OPERADOR", CLINIC),
    "who unlinked the chat": (world: TestWorld, maria: Parameters<typeof unlink>[1]) =>
      unlink(world.deps, maria),
  })
) {
  inWorld(`a request is not shown to one ${what}`, async (world) => {
    const { send, created, maria } = await prepare(world);
    await change(world, maria);
    const before = count(world);
    assertEquals(await send(created), { outcome: "sent" });
    assertEquals(count(world), before);
  });
}

inWorld(
  "decided while the message was on its way: the message is brought up to date",
  async (world) => {
    const { send, created, requestId, maria } = await prepare(world);
    // The decision falls after the sender read the request and before Telegram has answered.
    world.bot.api.config.use(async (call, method, payload, signal) => {
      if (
        method === "sendMessage" && "text" in payload && String(payload.text).includes("Ana Luz")
      ) {
        const decision = {
          requestId,
          outcome: "aprovada",
          by: maria.id,
          via: "portal",
          standing: UNLIMITED,
        } as const;
        await decideRequest(world.deps, decision);
      }
      return await call(method, payload, signal);
    });
    assertEquals(await send(created), { outcome: "sent" });
    const card = await world.seen(MARIA, "Ana Luz");
    assertStringIncludes(JSON.stringify(card.keyboard), "Aprovar");
    await world.drain();
    assertStringIncludes(card.text, "Aprovado por Maria Prado");
    assertEquals(card.keyboard, undefined);
  },
);

inWorld("an outcome that the message shows already counts as sent", async (world) => {
  const { send, created, requestId, maria } = await prepare(world);
  await send(created);
  const card = await world.seen(MARIA, "Ana Luz");
  await decideRequest(world.deps, {
    requestId,
    outcome: "aprovada",
    by: maria.id,
    via: "portal",
    standing: UNLIMITED,
  });
  const decided: ChatMessage = {
    channel: "chat",
    chatId: MARIA,
    what: "request_decided",
    requestId,
    messageId: card.message_id,
  };
  assertEquals(await send(decided), { outcome: "sent" });
  assertStringIncludes(card.text, "pelo portal");
  assertEquals(await send(decided), { outcome: "sent" });
  const edits = world.telegram.calls.filter(({ method }) => method === "editMessageText");
  assertEquals(edits.map(({ status }) => status), [200, 400]);
});

inWorld("an outcome whose message is gone is missed by nobody, unless they wait", async (world) => {
  const { send, requestId, maria } = await prepare(world);
  const what = "request_decided" as const;
  const decided = { channel: "chat", chatId: MARIA, what, requestId, messageId: 1 } as const;
  await decideRequest(world.deps, {
    requestId,
    outcome: "aprovada",
    by: maria.id,
    via: "portal",
    standing: UNLIMITED,
  });
  const before = count(world);
  assertEquals(await send(decided), { outcome: "sent" });
  assertEquals(count(world), before);
  assertEquals(await send({ ...decided, tapped: true }), { outcome: "sent" });
  assertEquals(count(world), before + 1);
});

inWorld("the welcome names what waits, and a button shows it", async (world) => {
  const { send, maria } = await prepare(world);
  assertEquals(await send({ channel: "chat", chatId: MARIA, what: "linked", name: maria.name }), {
    outcome: "sent",
  });
  const welcome = await world.seen(MARIA, "Pronto, Maria Prado");
  assertStringIncludes(
    welcome.text,
    "• Ana Luz, o perfil OPERADOR, CNES 3001229, 03/11/2026, 09:00",
  );
  world.telegram.tap(MARIA, welcome.message_id, "Ver pedidos");
  await world.seen(MARIA, "Quem: Ana Luz");
});

inWorld("the welcome has no button when nothing waits", async (world) => {
  const { telegram } = world;
  const maria = await world.addAdministrator("Maria Prado", 101, HOSPITAL);
  telegram.start(MARIA);
  await seedTelegramLink(world.deps, maria, MARIA);
  await world.drain();
  const welcome = await world.seen(MARIA, "Pronto, Maria Prado");
  assertEquals(welcome.keyboard, undefined);
  assert(!welcome.text.includes("espera"));
});

inWorld("no welcome to a chat that was unlinked meanwhile, but a good-bye", async (world) => {
  const { send, maria } = await prepare(world);
  await unlink(world.deps, maria);
  const before = count(world);
  const welcome = { channel: "chat", chatId: MARIA, what: "linked", name: maria.name } as const;
  assertEquals(await send(welcome), { outcome: "sent" });
  assertEquals(count(world), before);
  await send({ channel: "chat", chatId: MARIA, what: "unlinked" });
  await world.seen(MARIA, "foi desligado");
});

type Failure = Exclude<Delivery, { outcome: "sent" }>;

const failures: [number | "drop", Partial<Delivery>][] = [
  [429, { outcome: "later", retryAfter: 7_000 }],
  [403, { outcome: "never" }],
  [400, { outcome: "never" }],
  [401, { outcome: "later", fault: { kind: "login", code: 401 } }],
  [404, { outcome: "later", fault: { kind: "login", code: 404 } }],
  [500, { outcome: "later", fault: { kind: "answer", code: 500 } }],
  [502, { outcome: "later", fault: { kind: "answer", code: 502 } }],
  ["drop", { outcome: "later", fault: { kind: "broken" } }],
];

for (const [status, expected] of failures) {
  inWorld(`Telegram answers ${status}: ${expected.outcome}`, async (world) => {
    const { send, created } = await prepare(world);
    world.telegram.faults.push({ method: "sendMessage", status, retry_after: 7 });
    // A request that a 403 keeps from the chat goes by e-mail instead.
    const message = status === 403 ? { ...created, what: "unlinked" } as ChatMessage : created;
    const { error, ...rest } = await send(message) as Failure;
    assertEquals<Partial<Delivery>>(rest, expected);
    assert(error.length > 10 && !error.includes(TOKEN), error);
    assertEquals(await send(message), { outcome: "sent" });
  });
}

inWorld(
  "Telegram cannot be reached: later, and the error does not hold the token",
  async (world) => {
    const { created } = await prepare(world);
    const { api } = createBot(world.deps, { token: TOKEN, apiRoot: unreachableRoot() });
    const { outcome, error } = await createChatSender(world.deps, api)(created) as Failure;
    assertEquals(outcome, "later");
    assertStringIncludes(error, "/bot<token>/sendMessage");
    assert(!error.includes(TOKEN));
  },
);
