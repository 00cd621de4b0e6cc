import type { Key } from "../core/store/key.ts";
import { BotError, type MiddlewareFn } from "grammy/web";
import type { Deps } from "../core/deps.ts";
import { randomToken } from "../core/ids.ts";
import { keys } from "../core/store/keys.ts";
import type { UpdateMark } from "../core/store/records/bot.ts";
import { transact, type Transaction } from "../core/store/transact.ts";

/** Telegram repeats an update for a day at most. */
const REMEMBERED = 2 * 24 * 60 * 60_000;
/** Longer than an update takes: its pauses are limited, and its calls of the Bot API time out before. */
export const UPDATE_LEASE = 60_000;

/** The update is being worked on elsewhere; its bringer should bring it again. */
export class UpdateBusyError extends Error {
  override name = "UpdateBusyError";
}

/** Did handling an update fail because it is being worked on elsewhere? */
export function isBusy(error: unknown): boolean {
  return error instanceof BotError && error.error instanceof UpdateBusyError;
}

/**
 * Lets each update through once, however often Telegram delivers it. The update is claimed before
 * the work and marked as done after it. When the work throws, the claim is given up and the error
 * passed on, so that the next delivery does it; a process killed half-way leaves a claim that ends.
 *
 * @param alone this bot is the only one that is given updates, as with long polling: a claim of
 *   another one was left by a process that is dead, and is taken over at once
 * @throws {UpdateBusyError} when the same update is being worked on at this moment
 */
export function dedupe(
  deps: Deps,
  { alone = false }: { alone?: boolean } = {},
): MiddlewareFn {
  const holder = randomToken();
  return async (ctx, next) => {
    const key = keys.updateSeen(ctx.update.update_id);
    if (!await claim(deps, key, { holder, alone })) return;
    try {
      await next();
    } catch (error) {
      await transact(deps.kv, (tx) => tx.delete(key));
      throw error;
    }
    await transact(deps.kv, (tx) => mark(tx, key, { done: true, leaseUntil: 0 }));
  };
}

async function claim(
  deps: Deps,
  key: Key<UpdateMark>,
  { holder, alone }: { holder: string; alone: boolean },
): Promise<boolean> {
  const before = await transact(deps.kv, async (tx) => {
    const before = await tx.get(key);
    const dead = alone && before?.holder !== holder;
    const leaseUntil = deps.now() + UPDATE_LEASE;
    if (before?.done || (before && before.leaseUntil > deps.now() && !dead)) {
      // Claimed when the clock was ahead: it ends as late as one that begins now.
      if (before.leaseUntil > leaseUntil) mark(tx, key, { ...before, leaseUntil });
      return before;
    }
    mark(tx, key, { done: false, leaseUntil, holder });
    return null;
  });
  if (before && !before.done) throw new UpdateBusyError("this update is being worked on");
  return before === null;
}

function mark(tx: Transaction, key: Key<UpdateMark>, value: UpdateMark): void {
  tx.set(key, value, { expireIn: REMEMBERED });
}
