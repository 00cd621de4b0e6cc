import { appendAudit } from "../audit/append.ts";
import { randomToken } from "../ids.ts";
import { keyedHash } from "../keyed_hash.ts";
import { enqueue } from "../outbox/enqueue.ts";
import type { Portal } from "../portal.ts";
import { accept, refuse, type Result } from "../result.ts";
import { keys } from "../store/keys.ts";
import { read } from "../store/read.ts";
import type { Person, TelegramLink, TelegramLinking } from "../store/records/account.ts";
import { transact, type Transaction } from "../store/transact.ts";
import type { AccountCode } from "./messages.ts";
import { mail } from "./mails.ts";
import { reachableEmail } from "./person.ts";

/** ASVS 6.5.5 */
export const LINK_CODE_LIFE = 10 * 60_000;

export async function getTelegramLink(portal: Portal, cpf: string): Promise<TelegramLink | null> {
  return await read(portal.kv, keys.telegramLink(cpf));
}

/** CPF of the person a Telegram account is linked to. */
export async function getTelegramOwner(portal: Portal, userId: number): Promise<string | null> {
  return await read(portal.kv, keys.telegramOwner(userId));
}

export async function getTelegramLinking(
  portal: Portal,
  cpf: string,
): Promise<TelegramLinking | null> {
  const linking = await read(portal.kv, keys.telegramLinking(cpf));
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
    const before = await tx.get(keys.telegramLinking(person.cpf));
    if (before) tx.delete(keys.telegramCode(before.codeHash));
    const expiresAt = portal.now() + LINK_CODE_LIFE;
    const linking: TelegramLinking = { codeHash, expiresAt, claimedBy: null };
    tx.set(keys.telegramLinking(person.cpf), linking, { expireIn: LINK_CODE_LIFE });
    tx.set(keys.telegramCode(codeHash), person.cpf, { expireIn: LINK_CODE_LIFE });
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
    const cpf = await tx.get(keys.telegramCode(codeHash));
    if (!cpf) return refuse<AccountCode>("link_code_invalid");
    const [linking, owner, person] = await tx.getMany([
      keys.telegramLinking(cpf),
      keys.telegramOwner(by.userId),
      keys.person(cpf),
    ]);
    const good = linking?.codeHash === codeHash && linking.expiresAt > portal.now() &&
      person?.active;
    if (!good) return refuse<AccountCode>("link_code_invalid");
    if (owner && owner !== cpf) return refuse<AccountCode>("link_chat_taken");
    const expireIn = linking.expiresAt - portal.now();
    tx.set(keys.telegramLinking(cpf), { ...linking, claimedBy: by }, { expireIn });
    tx.delete(keys.telegramCode(codeHash));
    return accept(person);
  });
}

/** The person saw on the site which Telegram account asked, and says that it is theirs. */
export async function confirmLink(
  portal: Portal,
  person: Person,
): Promise<Result<TelegramLink, AccountCode>> {
  return await transact(portal.kv, async (tx) => {
    const [linking, before] = await tx.getMany([
      keys.telegramLinking(person.cpf),
      keys.telegramLink(person.cpf),
    ]);
    if (!linking || linking.expiresAt <= portal.now()) {
      return refuse<AccountCode>("link_code_invalid");
    }
    if (!linking.claimedBy) return refuse<AccountCode>("link_not_claimed");
    const { userId, chatId, name } = linking.claimedBy;
    const owner = await tx.get(keys.telegramOwner(userId));
    if (owner && owner !== person.cpf) return refuse<AccountCode>("link_chat_taken");
    if (before && before.userId !== userId) {
      tx.delete(keys.telegramOwner(before.userId));
      enqueue(portal, tx, { channel: "chat", chatId: before.chatId, what: "unlinked" });
    }
    const link: TelegramLink = { userId, chatId, name, since: portal.now() };
    tx.set(keys.telegramLink(person.cpf), link);
    tx.delete(keys.telegramBlocked(person.cpf));
    tx.set(keys.telegramOwner(userId), person.cpf);
    tx.delete(keys.telegramLinking(person.cpf));
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
  const [link, linking] = await tx.getMany([
    keys.telegramLink(cpf),
    keys.telegramLinking(cpf),
  ]);
  if (linking) {
    tx.delete(keys.telegramLinking(cpf));
    tx.delete(keys.telegramCode(linking.codeHash));
  }
  if (!link) return null;
  tx.delete(keys.telegramLink(cpf));
  tx.delete(keys.telegramBlocked(cpf));
  tx.delete(keys.telegramOwner(link.userId));
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
