import type { AddressInfo } from "node:net";
import { assert, assertEquals } from "@std/assert";
import { SMTPServer } from "smtp-server";
import { startMailbox } from "../../tools/dev/mailbox.ts";
import type { MailMessage } from "../store/records/outbox.ts";
import { createMailer, type Delivery } from "./send.ts";

const mail: MailMessage = { channel: "mail", to: "a@b.example", subject: "Olá", text: "um\ndois" };

const ID = "<1@portal.example>";

/** Where in the talk with the server the answer comes. */
type Step = "login" | "receiver" | "data";

/** Sends the mail to a real SMTP server that answers `code` at one step. */
async function sendTo(step: Step, code: number): Promise<Delivery> {
  const at = (each: Step) =>
    each === step ? Object.assign(new Error("não"), { responseCode: code }) : null;
  const server = new SMTPServer({
    disableReverseLookup: true,
    disabledCommands: ["STARTTLS"],
    allowInsecureAuth: true,
    onAuth: (_auth, _session, done) => done(at("login"), { user: "portal" }),
    onRcptTo: (_address, _session, done) => done(at("receiver")),
    onData: (stream, _session, done) => {
      stream.on("end", () => done(at("data"))).resume();
    },
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.server.address() as AddressInfo;
  const url = `smtp://portal:secreto@127.0.0.1:${port}`;
  const mailer = createMailer({ url, from: "Habilita <nao-responda@portal.example>" });
  try {
    return await mailer.send(mail, ID);
  } finally {
    mailer.close();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  }
}

Deno.test("a mail arrives as it was written", async () => {
  const mailbox = await startMailbox();
  const mailer = createMailer({ url: mailbox.url, from: "Habilita <nao-responda@portal.example>" });
  try {
    assertEquals(await mailer.send(mail, ID), { outcome: "sent" });
    const { from, to, subject, text, messageId } = await mailbox.waitFor(() => true);
    assertEquals(from, "Habilita <nao-responda@portal.example>");
    assertEquals(messageId, ID);
    assertEquals({ to, subject, text }, { to: [mail.to], subject: mail.subject, text: mail.text });
  } finally {
    mailer.close();
    await mailbox.close();
  }
});

for (
  const [step, code, outcome] of [
    ["receiver", 421, "later"],
    ["receiver", 450, "later"],
    ["data", 452, "later"],
    // The portal's own fault: its login, or what it says.
    ["login", 535, "later"],
    ["login", 534, "later"],
    ["receiver", 503, "later"],
    ["receiver", 530, "later"],
    ["data", 549, "later"],
    // The receiver will never take it.
    ["receiver", 550, "never"],
    ["receiver", 553, "never"],
    ["data", 552, "never"],
    ["data", 554, "never"],
    ["data", 559, "never"],
    ["data", 560, "later"],
  ] as const
) {
  Deno.test(`a mail server answers ${code} (${step}): ${outcome}`, async () => {
    const delivery = await sendTo(step, code);
    assertEquals(delivery.outcome, outcome);
    assert("error" in delivery && delivery.error.includes(String(code)), JSON.stringify(delivery));
  });
}

Deno.test("no mail server: later", async () => {
  const mailer = createMailer({ url: "smtp://127.0.0.1:1", from: "a@b.example" });
  assertEquals((await mailer.send(mail, ID)).outcome, "later");
  mailer.close();
});
