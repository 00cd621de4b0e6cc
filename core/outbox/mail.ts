import nodemailer from "nodemailer";
import type { MailConfig } from "../config/mod.ts";
import type { MailMessage } from "../store/records/outbox.ts";
import type { Delivery } from "./message.ts";

export interface Mailer {
  send(message: MailMessage): Promise<Delivery>;
  close(): void;
}

/** Sends through the SMTP server of the configuration; one pool of connections. */
export function createMailer(config: MailConfig): Mailer {
  const transport = nodemailer.createTransport({
    url: config.url,
    pool: true,
    maxConnections: 4,
    connectionTimeout: 10_000,
    greetingTimeout: 10_000,
    socketTimeout: 20_000,
  });
  return {
    async send({ to, subject, text }) {
      try {
        await transport.sendMail({ from: config.from, to, subject, text });
        return { outcome: "sent" };
      } catch (error) {
        const { responseCode, message } = error as { responseCode?: number; message: string };
        // RFC 5321 4.2.1: 5yz is permanent, except that 5yz on login is the portal's own fault.
        const permanent = responseCode !== undefined && responseCode >= 550 && responseCode < 560;
        return { outcome: permanent ? "never" : "later", error: message };
      }
    },
    close: () => transport.close(),
  };
}
