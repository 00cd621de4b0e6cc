import type { Context } from "grammy/web";

/**
 * Answers a tap, so that the button stops waiting. Called before the work, which is not stopped when
 * it fails: what becomes of the tap is said by the message itself.
 *
 * @param text at most 200 characters, shown for a moment; with `alert` it stays until closed
 */
export async function answerTap(
  ctx: Context,
  text?: string,
  { alert = false }: { alert?: boolean } = {},
): Promise<void> {
  try {
    await ctx.answerCallbackQuery({ ...(text && { text }), show_alert: alert });
  } catch {
    // Telegram takes an answer for about 15 seconds; after that nobody waits for it.
  }
}
