import type { AddressInfo } from "node:net";
import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { SMTPServer, type SMTPServerOptions } from "smtp-server";
import { testDeps } from "@/tests/fixtures/deps.ts";
import { openssl, openSslVersion } from "@/tests/support/openssl.ts";
import { checkParts } from "../health/parts.ts";
import { messageParts } from "../health/message_parts.ts";
import { keys } from "../store/keys.ts";
import { read } from "../store/read.ts";
import { startCode } from "../store/testing.ts";
import { transact } from "../store/transact.ts";
import { enqueue } from "./enqueue.ts";
import { createMailer, createSend } from "./send.ts";
import { labelled, noJobs, runOutbox } from "./testing.ts";

const FROM = "Habilita <nao-responda@portal.example>";
/** This machine, under an address that does not say so. */
const ELSEWHERE = "0.0.0.0";

/** What a real SMTP server was given. */
interface Heard {
  port: number;
  /** For each mail that it took: over TLS? */
  mails: boolean[];
  logins: number;
}

async function withServer(options: SMTPServerOptions, use: (heard: Heard) => Promise<void>) {
  const heard: Heard = { port: 0, mails: [], logins: 0 };
  const server = new SMTPServer({
    disableReverseLookup: true,
    allowInsecureAuth: true,
    onAuth: (_auth, _session, done) => {
      heard.logins++;
      done(null, { user: "portal" });
    },
    onData: (stream, session, done) => {
      heard.mails.push(session.secure);
      stream.on("end", () => done()).resume();
    },
    ...options,
  });
  server.on("error", () => {});
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  heard.port = (server.server.address() as AddressInfo).port;
  try {
    await use(heard);
  } finally {
    await new Promise<void>((resolve) => server.close(() => resolve()));
  }
}

const PLAIN: SMTPServerOptions = { disabledCommands: ["STARTTLS"] };
const address = (host: string, port: number, more = "") =>
  `smtp://portal:secreto@${host}:${port}${more}`;

Deno.test("a server that offers no STARTTLS gets neither password nor mail, and /saude says why", async () => {
  await withServer(PLAIN, async (heard) => {
    const mail = { url: address(ELSEWHERE, heard.port), from: FROM };
    using deps = await testDeps({ mail });
    const mailer = createMailer(mail);
    await transact(deps.kv, (tx) => enqueue(deps, tx, labelled("a@b.example")));
    await runOutbox(deps, createSend({ mailer, chat: null, jobs: noJobs }));
    mailer.close();
    assertEquals([heard.mails, heard.logins], [[], 0]);
    assertEquals((await read(deps.kv, keys.failureRow("mail")))?.fault?.kind, "tls");
    deps.advance(3 * 60_000);
    const [part] = await checkParts(deps, messageParts.filter(({ id }) => id === "mail"));
    assertEquals(part!.state, "failing");
    assert(part!.detail!.includes("não oferece TLS (STARTTLS)"), part!.detail!);
  });
});

for (
  const [what, host, more] of [
    ["?tls=opcional", ELSEWHERE, "?tls=opcional"],
    ["a server of this machine", "127.0.0.1", ""],
    ["a server of this machine by its name", "localhost", ""],
  ] as const
) {
  Deno.test(`without STARTTLS: ${what} gets the mail all the same`, async () => {
    await withServer(PLAIN, async (heard) => {
      const mailer = createMailer({ url: address(host, heard.port, more), from: FROM });
      const mail = { channel: "mail", to: "a@b.example", subject: "Olá", text: "um" } as const;
      assertEquals(await mailer.send(mail, "<1@portal.example>"), { outcome: "sent" });
      mailer.close();
      assertEquals([heard.mails, heard.logins], [[false], 1]);
    });
  });
}

Deno.test({
  name: "a server that offers STARTTLS gets the mail over TLS, if its certificate is trusted",
  ignore: await openSslVersion() === null,
  fn: async () => {
    const folder = await Deno.makeTempDir();
    const [key, cert] = [join(folder, "key.pem"), join(folder, "cert.pem")];
    const subject = ["-subj", "/CN=correio", "-addext", `subjectAltName=IP:${ELSEWHERE}`];
    const made = ["-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", cert, "-days", "2"];
    await openssl(
      "req",
      "-x509",
      ...made,
      ...subject,
      "-addext",
      "basicConstraints=critical,CA:FALSE",
    );
    const tls = { key: await Deno.readTextFile(key), cert: await Deno.readTextFile(cert) };
    try {
      await withServer(tls, async (heard) => {
        const url = address(ELSEWHERE, heard.port);
        const send = async (trusted: boolean) => {
          const child = startCode(
            import.meta.url,
            `
            import { createMailer } from "./send.ts";
            const mailer = createMailer({ url: "${url}", from: "${FROM}" });
            const mail = { channel: "mail", to: "a@b.example", subject: "Olá", text: "um" };
            console.log(JSON.stringify(await mailer.send(mail, "<1@portal.example>")));
            Deno.exit(0);
          `,
            trusted ? { DENO_CERT: cert } : {},
          );
          const { stdout } = await child.output();
          return JSON.parse(new TextDecoder().decode(stdout));
        };
        const refused = await send(false);
        assertEquals([refused.fault?.kind, heard.mails, heard.logins], ["tls", [], 0]);
        assertEquals(await send(true), { outcome: "sent" });
        assertEquals([heard.mails, heard.logins], [[true], 1]);
      });
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});
