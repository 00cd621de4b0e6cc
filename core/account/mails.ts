import { mailTo } from "../notify/notify.ts";
import type { MailMessage } from "../store/records/outbox.ts";

export function mail(to: string, subject: string, text: string): MailMessage {
  return mailTo(to, { subject, body: text });
}
