import { UNLIMITED } from "@/tests/fixtures/people.ts";
import { createRequest } from "@/core/access/requests/create.ts";
import { getTelegramLink } from "@/core/account/telegram/link.ts";
import type { Deps } from "@/core/deps.ts";
import type { Account } from "@/core/store/records/account.ts";
import type { TelegramServer } from "@/tools/telegram/server.ts";
import { until } from "./until.ts";

export interface Administrator {
  chatId: number;
  person: Account;
}

/** An establishment, the two who decide there, each with a chat that is linked and open, and who will ask. */
export interface Place {
  cnes: string;
  administrators: Administrator[];
  requesters: Account[];
}

/** A request that was made, and who tapped on it. */
export interface Asked {
  id: string;
  createdAt: number;
  requester: Account;
  place: Place;
  tapped: Administrator[];
}

/** What people do in Telegram while the bot runs. */
export interface Driver {
  deps: Deps;
  telegram: TelegramServer;
  /** Chats in which Telegram refuses some messages, as of somebody who has blocked the bot. */
  refusing: ReadonlySet<number>;
}

/**
 * At one establishment, one request after the other: it is made, comes to the chats of both
 * administrators, and both tap on "Aprovar" at once; Telegram delivers each tap twice. Who is no
 * longer reached in the chat does not tap.
 */
export async function drivePlace(driver: Driver, place: Place): Promise<Asked[]> {
  const { deps, telegram } = driver;
  const asked: Asked[] = [];
  const { cnes, requesters } = place;
  for (const requester of requesters) {
    const created = await createRequest(deps, requester, { cnes, profile: "OPERADOR" }, UNLIMITED);
    if (!created.ok) throw new Error(created.code);
    const { id, createdAt } = created.data;
    const cards = await Promise.all(
      place.administrators.map((one) => untilShown(driver, one, requester)),
    );
    const tapped = place.administrators.filter((_, i) => cards[i] !== null);
    for (const [i, { chatId }] of place.administrators.entries()) {
      const card = cards[i];
      if (!card) continue;
      telegram.tap(chatId, card, `a:${id}`, { unchecked: true });
      telegram.deliverAgain(telegram.pendingUpdates().at(-1)!);
    }
    asked.push({ id, createdAt, requester, place, tapped });
  }
  return asked;
}

/** The message that shows somebody's request in a chat; null when the person gets mails instead. */
async function untilShown(
  { deps, telegram, refusing }: Driver,
  { chatId, person }: Administrator,
  requester: Account,
): Promise<number | null> {
  const card = () => telegram.messages(chatId).findLast(({ text }) => isCard(text, requester));
  const blocked = async () =>
    refusing.has(chatId) &&
    typeof (await getTelegramLink(deps, person.id))?.blockedSince === "number";
  await until(async () => card() !== undefined || await blocked());
  return card()?.message_id ?? null;
}

/** Begins the message that shows a request. */
export const CARD = "Pedido de acesso";

export function isCard(text: string, { name }: Account): boolean {
  return text.startsWith(CARD) && text.includes(`Quem: ${name},`);
}
