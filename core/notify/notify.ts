import type { Deps } from "../deps.ts";
import { discreetWait, enqueue, enqueueDigest } from "../outbox/enqueue.ts";
import { keys } from "../store/keys.ts";
import { read } from "../store/read.ts";
import type { Account } from "../store/records/account.ts";
import type { AddressedMail, Mail, Message } from "../store/records/outbox.ts";
import type { Transaction } from "../store/transact.ts";

/**
 * The mail to an address.
 * @param name of the person who is greeted; none for an address that stands for a company or a code
 */
export function mailTo(to: string, mail: Mail, name?: string): AddressedMail {
  return { channel: "mail", to, greeted: name, mail };
}

/** The mail to a person at their confirmed address; null when there is none. */
export function mailToPerson(
  { email, name }: Pick<Account, "email" | "name">,
  mail: Mail,
): AddressedMail | null {
  return email ? mailTo(email, mail, name) : null;
}

/** What is told in a chat, or by e-mail to a person whom no chat reaches. */
export interface Notice {
  chat: { what: "request_created"; requestId: string } | { what: "requests_waiting" };
  mail: Mail;
}

/**
 * The message that tells a person something: in their Telegram chat, by e-mail when they have none or
 * have blocked the bot; null when there is no address either. One round trip.
 */
export async function messageTo(
  deps: Deps,
  person: Account,
  { chat, mail }: Notice,
): Promise<Message | null> {
  const link = await read(deps.kv, keys.telegramLink(person.id));
  if (!link || link.blockedSince) return mailToPerson(person, mail);
  return { channel: "chat", chatId: link.chatId, ...chat };
}

/**
 * Tells a person something by e-mail, inside the commit of the change that it tells of.
 *
 * @param digest while the same mail (by its subject) waits for the person, no second one is added
 * @param discreet it goes out a little later, so that the next request takes as long as without it
 * @returns whether there is an address to tell them at
 *
 * @example notify(deps, tx, person, passwordChanged({ how: "recovered", origin }));
 */
export function notify(
  deps: Deps,
  tx: Transaction,
  person: Account | null,
  told: Mail,
  { digest = false, discreet = false }: { digest?: boolean; discreet?: boolean } = {},
): boolean {
  const mail = person && mailToPerson(person, told);
  if (mail && digest) enqueueDigest(deps, tx, mail);
  else if (mail) enqueue(deps, tx, mail, discreet ? discreetWait() : 0);
  return mail !== null;
}

/** Like `notify`, to an address that is no person's, or is told whichever person reads it. */
export function notifyAddress(
  deps: Deps,
  tx: Transaction,
  to: string,
  mail: Mail,
  name?: string,
): void {
  enqueue(deps, tx, mailTo(to, mail, name));
}
