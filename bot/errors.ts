import { BotError, GrammyError } from "grammy/web";
import { Overloaded } from "../core/overloaded.ts";
import { MaintenanceError } from "../core/store/transact.ts";

/** What went wrong, for the public health page: the status that Telegram answered, or that it did not. */
export function briefly(error: unknown): string {
  return error instanceof GrammyError ? `erro ${error.error_code}` : "sem resposta";
}

/** The message already looks as it should: an edit that was made before. */
export function isNotModified(error: unknown): boolean {
  return isBadRequest(error) && error.description.includes("message is not modified");
}

/** The message was deleted, or is not the bot's own. */
export function isGone(error: unknown): boolean {
  return isBadRequest(error) &&
    /message (to edit not found|can't be edited)/.test(error.description);
}

/** Telegram will say the same however often it is asked. */
export function isBadRequest(error: unknown): error is GrammyError {
  return error instanceof GrammyError && error.error_code === 400;
}

/** The person blocked the bot or deleted the account. */
export function isUnreachable(error: unknown): boolean {
  return error instanceof GrammyError && error.error_code === 403;
}

/** The portal takes nothing now: it is in maintenance, or its store is busy. No fault of Telegram or bot. */
export function isRefusedByStore(error: unknown): boolean {
  const cause = error instanceof BotError ? error.error : error;
  return cause instanceof MaintenanceError || cause instanceof Overloaded;
}
