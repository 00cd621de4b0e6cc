import { reachableEmail } from "../../notify/notify.ts";
import { getTelegramLink } from "../../account/telegram/link.ts";
import { enqueueDigest } from "../../outbox/enqueue.ts";
import type { Deps } from "../../deps.ts";
import { keys } from "../../store/keys.ts";
import { list } from "../../store/read.ts";
import type { Person } from "../../store/records/account.ts";
import type { Transaction } from "../../store/transact.ts";
import { reminderMail } from "./waiting_mails.ts";

/**
 * Tells somebody who becomes ADMINISTRADOR of an establishment that requests have been waiting there,
 * inside the commit that makes them so: in their chat, else by e-mail. Without it what was asked while
 * there was no administrator would wait for a reminder (J14). Reads outside the commit: that nothing
 * waits any more is noticed when the message is sent.
 */
export async function notifyOfWaiting(
  deps: Deps,
  tx: Transaction,
  cnes: string,
  person: Person,
): Promise<void> {
  const waiting = list(deps.kv, keys.requestPending.under(cnes), { limit: 1 });
  if ((await Array.fromAsync(waiting)).length === 0) return;
  const link = await getTelegramLink(deps, person.cpf);
  const to = reachableEmail(person);
  if (link && !link.blockedSince) {
    enqueueDigest(deps, tx, { channel: "chat", chatId: link.chatId, what: "requests_waiting" });
  } else if (to) {
    enqueueDigest(deps, tx, reminderMail(to, person.name, deps.config.origin));
  }
}
