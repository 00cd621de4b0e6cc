import { appendAudit } from "../audit/append.ts";
import { randomToken } from "../ids.ts";
import { keyedHash } from "../keyed_hash.ts";
import { enqueue } from "../outbox/enqueue.ts";
import type { Portal } from "../portal.ts";
import { accept, refuse, type Result } from "../result.ts";
import { transact, type Transaction } from "../store/transact.ts";
import { keys as accountKeys } from "./keys.ts";
import type { AccountCode } from "./messages.ts";
import { mail } from "./mails.ts";
import { type Person, reachableEmail } from "./person.ts";

/** A person's confirmed chat. One chat per person, one person per Telegram account. */
export interface TelegramLink {
  /** The immutable numeric id; user names change hands. */
  userId: number;
  chatId: number;
  /** As Telegram showed it when linking. */
  name: string;
  since: number;
  /** Since when Telegram refuses to deliver there: the person blocked the bot. */
  blockedSince?: number;
}

/** A link on its way: code made, perhaps typed in the chat, not yet confirmed on the site. */
export interface TelegramLinking {
  codeHash: string;
  expiresAt: number;
  claimedBy: { userId: number; chatId: number; name: string } | null;
}

/** ASVS 6.5.5 */
export const LINK_CODE_LIFE = 10 * 60_000;

export const keys = {
  link: (cpf: string) => ["telegram_link", cpf],
  owner: (userId: number) => ["telegram_user", userId],
  linking: (cpf: string) => ["telegram_linking", cpf],
  code: (hash: string) => ["telegram_code", hash],
  /** Who has blocked the bot. */
  blocked: (cpf: string) => ["telegram_blocked", cpf],
  allBlocked: () => ["telegram_blocked"],
  /** When the bot and Telegram last spoke. */
  state: () => ["telegram_state"],
} as const;

export async function getTelegramLink(portal: Portal, cpf: string): Promise<TelegramLink | null> {
  return (await portal.kv.get<TelegramLink>(keys.link(cpf))).value;
}

/** CPF of the person a Telegram account is linked to. */
export async function getTelegramOwner(portal: Portal, userId: number): Promise<string | null> {
  return (await portal.kv.get<string>(keys.owner(userId))).value;
}

export async function getTelegramLinking(
  portal: Portal,
  cpf: string,
): Promise<TelegramLinking | null> {
  const linking = (await portal.kv.get<TelegramLinking>(keys.linking(cpf))).value;
  return linking && linking.expiresAt > portal.now() ? linking : null;
}

/**
 * Makes a one-time code of 128 bits for `https://t.me/<bot>?start=<code>`; a code made before ends.
 * @returns 22 characters of `[A-Za-z0-9_-]` (a start parameter takes up to 64)
 */
export async function createLinkCode(portal: Portal, person: Person): Promise<string> {
  const code = randomToken();
  const codeHash = await hashOf(portal, code);
  await transact(portal.kv, async (tx) => {
    const before = await tx.get<TelegramLinking>(keys.linking(person.cpf));
    if (before) tx.delete(keys.code(before.codeHash));
    const expiresAt = portal.now() + LINK_CODE_LIFE;
    const linking: TelegramLinking = { codeHash, expiresAt, claimedBy: null };
    tx.set(keys.linking(person.cpf), linking, { expireIn: LINK_CODE_LIFE });
    tx.set(keys.code(codeHash), person.cpf, { expireIn: LINK_CODE_LIFE });
  });
  return code;
}

/**
 * The code arrived in a chat. It is spent here, whoever sent it; the site still has to confirm.
 * @returns the person the code was made for
 */
export async function claimLinkCode(
  portal: Portal,
  code: string,
  by: { userId: number; chatId: number; name: string },
): Promise<Result<Person, AccountCode>> {
  const codeHash = await hashOf(portal, code);
  return await transact(portal.kv, async (tx) => {
    const cpf = await tx.get<string>(keys.code(codeHash));
    if (!cpf) return refuse<AccountCode>("link_code_invalid");
    const [linking, owner, person] = await tx.getMany<[TelegramLinking, string, Person]>([
      keys.linking(cpf),
      keys.owner(by.userId),
      accountKeys.person(cpf),
    ]);
    const good = linking?.codeHash === codeHash && linking.expiresAt > portal.now() &&
      person?.active;
    if (!good) return refuse<AccountCode>("link_code_invalid");
    if (owner && owner !== cpf) return refuse<AccountCode>("link_chat_taken");
    const expireIn = linking.expiresAt - portal.now();
    tx.set(keys.linking(cpf), { ...linking, claimedBy: by }, { expireIn });
    tx.delete(keys.code(codeHash));
    return accept(person);
  });
}

/** The person saw on the site which Telegram account asked, and says that it is theirs. */
export async function confirmLink(
  portal: Portal,
  person: Person,
): Promise<Result<TelegramLink, AccountCode>> {
  return await transact(portal.kv, async (tx) => {
    const [linking, before] = await tx.getMany<[TelegramLinking, TelegramLink]>([
      keys.linking(person.cpf),
      keys.link(person.cpf),
    ]);
    if (!linking || linking.expiresAt <= portal.now()) {
      return refuse<AccountCode>("link_code_invalid");
    }
    if (!linking.claimedBy) return refuse<AccountCode>("link_not_claimed");
    const { userId, chatId, name } = linking.claimedBy;
    const owner = await tx.get<string>(keys.owner(userId));
    if (owner && owner !== person.cpf) return refuse<AccountCode>("link_chat_taken");
    if (before && before.userId !== userId) {
      tx.delete(keys.owner(before.userId));
      enqueue(portal, tx, { channel: "chat", chatId: before.chatId, what: "unlinked" });
    }
    const link: TelegramLink = { userId, chatId, name, since: portal.now() };
    tx.set(keys.link(person.cpf), link);
    tx.delete(keys.blocked(person.cpf));
    tx.set(keys.owner(userId), person.cpf);
    tx.delete(keys.linking(person.cpf));
    enqueue(portal, tx, { channel: "chat", chatId, what: "linked", name: person.name });
    tell(
      portal,
      tx,
      person,
      "Telegram ligado à sua conta",
      `A conta do Telegram “${name}” foi ligada`,
    );
    await appendAudit(portal, tx, {
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
export async function unlink(portal: Portal, person: Person): Promise<void> {
  await transact(portal.kv, async (tx) => {
    const link = await cutLink(portal, tx, person.cpf);
    if (!link) return;
    tell(
      portal,
      tx,
      person,
      "Telegram desligado da sua conta",
      `A conta “${link.name}” foi desligada`,
    );
    await appendAudit(portal, tx, {
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
  portal: Portal,
  tx: Transaction,
  cpf: string,
): Promise<TelegramLink | null> {
  const [link, linking] = await tx.getMany<[TelegramLink, TelegramLinking]>([
    keys.link(cpf),
    keys.linking(cpf),
  ]);
  if (linking) {
    tx.delete(keys.linking(cpf));
    tx.delete(keys.code(linking.codeHash));
  }
  if (!link) return null;
  tx.delete(keys.link(cpf));
  tx.delete(keys.blocked(cpf));
  tx.delete(keys.owner(link.userId));
  enqueue(portal, tx, { channel: "chat", chatId: link.chatId, what: "unlinked" });
  return link;
}

function tell(
  portal: Portal,
  tx: Parameters<typeof enqueue>[1],
  person: Person,
  subject: string,
  what: string,
): void {
  const to = reachableEmail(person);
  if (!to) return;
  const text = `Olá, ${person.name}.\n\n${what} do seu cadastro no Habilita.\n\n` +
    `Se não foi você, desfaça em ${portal.config.origin}/conta/telegram e troque a sua senha.`;
  enqueue(portal, tx, mail(to, subject, text));
}

function hashOf(portal: Portal, code: string): Promise<string> {
  return keyedHash(portal.config.secret, "telegram_link", code);
}
