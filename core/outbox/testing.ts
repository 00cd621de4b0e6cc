import { addedToOperadora } from "../mails/user_mails.ts";
import type { AddressedMail } from "../store/records/outbox.ts";
import type { Deps } from "../deps.ts";
import { ChannelRun } from "./channel_run.ts";
import type { Send } from "./send.ts";
import { type Rate, UNLIMITED } from "./rate_limiter.ts";

/**
 * Goes through the outbox once, and again for the messages that those sent were the cause of.
 * Without a pace, everything that is due goes out at once.
 *
 * @returns how many messages were sent
 */
export async function runOutbox(deps: Deps, send: Send, pace: Rate = UNLIMITED): Promise<number> {
  const runs = (["chat", "mail"] as const).map((each) => new ChannelRun(each, deps, send, pace));
  for (let total = 0;;) {
    const done = await Promise.all(runs.map((one) => one.run()));
    total += done.reduce((sum, { sent }) => sum + sent, 0);
    if (done.every(({ tried }) => tried === 0)) return total;
  }
}

const SUBJECT = "Você agora tem acesso a ";

/** A mail of the portal that is known by its label. */
export function labelled(to: string, label = "ALFA"): AddressedMail {
  const mail = addedToOperadora({ operadora: label, origin: "https://portal.example" });
  return { channel: "mail", to, mail };
}

/** The label of a mail as it went out. */
export function labelOf(message: object): string {
  const subject = "subject" in message ? String(message.subject) : "";
  if (!subject.startsWith(SUBJECT)) throw new Error(`no labelled mail: ${subject}`);
  return subject.slice(SUBJECT.length);
}

/** Where no job is left to be done. */
export const noJobs = () => Promise.reject(new Error("a job"));
