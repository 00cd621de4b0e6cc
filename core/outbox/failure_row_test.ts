import type { AddressInfo } from "node:net";
import { assertEquals } from "@std/assert";
import { SMTPServer, type SMTPServerOptions } from "smtp-server";
import { startMailbox } from "@/tools/dev/mailbox.ts";
import { testDeps } from "@/tests/fixtures/deps.ts";
import type { Deps } from "../deps.ts";
import { keys } from "../store/keys.ts";
import { read } from "../store/read.ts";
import type { FailureRow } from "../store/records/health.ts";
import { transact } from "../store/transact.ts";
import { ChannelRun } from "./channel_run.ts";
import { enqueue } from "./enqueue.ts";
import { isTroubled } from "./failure_row.ts";
import { UNLIMITED } from "./rate_limiter.ts";
import { createMailer, createSend } from "./send.ts";
import { labelled, noJobs, runOutbox } from "./testing.ts";

const FROM = "Habilita <nao-responda@portal.example>";
const MINUTE = 60_000;

/** Puts a mail to each receiver into the outbox and tries what is due. */
async function mail(deps: Deps, url: string, ...receivers: string[]): Promise<void> {
  const mailer = createMailer({ url, from: FROM });
  try {
    await transact(deps.kv, (tx) => {
      for (const to of receivers) {
        enqueue(deps, tx, labelled(to));
      }
    });
    await runOutbox(deps, createSend({ mailer, chat: null, jobs: noJobs }));
  } finally {
    mailer.close();
  }
}

const rowOf = (deps: Deps): Promise<FailureRow | null> => read(deps.kv, keys.failureRow("mail"));

/** A real SMTP server that behaves as it is told. */
async function withServer(
  behaviour: SMTPServerOptions,
  use: (url: string) => Promise<void>,
): Promise<void> {
  const server = new SMTPServer({
    disableReverseLookup: true,
    disabledCommands: ["STARTTLS"],
    allowInsecureAuth: true,
    authOptional: true,
    onAuth: (_auth, _session, done) => done(null, { user: "portal" }),
    onData: (stream, _session, done) => void stream.on("end", () => done()).resume(),
    ...behaviour,
  });
  server.on("error", () => {});
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.server.address() as AddressInfo;
  try {
    await use(`smtp://portal:secreto@127.0.0.1:${port}`);
  } finally {
    await new Promise<void>((resolve) => server.close(() => resolve()));
  }
}

const answer = (code: number) => Object.assign(new Error("não"), { responseCode: code });

const SERVERS: [name: string, SMTPServerOptions, FailureRow["fault"]][] = [
  ["turns the portal away at the greeting", {
    onConnect: (_session, done) => done(answer(421)),
  }, { kind: "answer", code: 421 }],
  ["refuses user and password", {
    onAuth: (_auth, _session, done) => done(answer(535)),
  }, { kind: "login", code: 535 }],
  ["refuses the sender's address", {
    onMailFrom: (_address, _session, done) => done(answer(553)),
  }, { kind: "answer", code: 553 }],
];

for (const [name, behaviour, fault] of SERVERS) {
  Deno.test(`the mail server ${name}: one failure is the channel's trouble`, async () => {
    using deps = await testDeps();
    const since = deps.now();
    await withServer(behaviour, async (url) => {
      await mail(deps, url, "a@b.example");
      deps.advance(MINUTE);
      await mail(deps, url, "c@b.example");
    });
    const row = await rowOf(deps);
    assertEquals([row, isTroubled(row)], [{ since, fault, refused: [] }, true]);
  });
}

Deno.test("a server that is not there, or whose name is not known", async () => {
  using deps = await testDeps();
  await mail(deps, "smtp://127.0.0.1:1", "a@b.example");
  assertEquals((await rowOf(deps))?.fault, { kind: "refused" });
  deps.advance(MINUTE);
  await mail(deps, "smtp://correio.invalid:25");
  assertEquals((await rowOf(deps))?.fault, { kind: "unknown_host" });
});

Deno.test("a server that wants TLS and has a certificate that nobody trusts", async () => {
  using deps = await testDeps();
  await withServer({ secure: true }, async (url) => {
    await mail(deps, url.replace("smtp://", "smtps://"), "a@b.example");
  });
  assertEquals((await rowOf(deps))?.fault, { kind: "tls" });
});

Deno.test("a server that takes the mail and hangs up without an answer", async () => {
  using deps = await testDeps();
  const mailbox = await startMailbox();
  try {
    mailbox.setFailing("drop");
    await mail(deps, mailbox.url, "a@b.example");
    assertEquals((await rowOf(deps))?.fault, { kind: "broken" });
  } finally {
    await mailbox.close();
  }
});

for (const code of [451, 554]) {
  Deno.test(`one receiver refused (${code}) is no trouble of the channel; three are`, async () => {
    using deps = await testDeps();
    await withServer({ onRcptTo: (_a, _s, done) => done(answer(code)) }, async (url) => {
      await mail(deps, url, "a@b.example");
      deps.advance(MINUTE);
      await mail(deps, url, "a@b.example", "b@b.example");
      assertEquals(isTroubled(await rowOf(deps)), false);
      await mail(deps, url, "c@b.example");
      assertEquals(isTroubled(await rowOf(deps)), true);
    });
  });
}

Deno.test("a mail that goes out ends the row; the next one begins anew", async () => {
  using deps = await testDeps();
  const mailbox = await startMailbox();
  try {
    mailbox.setFailing("refuse");
    await mail(deps, mailbox.url, "a@b.example");
    mailbox.setFailing(null);
    deps.advance(MINUTE);
    await mail(deps, mailbox.url);
    assertEquals([await rowOf(deps), mailbox.messages().length], [null, 1]);
    mailbox.setFailing("refuse");
    deps.advance(MINUTE);
    await mail(deps, mailbox.url, "a@b.example");
    assertEquals((await rowOf(deps))?.since, deps.now());
  } finally {
    await mailbox.close();
  }
});

Deno.test("in one run: out, refused, out again ends the row that the refusal began", async () => {
  using deps = await testDeps();
  let count = 0;
  const onRcptTo: SMTPServerOptions["onRcptTo"] = (_address, _session, done) =>
    done(++count === 2 ? answer(550) : null);
  await withServer(
    { onRcptTo },
    (url) => mail(deps, url, "a@b.example", "a@b.example", "a@b.example"),
  );
  assertEquals([count, await rowOf(deps)], [3, null]);
});

Deno.test("a row that another process began while this one was at work is ended by it, too", async () => {
  using deps = await testDeps();
  const mailbox = await startMailbox();
  const mailer = createMailer({ url: mailbox.url, from: FROM });
  const send = createSend({ mailer, chat: null, jobs: noJobs });
  try {
    const put = (to: string) =>
      transact(
        deps.kv,
        (tx) => enqueue(deps, tx, labelled(to)),
      );
    const run = new ChannelRun("mail", deps, send, UNLIMITED);
    await put("a@b.example");
    await run.run();
    await mail(deps, "smtp://127.0.0.1:1", "b@b.example");
    await put("c@b.example");
    await run.run();
    assertEquals(await rowOf(deps), null);
  } finally {
    mailer.close();
    await mailbox.close();
  }
});
