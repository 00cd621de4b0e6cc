import { BotError, GrammyError, HttpError } from "grammy/web";

/**
 * What went wrong and why, for logs and dead letters. The causes of a network error hold the address
 * that was called, and with it the bot's token: it is taken out.
 */
export function describeError(error: unknown, token: string): string {
  const messages: string[] = [];
  for (let each = error instanceof BotError ? error.error : error; each; each = causeOf(each)) {
    messages.push(each instanceof Error ? each.message : String(each));
  }
  return messages.join(": ").replaceAll(token, "<token>");
}

function causeOf(error: unknown): unknown {
  if (error instanceof HttpError) return error.error;
  return error instanceof Error ? error.cause : null;
}

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
