import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import nodemailer, { type Transporter } from "nodemailer";
import { type Mailbox, startMailbox } from "./mailbox.ts";

const MAIL = {
  from: "Habilita <nao-responda@habilita.example>",
  to: "maria@operadora.example",
  subject: "Confirmação do e-mail",
  text: "Olá, Maria.\n\nSeu código é 482 913.",
};

async function withMailbox(
  work: (mailbox: Mailbox, transport: Transporter) => Promise<void>,
  pool = false,
): Promise<void> {
  const mailbox = await startMailbox();
  const transport = pool
    ? nodemailer.createTransport({ url: mailbox.url, pool: true })
    : nodemailer.createTransport(mailbox.url);
  try {
    await work(mailbox, transport);
  } finally {
    transport.close();
    await mailbox.close();
  }
}

Deno.test("mailbox: keeps a mail with its accents, parts and every receiver", () =>
  withMailbox(async (mailbox, transport) => {
    await transport.sendMail({
      ...MAIL,
      html: "<p>Olá, Maria.</p>",
      to: [MAIL.to, "joão <joao@operadora.example>"],
      bcc: "arquivo@operadora.example",
    });
    const mail = await mailbox.waitFor((mail) => mail.subject.startsWith("Confirmação"));
    assertEquals(mail.from, MAIL.from);
    assertEquals(mail.to, [MAIL.to, "joao@operadora.example", "arquivo@operadora.example"]);
    assertEquals(mail.text, MAIL.text);
    assertMatch(mail.html, /<p>Olá, Maria\.<\/p>/);
    assertEquals(mailbox.messages(), [mail]);
  }));

Deno.test("mailbox: waits for a mail that is still to come", () =>
  withMailbox(async (mailbox, transport) => {
    const coming = mailbox.waitFor((mail) => mail.subject === "segunda");
    await transport.sendMail({ ...MAIL, subject: "primeira" });
    await transport.sendMail({ ...MAIL, subject: "segunda" });
    assertEquals((await coming).id, 2);
  }));

Deno.test("mailbox: waiting for a mail that never comes ends", () =>
  withMailbox(async (mailbox, transport) => {
    await transport.sendMail(MAIL);
    await assertRejects(() => mailbox.waitFor(() => false, 10), Error, "no such mail");
  }));

Deno.test("mailbox: takes a user and a password, like a real provider", () =>
  withMailbox(async (mailbox) => {
    const url = mailbox.url.replace("//", "//habilita:senha@");
    await nodemailer.createTransport(url).sendMail(MAIL);
    assertEquals(mailbox.messages().length, 1);
  }));

for (
  const [mode, code, reply] of [
    ["refuse", "EPROTOCOL", 421],
    ["451", "EENVELOPE", 451],
    ["550", "EENVELOPE", 550],
    ["drop", "ECONNECTION", undefined],
  ] as const
) {
  Deno.test(`mailbox: failing with ${mode} keeps nothing, and ends when told`, () =>
    withMailbox(async (mailbox, transport) => {
      mailbox.setFailing(mode);
      const error = await assertRejects(() => transport.sendMail(MAIL), Error) as Error & {
        code: string;
        responseCode?: number;
      };
      assertEquals([error.code, error.responseCode], [code, reply]);
      assertEquals(mailbox.messages(), []);
      mailbox.setFailing(null);
      await transport.sendMail(MAIL);
      assertEquals(mailbox.messages().length, 1);
    }));
}

Deno.test("mailbox: closes although a sender keeps its connection", () =>
  withMailbox(async (mailbox, transport) => {
    await transport.sendMail(MAIL);
    await mailbox.close();
    await assertRejects(() => transport.sendMail(MAIL));
  }, true));
