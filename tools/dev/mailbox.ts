import type { AddressInfo, Socket } from "node:net";
import PostalMime from "postal-mime";
import { Watched } from "@/tools/watched.ts";
import { SMTPServer, type SMTPServerOptions } from "smtp-server";

export interface Mail {
  /** Rises with every mail. */
  id: number;
  messageId: string;
  from: string;
  to: string[];
  subject: string;
  /** Empty when the mail has no such part. */
  text: string;
  html: string;
  /** Milliseconds since the epoch. */
  at: number;
}

/**
 * How the mail server fails: `refuse` turns the sender away at the greeting, `451` is for later and
 * `550` for ever, `drop` takes the whole mail and cuts the connection without an answer, `lost` too, and
 * keeps the mail.
 */
export type MailFailure = "refuse" | "451" | "550" | "drop" | "lost";

export interface Mailbox {
  /** For `SMTP_URL`. */
  url: string;
  /** Oldest first; only the newest are kept. */
  messages(): readonly Mail[];
  /** @throws {Error} when no such mail came within `timeoutMs` milliseconds (5,000 unless told) */
  waitFor(predicate: (mail: Mail) => boolean, timeoutMs?: number): Promise<Mail>;
  /** `null` ends the failing. */
  setFailing(failure: MailFailure | null): void;
  close(): Promise<void>;
}

const MAX_BYTES = 5 * 1024 * 1024;

export interface MailboxOptions {
  /** Any free one unless told. */
  port?: number;
  /** How many mails are kept; 1,000 unless told. */
  maxMails?: number;
  /** How long a mail that has been kept waits for its answer. */
  answerMs?: number;
}

/**
 * A real SMTP server that keeps every mail in memory instead of passing it on, for development and
 * tests. It takes any sender, receiver and password.
 */
export async function startMailbox(
  { port = 0, maxMails = 1_000, answerMs = 0 }: MailboxOptions = {},
): Promise<Mailbox> {
  const mails: Mail[] = [];
  const watched = new Watched("no such mail");
  let failure: MailFailure | null = null;
  let lastId = 0;

  async function keep(raw: Uint8Array<ArrayBuffer>, envelopeTo: string[]): Promise<void> {
    const { messageId, from, subject, text, html } = await PostalMime.parse(raw);
    const mail: Mail = {
      id: ++lastId,
      messageId: messageId ?? "",
      from: from?.name ? `${from.name} <${from.address}>` : from?.address ?? "",
      to: envelopeTo,
      subject: subject ?? "",
      text: text?.trimEnd() ?? "",
      html: html ?? "",
      at: Date.now(),
    };
    mails.push(mail);
    if (mails.length > maxMails) mails.shift();
    watched.changed();
  }

  const options: SMTPServerOptions = {
    authOptional: true,
    // Works without a network: no server is asked for the name of 127.0.0.1.
    disableReverseLookup: true,
    disabledCommands: ["STARTTLS"],
    allowInsecureAuth: true,
    size: MAX_BYTES,
    onAuth: (auth, _session, done) => done(null, { user: auth.username }),
    onConnect: (_session, done) => done(failure === "refuse" ? smtpError(421) : null),
    onRcptTo(_address, _session, done) {
      if (failure === "451" || failure === "550") done(smtpError(Number(failure)));
      else done();
    },
    async onData(stream, session, done) {
      const raw = await new Response(ReadableStream.from(stream)).bytes().catch(() => null);
      if (!raw) return done(smtpError(451));
      const fate = failure;
      if (fate !== "drop") await keep(raw, session.envelope.rcptTo.map(({ address }) => address));
      if (fate === "drop" || fate === "lost") sockets.get(session.remotePort)?.destroy();
      else if (answerMs > 0) setTimeout(done, answerMs);
      else done();
    },
  };
  const server = new SMTPServer(options);
  // By the client's port: the library has no way to cut one connection.
  const sockets = new Map<number | undefined, Socket>();
  server.server.on("connection", (socket: Socket) => {
    const { remotePort } = socket;
    sockets.set(remotePort, socket);
    socket.once("close", () => sockets.delete(remotePort));
  });
  // A client that breaks off in the middle is no fault of ours.
  server.on("error", () => {});
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  const { port: actualPort } = server.server.address() as AddressInfo;

  return {
    url: `smtp://127.0.0.1:${actualPort}`,
    messages: () => mails,
    setFailing(next) {
      failure = next;
    },
    waitFor: (predicate, timeoutMs) => watched.waitFor(() => mails.find(predicate), timeoutMs),
    close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      // Senders keep connections open for the next mail.
      for (const socket of sockets.values()) socket.destroy();
      return closed;
    },
  };
}

const REASON: Record<number, string> = {
  421: "Service not available",
  451: "Try again later",
  550: "No such mailbox",
};

function smtpError(code: number): Error {
  return Object.assign(new Error(REASON[code]), { responseCode: code });
}
