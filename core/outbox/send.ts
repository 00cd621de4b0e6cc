import type { ChatMessage } from "../store/records/outbox.ts";
import type { Mailer } from "./mail.ts";
import type { Delivery, Send } from "./message.ts";

/**
 * One way out for every message, by its channel. A channel that is not set up keeps its messages
 * for the day when it is.
 */
export function createSend(
  { mailer, chat }: {
    mailer: Mailer | null;
    chat: ((message: ChatMessage, attempt: number) => Promise<Delivery>) | null;
  },
): Send {
  const missing = (error: string) => Promise.resolve<Delivery>({ outcome: "later", error });
  return (message, attempt) => {
    if (message.channel === "mail") {
      return mailer ? mailer.send(message) : missing("no SMTP server is configured");
    }
    return chat ? chat(message, attempt) : missing("no bot is configured");
  };
}
