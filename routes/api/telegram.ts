import { HttpError } from "fresh";
import { define } from "@/app.ts";

/** Where Telegram delivers updates; there is nothing here when the bot polls or is not set up. */
export const handler = define.handlers({
  async POST(ctx) {
    if (!ctx.state.telegramWebhook) throw new HttpError(404);
    return await ctx.state.telegramWebhook(ctx.req);
  },
});
