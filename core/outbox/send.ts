import nodemailer from "nodemailer";
import { type MailConfig, TLS_OPTIONAL } from "../config/mod.ts";
import type { ChannelFault } from "../store/records/health.ts";
import type { ChatMessage, JobMessage, MailMessage, Outgoing } from "../store/records/outbox.ts";
import { mailFault } from "./mail_fault.ts";

/**
 * What became of an attempt. `later` tries again (after `retryAfter` ms when the receiver asked for
 * a pause); `never` gives up and keeps the message among the dead letters. A `fault` is the channel's
 * own; without one the receiver was refused, unless it was not even tried (`unsent`).
 */
export type Delivery =
  | { outcome: "sent" }
  | { outcome: "later"; error: string; retryAfter?: number; fault?: ChannelFault }
  | { outcome: "never"; error: string; unsent?: true };

/**
 * Sends one message. `attempt` counts from 1: from the second on the message may have arrived
 * already, its sender killed or its answer lost. `id` is the same at each attempt: see `messageId`.
 */
export type Send = (message: Outgoing, attempt: number, id: string) => Promise<Delivery>;

/**
 * One way out for every message, by its channel. A channel that is not set up keeps its messages
 * for the day when it is.
 *
 * @param jobs does the jobs, see `jobRunner`
 */
export function createSend(
  { mailer, chat, jobs }: {
    mailer: Mailer | null;
    jobs: (message: JobMessage) => Promise<Delivery>;
    chat: ((message: ChatMessage, attempt: number) => Promise<Delivery>) | null;
  },
): Send {
  const missing = (error: string) => Promise.resolve<Delivery>({ outcome: "later", error });
  return (message, attempt, id) => {
    if (message.channel === "job") return jobs(message);
    if (message.channel === "mail") {
      return mailer ? mailer.send(message, id) : missing("no SMTP server is configured");
    }
    return chat ? chat(message, attempt) : missing("no bot is configured");
  };
}

export interface Mailer {
  /** @param id its Message-ID, as `messageId` makes it */
  send(message: MailMessage, id: string): Promise<Delivery>;
  close(): void;
}

/** Hosts of this machine: what is sent there passes no network. */
const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/i;

/** How the server is reached: by `smtp://` with STARTTLS, and not without unless its address says so. */
function connectionOf(address: string): { url: string; requireTLS: boolean } {
  const url = new URL(address);
  const requireTLS = url.search !== TLS_OPTIONAL && !LOOPBACK.test(url.hostname);
  // The library takes options from there.
  url.search = "";
  return { url: url.href, requireTLS };
}

/** Sends through the SMTP server of the configuration; one pool of connections. */
export function createMailer(config: MailConfig): Mailer {
  const transport = nodemailer.createTransport({
    ...connectionOf(config.url),
    pool: true,
    maxConnections: 4,
    connectionTimeout: 10_000,
    greetingTimeout: 10_000,
    socketTimeout: 20_000,
  });
  return {
    async send({ to, subject, text }, messageId) {
      try {
        await transport.sendMail({ from: config.from, to, subject, text, messageId });
        return { outcome: "sent" };
      } catch (error) {
        const { responseCode, message } = error as { responseCode?: number; message: string };
        const fault = mailFault(error);
        if (fault) return { outcome: "later", error: message, fault };
        // RFC 5321 4.2.1: 5yz is permanent.
        const permanent = responseCode !== undefined && responseCode >= 550 && responseCode < 560;
        return { outcome: permanent ? "never" : "later", error: message };
      }
    },
    close: () => transport.close(),
  };
}
