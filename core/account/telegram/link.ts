import { isRecent, isRunning } from "../../clock.ts";
import { appendAudit } from "../../audit/append.ts";
import { randomToken } from "../../ids.ts";
import { keyedHash, keyedHashes } from "../../secrets.ts";
import { enqueue } from "../../outbox/enqueue.ts";
import type { Deps } from "../../deps.ts";
import { accept, refuse, type Result } from "../../result.ts";
import { keys } from "../../store/keys.ts";
import { read } from "../../store/read.ts";
import type {
  Account,
  AccountId,
  TelegramLink,
  TelegramLinking,
} from "../../store/records/account.ts";
import { transact, type Transaction } from "../../store/transact.ts";
import type { AccountCode } from "../messages.ts";
import { telegramChanged } from "../../mails/account_mails.ts";
import { notify } from "../../notify/notify.ts";
import type { LoggedIn, Session, Standing } from "../../store/records/session.ts";
import { type Proof, proofAsked, reauthenticate } from "../reauthenticate.ts";

/** ASVS 6.5.5 */
export const LINK_CODE_LIFE = 10 * 60_000;

export async function getTelegramLink(
  deps: Deps,
  account: AccountId,
): Promise<TelegramLink | null> {
  return await read(deps.kv, keys.telegramLink(account));
}

/** The account a Telegram account is linked to. */
export async function getTelegramOwner(deps: Deps, userId: number): Promise<AccountId | null> {
  return await read(deps.kv, keys.telegramOwner(userId));
}

export async function getTelegramLinking(
  deps: Deps,
  account: AccountId,
): Promise<TelegramLinking | null> {
  const linking = await read(deps.kv, keys.telegramLinking(account));
  return linking && isRunning(linking.expiresAt, deps.now(), LINK_CODE_LIFE) ? linking : null;
}

/**
 * Makes a one-time code of 128 bits for `https://t.me/<bot>?start=<code>`; a code made before ends.
 * @returns 22 characters of `[A-Za-z0-9_-]` (a start parameter takes up to 64)
 */
export async function createLinkCode(deps: Deps, person: Account): Promise<string> {
  const code = randomToken();
  const codeHash = keyedHash(deps.config, "telegram links", code);
  await transact(deps.kv, async (tx) => {
    const before = await tx.get(keys.telegramLinking(person.id));
    if (before) tx.delete(keys.telegramCode(before.codeHash));
    const expiresAt = deps.now() + LINK_CODE_LIFE;
    const linking: TelegramLinking = { codeHash, expiresAt, claimedBy: null };
    tx.set(keys.telegramLinking(person.id), linking, { expireIn: LINK_CODE_LIFE });
    tx.set(keys.telegramCode(codeHash), person.id, { expireIn: LINK_CODE_LIFE });
  });
  return code;
}

/**
 * The code arrived in a chat. It is spent here, from whatever chat; the site still has to confirm.
 * @returns the person the code was made for
 */
export async function claimLinkCode(
  deps: Deps,
  code: string,
  by: { userId: number; chatId: number; name: string },
): Promise<Result<Account, AccountCode>> {
  const hashes = keyedHashes(deps.config, "telegram links", code);
  return await transact(deps.kv, async (tx) => {
    const found = await tx.getMany(hashes.map((hash) => keys.telegramCode(hash)));
    const codeHash = hashes.find((_, i) => found[i] !== null);
    const account = found.find((one) => one !== null);
    if (!codeHash || !account) return refuse<AccountCode>("link_code_invalid");
    const [linking, owner, person] = await tx.getMany([
      keys.telegramLinking(account),
      keys.telegramOwner(by.userId),
      keys.account(account),
    ]);
    const good = linking?.codeHash === codeHash &&
      isRunning(linking.expiresAt, deps.now(), LINK_CODE_LIFE) && person?.active;
    if (!good) return refuse<AccountCode>("link_code_invalid");
    if (owner && owner !== account) return refuse<AccountCode>("link_chat_taken");
    const expireIn = linking.expiresAt - deps.now();
    tx.set(keys.telegramLinking(account), { ...linking, claimedBy: by }, { expireIn });
    tx.delete(keys.telegramCode(codeHash));
    return accept(person);
  });
}

/**
 * The person saw on the site which Telegram account asked, and says that it is theirs.
 * @param standing of the session: the chat acts under it from then on
 */
export async function confirmLink(
  deps: Deps,
  person: Account,
  { confirmedUnder, mailboxes }: Standing,
): Promise<Result<TelegramLink, AccountCode>> {
  return await transact(deps.kv, async (tx) => {
    const [linking, before] = await tx.getMany([
      keys.telegramLinking(person.id),
      keys.telegramLink(person.id),
    ]);
    if (!linking || !isRunning(linking.expiresAt, deps.now(), LINK_CODE_LIFE)) {
      return refuse<AccountCode>("link_code_invalid");
    }
    if (!linking.claimedBy) return refuse<AccountCode>("link_not_claimed");
    const { userId, chatId, name } = linking.claimedBy;
    const owner = await tx.get(keys.telegramOwner(userId));
    if (owner && owner !== person.id) return refuse<AccountCode>("link_chat_taken");
    if (before && before.userId !== userId) {
      tx.delete(keys.telegramOwner(before.userId));
      enqueue(deps, tx, { channel: "chat", chatId: before.chatId, what: "unlinked" });
    }
    const since = deps.now();
    const link: TelegramLink = { userId, chatId, name, since, confirmedUnder, mailboxes };
    tx.set(keys.telegramLink(person.id), link);
    tx.delete(keys.telegramBlocked(person.id));
    tx.set(keys.telegramOwner(userId), person.id);
    tx.delete(keys.telegramLinking(person.id));
    enqueue(deps, tx, { channel: "chat", chatId, what: "linked", name: person.name });
    notify(deps, tx, person, telegramChanged("linked", name, deps.config.origin));
    await appendAudit(deps, tx, {
      stream: "portal",
      event: "telegram.linked",
      actor: person.id,
      subject: `telegram:${userId}`,
    });
    return accept(link);
  });
}

/**
 * Ends the link, from either side, and a code under way with it. Ending it twice changes nothing.
 */
export async function unlink(deps: Deps, person: Account): Promise<void> {
  await transact(deps.kv, async (tx) => {
    const link = await cutLink(deps, tx, person.id);
    if (!link) return;
    notify(deps, tx, person, telegramChanged("unlinked", link.name, deps.config.origin));
    await appendAudit(deps, tx, {
      stream: "portal",
      event: "telegram.unlinked",
      actor: person.id,
      subject: `telegram:${link.userId}`,
    });
  });
}

/**
 * Ends link and code inside the commit of a greater change, and tells the chat; the rest is to be
 * told with that change.
 */
export async function cutLink(
  deps: Deps,
  tx: Transaction,
  account: AccountId,
): Promise<TelegramLink | null> {
  const [link, linking] = await tx.getMany([
    keys.telegramLink(account),
    keys.telegramLinking(account),
  ]);
  if (linking) {
    tx.delete(keys.telegramLinking(account));
    tx.delete(keys.telegramCode(linking.codeHash));
  }
  if (!link) return null;
  tx.delete(keys.telegramLink(account));
  tx.delete(keys.telegramBlocked(account));
  tx.delete(keys.telegramOwner(link.userId));
  enqueue(deps, tx, { channel: "chat", chatId: link.chatId, what: "unlinked" });
  return link;
}

/** How long after a login a link can be confirmed without another proof: 10 minutes. */
export const RECENT_LOGIN = 10 * 60_000;

/**
 * What the confirmation of a link asks for: a Telegram account that is linked decides in the person's
 * name, and an open session on an unguarded computer is not enough for that (ASVS 7.5.1).
 */
export function linkProof(
  deps: Deps,
  person: Account,
  session: Session<LoggedIn>,
): Proof | "recent" {
  const recent = isRecent(session.state.authenticatedAt, deps.now(), RECENT_LOGIN + 1);
  return recent ? "recent" : proofAsked(deps, person, session);
}

/** The final confirmation, by a person who has logged in lately or proves again who they are. */
export async function confirmLinkInSession(
  deps: Deps,
  person: Account,
  session: Session<LoggedIn>,
  proof: { password: string; address: string | null },
): Promise<Result<TelegramLink, AccountCode>> {
  if (linkProof(deps, person, session) !== "recent") {
    const proven = await reauthenticate(deps, session, proof);
    if (!proven.ok) return proven;
  }
  return await confirmLink(deps, person, session.state);
}
