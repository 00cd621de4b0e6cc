import { getPerson } from "../core/account/person.ts";
import { getTelegramOwner } from "../core/account/telegram_link.ts";
import type { Portal } from "../core/portal.ts";
import type { Person } from "../core/store/records/account.ts";

/**
 * The active person behind a Telegram account, by its immutable number: user names change hands.
 * A private chat has the number of its user.
 */
export async function findOwner(portal: Portal, userId: number): Promise<Person | null> {
  const cpf = await getTelegramOwner(portal, userId);
  const person = cpf ? await getPerson(portal, cpf) : null;
  return person?.active ? person : null;
}
