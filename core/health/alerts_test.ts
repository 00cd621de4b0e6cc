import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { startMailbox } from "@/tools/dev/mailbox.ts";
import { MINUTE, type TestDeps, testDeps } from "@/tests/fixtures/deps.ts";
import { seedRegistries } from "@/tests/fixtures/mod.ts";
import type { Config } from "../config/mod.ts";
import { enqueue } from "../outbox/enqueue.ts";
import { createMailer, createSend, type Mailer, type Send } from "../outbox/send.ts";
import { labelled, noJobs, runOutbox } from "../outbox/testing.ts";
import { keys } from "../store/keys.ts";
import { read } from "../store/read.ts";
import type { ChatMessage, MailMessage } from "../store/records/outbox.ts";
import { transact } from "../store/transact.ts";
import { watchHealth } from "./watch.ts";

const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const FROM = "Habilita <nao-responda@portal.example>";
const OPERATORS = { channel: "mail", to: "operacao@portal.example" } as const;
const CHAT = { channel: "chat", chatId: 77 } as const;

/** A portal in good order with a real mail server, whose cron of health a test runs. */
class World implements AsyncDisposable {
  readonly chats: string[] = [];
  readonly lines: string[] = [];
  #mailer: Mailer;
  readonly send: Send;

  constructor(readonly deps: TestDeps, readonly mailbox: Awaited<ReturnType<typeof startMailbox>>) {
    this.#mailer = createMailer(deps.config.mail!);
    const chat = (message: ChatMessage) => {
      this.chats.push(message.what === "alert" ? message.text : message.what);
      return Promise.resolve({ outcome: "sent" } as const);
    };
    const mailer = {
      send: (mail: MailMessage, id: string) => this.#mailer.send(mail, id),
      close() {},
    };
    this.send = createSend({ mailer, chat, jobs: noJobs });
  }

  /** From now on the mail server turns the portal away; the connections that were open are closed. */
  breakMail(): void {
    this.mailbox.setFailing("refuse");
    this.#mailer.close();
    this.#mailer = createMailer(this.deps.config.mail!);
  }

  /** Another process on the same store has its own. */
  watch() {
    const log = (line: string) => void this.lines.push(line);
    return watchHealth(this.deps, { send: this.send, notify: () => {}, log });
  }

  /** The cron, and then the outbox. */
  async look(watch = this.watch()): Promise<void> {
    await watch.run();
    await runOutbox(this.deps, this.send);
  }

  /** Tries to send a mail to a person. */
  async mail(): Promise<void> {
    const message = labelled("ana@pessoas.example");
    await transact(this.deps.kv, (tx) => enqueue(this.deps, tx, message));
    await runOutbox(this.deps, this.send);
  }

  /** What the operators have got by mail: `subject`. */
  get alerts(): string[] {
    return this.mailbox.messages().filter(({ to }) => to.includes(OPERATORS.to))
      .map(({ subject }) => subject);
  }

  async [Symbol.asyncDispose]() {
    this.#mailer.close();
    this.deps[Symbol.dispose]();
    await this.mailbox.close();
  }
}

async function world(alertTo: Config["alertTo"] = [OPERATORS]): Promise<World> {
  const mailbox = await startMailbox();
  const mail = { url: mailbox.url, from: FROM };
  const telegram = null;
  const made = new World(await seedRegistries({ mail, telegram, alertTo }), mailbox);
  // No trust store: told once, and of no more interest here.
  await made.look();
  made.lines.length = made.chats.length = 0;
  return made;
}

/** Like `world`, with a bot, and a chat to tell beside the address. */
async function withChat(): Promise<World> {
  const mailbox = await startMailbox();
  const telegram = {
    token: "7000001:test-token",
    apiRoot: "http://127.0.0.1:1",
    deepLink: "https://t.me/habilita_bot",
    webhookSecret: "segredo-do-webhook_1",
  };
  const config = { mail: { url: mailbox.url, from: FROM }, telegram, alertTo: [OPERATORS, CHAT] };
  return new World(await seedRegistries(config), mailbox);
}

Deno.test("a trouble is told once, with since when and what to do, and its end once", async () => {
  await using w = await world();
  assertEquals(w.alerts, ["Alerta: Autoridades da ICP-Brasil"]);
  w.deps.advance(61 * DAY);
  for (let i = 0; i < 3; i++) await w.look();
  const subject = "Alerta: Cadastro da ANS (CADOP), Cadastro de estabelecimentos (CNES)";
  assertEquals(w.alerts.slice(1), [subject]);
  const { text } = w.mailbox.messages().at(-1)!;
  assertStringIncludes(text, "Cadastro da ANS (CADOP): A edição tem mais de 60 dias. 2 linhas");
  assertStringIncludes(text, "Desde 02/01/2027, 09:00.");
  assertStringIncludes(text, "O que fazer: Importe a mais nova com deno task import:cadop.");
  assertStringIncludes(text, "http://localhost:8000/saude");
  const edition = (await read(w.deps.kv, keys.cadopEdition()))!;
  await transact(
    w.deps.kv,
    (tx) => tx.set(keys.cadopEdition(), { ...edition, importedAt: w.deps.now() }),
  );
  for (let i = 0; i < 3; i++) await w.look();
  assertEquals(w.alerts.slice(2), ["De volta ao normal: Cadastro da ANS (CADOP)"]);
  assertEquals(await read(w.deps.kv, keys.trouble("cadop")), null);
  assertEquals(w.lines.length, 3, w.lines.join("\n"));
});

Deno.test("two processes see the same: one alert, and one at the end", async () => {
  await using w = await world();
  const [a, b] = [w.watch(), w.watch()];
  w.deps.advance(61 * DAY);
  await Promise.all([a.run(), b.run(), a.run(), b.run()]);
  await w.look(a);
  assertEquals(w.alerts.length, 2);
  for (const key of [keys.cadopEdition(), keys.cnesEdition()]) {
    const edition = (await read(w.deps.kv, key))!;
    await transact(w.deps.kv, (tx) => tx.set(key, { ...edition, importedAt: w.deps.now() }));
  }
  await Promise.all([a.run(), b.run(), a.run(), b.run()]);
  await w.look(b);
  assertEquals(w.alerts.length, 3);
});

Deno.test("since when outlives the process", async () => {
  await using w = await world();
  const since = w.deps.now();
  assertEquals((await read(w.deps.kv, keys.trouble("trust")))?.since, since);
  w.deps.advance(DAY);
  await w.look();
  const { checkParts } = await import("./parts.ts");
  const parts = await checkParts(w.deps);
  assertEquals(parts.find(({ id }) => id === "trust")!.since, since);
});

Deno.test("mail down, mail alone to tell it: logged at once, told when it is over", async () => {
  await using w = await world();
  const before = w.alerts.length;
  const begin = w.deps.now();
  w.breakMail();
  await w.mail();
  for (let i = 0; i < 5; i++) {
    w.deps.advance(HOUR);
    await w.look();
  }
  assertEquals(w.alerts.length, before);
  assertEquals(w.lines.filter((line) => line.includes("mail: failing")).length, 1);
  assertStringIncludes(w.lines[0]!, "o servidor recusou o portal (421)");
  assertEquals((await read(w.deps.kv, keys.trouble("mail")))?.since, begin);
  w.mailbox.setFailing(null);
  w.deps.advance(HOUR);
  await runOutbox(w.deps, w.send);
  for (let i = 0; i < 3; i++) await w.look();
  assertEquals(w.alerts.slice(before), ["De volta ao normal: E-mail"]);
  const { text } = w.mailbox.messages().at(-1)!;
  assertStringIncludes(text, "E-mail: houve um problema, que já acabou: de 03/11/2026, 09:00 a");
  assert(!/pessoas\.example|ana@/.test(text + w.lines.join()));
});

Deno.test("mail down, a chat is there: it is told at once; the address when it is over", async () => {
  await using w = await withChat();
  await w.look();
  w.chats.length = 0;
  const before = w.alerts.length;
  w.breakMail();
  await w.mail();
  w.deps.advance(HOUR);
  for (let i = 0; i < 2; i++) await w.look();
  assertEquals([w.chats.length, w.alerts.length], [1, before]);
  assertStringIncludes(w.chats[0]!, "Alerta: E-mail\n\nE-mail: O portal não consegue enviar");
  w.mailbox.setFailing(null);
  w.deps.advance(HOUR);
  await runOutbox(w.deps, w.send);
  for (let i = 0; i < 2; i++) await w.look();
  assertEquals([w.chats.length, w.alerts.length], [2, before + 1]);
  assertStringIncludes(w.chats[1]!, "voltou ao normal");
});

Deno.test("mail goes down between beginning and end: the end is told once by each way", async () => {
  await using w = await withChat();
  w.deps.advance(61 * DAY);
  await w.look();
  const before = w.alerts.length;
  w.breakMail();
  await w.mail();
  w.deps.advance(HOUR);
  await w.look();
  w.chats.length = 0;
  const edition = (await read(w.deps.kv, keys.cadopEdition()))!;
  await transact(
    w.deps.kv,
    (tx) => tx.set(keys.cadopEdition(), { ...edition, importedAt: w.deps.now() }),
  );
  for (let i = 0; i < 3; i++) await w.look();
  const back = "De volta ao normal: Cadastro da ANS (CADOP)";
  assertEquals(w.chats.map((text) => text.split("\n")[0]), [back]);
  w.mailbox.setFailing(null);
  w.deps.advance(HOUR);
  await runOutbox(w.deps, w.send);
  for (let i = 0; i < 3; i++) await w.look();
  assertEquals(w.chats.length, 2, "and that mail is back");
  assertEquals(w.alerts.slice(before), ["De volta ao normal: E-mail, Cadastro da ANS (CADOP)"]);
});

Deno.test("what another trouble explains is told only when it outlasts it", async () => {
  await using w = await world();
  w.breakMail();
  await w.mail();
  w.deps.advance(50 * MINUTE);
  await w.look();
  assertEquals((await read(w.deps.kv, keys.trouble("waiting")))?.told, []);
  w.mailbox.setFailing(null);
  w.deps.advance(HOUR);
  await runOutbox(w.deps, w.send);
  await w.look();
  assert(!w.alerts.some((subject) => subject.includes("espera")), w.alerts.join());
  assertEquals(await read(w.deps.kv, keys.trouble("waiting")), null);
});

Deno.test("in maintenance nothing is written; what began meanwhile is told afterwards", async () => {
  await using w = await world();
  const before = w.alerts.length;
  await transact(w.deps.kv, (tx) => tx.set(keys.maintenance(), { since: w.deps.now() }));
  w.deps.advance(61 * DAY);
  await w.look();
  assertEquals(await read(w.deps.kv, keys.trouble("cadop")), null);
  await transact(w.deps.kv, (tx) => tx.delete(keys.maintenance()), { inMaintenance: true });
  await w.look();
  assertEquals(w.alerts.length, before + 1);
});

Deno.test("nobody to tell: the log has it, once", async () => {
  using deps = await testDeps();
  const lines: string[] = [];
  const send: Send = () => Promise.reject(new Error("nobody is to be told"));
  const watch = watchHealth(deps, { send, notify: () => {}, log: (line) => lines.push(line) });
  for (let i = 0; i < 3; i++) await watch.run();
  assertEquals(lines.map((line) => line.split(":")[1]!.trim()), ["mail", "trust", "cadop", "cnes"]);
});
