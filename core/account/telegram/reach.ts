import { isRecent } from "../../clock.ts";
import { appendAudit } from "../../audit/append.ts";
import type { Deps } from "../../deps.ts";
import { keys } from "../../store/keys.ts";
import { transact } from "../../store/transact.ts";
import { telegramBlocked } from "../../mails/account_mails.ts";
import { notify } from "../../notify/notify.ts";
import { list, read } from "../../store/read.ts";
import type { TelegramState } from "../../store/records/bot.ts";

/**
 * Telegram says that this account has blocked the bot. From here on the person is told by e-mail
 * instead; they are told so once, however many messages were refused.
 */
export async function markTelegramBlocked(deps: Deps, userId: number): Promise<void> {
  await transact(deps.kv, async (tx) => {
    const account = await tx.get(keys.telegramOwner(userId));
    if (!account) return;
    const [link, person] = await tx.getMany([
      keys.telegramLink(account),
      keys.account(account),
    ]);
    if (!person || link?.userId !== userId || link.blockedSince) return;
    tx.set(keys.telegramLink(account), { ...link, blockedSince: deps.now() });
    tx.set(keys.telegramBlocked(account), deps.now());
    notify(deps, tx, person, telegramBlocked(deps.config.origin));
    await appendAudit(deps, tx, {
      stream: "portal",
      event: "telegram.blocked",
      actor: "system",
      subject: person.id,
    });
  });
}

/** The person is in the chat again. */
export async function markTelegramReachable(deps: Deps, userId: number): Promise<void> {
  await transact(deps.kv, async (tx) => {
    const account = await tx.get(keys.telegramOwner(userId));
    const link = account ? await tx.get(keys.telegramLink(account)) : null;
    if (!account || link?.userId !== userId || !link.blockedSince) return;
    const { blockedSince: _, ...reachable } = link;
    tx.set(keys.telegramLink(account), reachable);
    tx.delete(keys.telegramBlocked(account));
  });
}

/** Notes this often at most (ms) that all is well: it is written with every poll otherwise. */
const OFTEN = 60_000;

export async function getTelegramState(deps: Deps): Promise<TelegramState | null> {
  return await read(deps.kv, keys.telegramState());
}

/**
 * Notes that the bot could speak with Telegram, or why not. A failure stays on record until it goes
 * well again.
 */
export async function noteTelegramState(
  deps: Deps,
  { mode, failure = null, pending = 0 }: {
    mode: TelegramState["mode"];
    failure?: string | null;
    pending?: number;
  },
): Promise<void> {
  const before = await getTelegramState(deps);
  const at = deps.now();
  const okAt = failure === null ? at : before?.okAt ?? null;
  const state: TelegramState = {
    mode,
    okAt,
    failure: failure === null ? null : { at, what: failure },
    pending,
  };
  const news = before?.mode !== mode || before.failure?.what !== state.failure?.what ||
    before.pending !== pending;
  const last = Math.max(before?.okAt ?? 0, before?.failure?.at ?? 0);
  if (!news && isRecent(last, at, OFTEN)) return;
  await transact(deps.kv, (tx) => tx.set(keys.telegramState(), state));
}

/** How many people have blocked the bot; counted no further than `limit`. */
export async function countBlocked(deps: Deps, limit: number): Promise<number> {
  return (await Array.fromAsync(list(deps.kv, keys.telegramBlocked.under(), { limit }))).length;
}
