import type { Chat, User } from "grammy/types";
import type { Context } from "grammy/web";
import { getAccount } from "../core/account/account.ts";
import { NO_STANDING } from "../core/account/credentials.ts";
import { getTelegramLink, getTelegramOwner } from "../core/account/telegram/link.ts";
import type { Deps } from "../core/deps.ts";
import type { Account, AccountId } from "../core/store/records/account.ts";
import type { Standing } from "../core/store/records/session.ts";

/** An update from the private chat of a person with the bot: the only chat in which requests are decided. */
export type PrivateContext = Context & { chat: Chat.PrivateChat; from: User };

/** Is this an update from the private chat of its sender? */
export function isPrivate(ctx: Context): ctx is PrivateContext {
  return ctx.chat?.type === "private" && ctx.chat.id === ctx.from?.id;
}

/**
 * The active person behind a Telegram account, by its immutable number: user names change hands.
 * A private chat has the number of its user.
 */
export async function findOwner(deps: Deps, userId: number): Promise<Account | null> {
  const account = await getTelegramOwner(deps, userId);
  const person = account && await getAccount(deps, account);
  return person?.active ? person : null;
}

/** What the chat of an account speaks for and opens: what the session did that has confirmed it. */
export async function standingInChat(deps: Deps, account: AccountId): Promise<Standing> {
  const link = await getTelegramLink(deps, account);
  if (!link) return NO_STANDING;
  const { confirmedUnder, mailboxes } = link;
  return { confirmedUnder, mailboxes };
}
