import { assertEquals, assertMatch } from "@std/assert";
import { testDeps } from "@/tests/fixtures/deps.ts";
import { startMailbox } from "@/tools/dev/mailbox.ts";
import type { Message } from "../store/records/outbox.ts";
import { transact } from "../store/transact.ts";
import { listDeadLetters, retryDeadLetter } from "./dead_letters.ts";
import { enqueue, enqueueDigest } from "./enqueue.ts";
import { createMailer, createSend } from "./send.ts";
import { labelled, noJobs, runOutbox } from "./testing.ts";

const mail = (to: string) => labelled(to);

/** A portal that sends through a real SMTP server, which keeps what it takes. */
async function portal() {
  const deps = await testDeps({ origin: "https://portal.example:8443" });
  const mailbox = await startMailbox();
  const mailer = createMailer({ url: mailbox.url, from: "Habilita <nao-responda@portal.example>" });
  const send = createSend({ mailer, chat: null, jobs: noJobs });
  return {
    deps,
    mailbox,
    put: (...messages: Message[]) =>
      transact(deps.kv, (tx) => messages.forEach((one) => enqueue(deps, tx, one))),
    run: () => runOutbox(deps, send),
    ids: () => mailbox.messages().map(({ messageId }) => messageId),
    async [Symbol.asyncDispose]() {
      mailer.close();
      await mailbox.close();
      deps.kv.close();
    },
  };
}

Deno.test("a mail whose answer was lost comes again as the same mail", async () => {
  await using world = await portal();
  world.mailbox.setFailing("lost");
  await world.put(mail("a@b.example"));
  await world.run();
  world.mailbox.setFailing(null);
  world.deps.advance(5_000);
  await world.run();
  const [first, second, ...more] = world.ids();
  assertEquals([second, more], [first, []]);
  assertMatch(first!, /^<[0-9a-f]{32}@portal\.example>$/);
});

Deno.test("every mail has an id of its own", async () => {
  await using world = await portal();
  await world.put(mail("a@b.example"), mail("a@b.example"), mail("c@b.example"));
  await world.run();
  // One digest after the other has the same place in the outbox.
  for (let i = 0; i < 2; i++) {
    await transact(world.deps.kv, (tx) => {
      for (const to of ["a@b.example", "c@b.example"]) enqueueDigest(world.deps, tx, mail(to));
    });
    world.deps.advance(60_000);
    await world.run();
  }
  assertEquals([world.ids().length, new Set(world.ids()).size], [7, 7]);
});

Deno.test("a dead letter that is given back is the mail it was", async () => {
  await using world = await portal();
  world.mailbox.setFailing("lost");
  await world.put(mail("a@b.example"));
  await world.run();
  world.deps.advance(4 * 24 * 60 * 60_000);
  await world.run();
  const [letter] = await listDeadLetters(world.deps);
  world.mailbox.setFailing(null);
  await retryDeadLetter(world.deps, letter!.id);
  await world.run();
  assertEquals([world.ids().length, new Set(world.ids()).size], [3, 1]);
});
