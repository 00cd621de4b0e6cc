import { Composer } from "grammy/web";
import { decideRequest } from "../../core/access/requests/decide.ts";
import { getTelegramOwner } from "../../core/account/telegram_link.ts";
import type { Portal } from "../../core/portal.ts";
import { keys } from "../../core/store/keys.ts";
import { read } from "../../core/store/read.ts";
import type { ReasonQuestion } from "../../core/store/records/bot.ts";
import { transact } from "../../core/store/transact.ts";
import { auditStranger } from "../audit.ts";
import type { MessagePlace } from "../cards.ts";
import type { PrivateContext } from "../private_chat.ts";
import type { RequestCard } from "../request_card.ts";
import { say, sayIfPossible } from "../say.ts";
import { tellAttempt } from "../tell.ts";
import { labels, texts } from "../texts.ts";

/** After this long an answer is more likely meant for something else. */
export const QUESTION_LIFE = 60 * 60_000;
/** An expired question is kept a while, to say so rather than not to understand. */
const QUESTION_KEPT = 24 * 60 * 60_000;

/** Asks for a reason in the person's own words; the answer is known by the message it replies to. */
export async function askForReason(
  portal: Portal,
  ctx: PrivateContext,
  { chatId, messageId }: MessagePlace,
  card: RequestCard,
): Promise<void> {
  const asked = await say(ctx.api, chatId, texts.writeReason(card), {
    keyboard: { force_reply: true, input_field_placeholder: labels.reasonPlaceholder },
  });
  const question: ReasonQuestion = {
    requestId: card.request.id,
    cardMessageId: messageId,
    expiresAt: portal.now() + QUESTION_LIFE,
  };
  await transact(
    portal.kv,
    (tx) => tx.set(keys.telegramReason(chatId, asked), question, { expireIn: QUESTION_KEPT }),
  );
}

/** The reply with the reason. */
export function writtenReasonFeature(portal: Portal): Composer<PrivateContext> {
  const feature = new Composer<PrivateContext>();
  feature.on("message:text", async (ctx, next) => {
    const repliedTo = ctx.message.reply_to_message?.message_id;
    if (repliedTo === undefined) return await next();
    const key = keys.telegramReason(ctx.chat.id, repliedTo);
    const question = await read(portal.kv, key);
    if (!question) return await next();
    if (question.expiresAt <= portal.now()) {
      await say(ctx.api, ctx.chat.id, texts.reasonExpired());
      return;
    }
    const { requestId, cardMessageId } = question;
    const deed = { action: "written_reason", requestId, userId: ctx.from.id };
    const by = await getTelegramOwner(portal, ctx.from.id);
    if (!by) {
      await auditStranger(portal, { ...deed, outcome: "unlinked" });
      await say(ctx.api, ctx.chat.id, texts.notLinked(portal.config.origin));
      return;
    }
    const decided = await decideRequest(portal, {
      requestId,
      outcome: "reprovada",
      reason: ctx.message.text,
      by,
      via: "telegram",
      telegramUser: ctx.from.id,
    });
    // A text that will not do may be sent again as another reply to the same question.
    if (decided.ok) await transact(portal.kv, (tx) => tx.delete(key));
    const place = { chatId: ctx.chat.id, messageId: cardMessageId };
    await tellAttempt(portal, place, { ...deed, by, decided });
    if (decided.ok) await sayIfPossible(ctx.api, ctx.chat.id, texts.rejected());
  });
  return feature;
}
