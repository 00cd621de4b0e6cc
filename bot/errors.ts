import { BotError, GrammyError, HttpError } from "grammy/web";

/**
 * What went wrong, for logs and dead letters. The cause of a network error holds the address that
 * was called, and with it the bot's token: it is taken out.
 */
export function describeError(error: unknown, token: string): string {
  const cause = error instanceof BotError ? error.error : error;
  const inner = cause instanceof HttpError ? cause.error : null;
  const text = [cause, inner]
    .flatMap((part) => part === null ? [] : [part instanceof Error ? part.message : String(part)])
    .join(" ");
  return text.replaceAll(token, "<token>").replaceAll(encodeURIComponent(token), "<token>");
}

/** The message already looks as it should: an edit that was made before. */
export function isNotModified(error: unknown): boolean {
  return isBadRequest(error) && error.description.includes("message is not modified");
}

/** Telegram will say the same however often it is asked. */
export function isBadRequest(error: unknown): error is GrammyError {
  return error instanceof GrammyError && error.error_code === 400;
}

/** The person blocked the bot or deleted the account. */
export function isUnreachable(error: unknown): boolean {
  return error instanceof GrammyError && error.error_code === 403;
}
