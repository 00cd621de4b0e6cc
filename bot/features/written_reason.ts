import { isRunning } from "../../core/clock.ts";
import { Composer } from "grammy/web";
import { decideRequest } from "../../core/access/requests/decide.ts";
import { getTelegramOwner } from "../../core/account/telegram/link.ts";
import type { Deps } from "../../core/deps.ts";
import { keys } from "../../core/store/keys.ts";
import { read } from "../../core/store/read.ts";
import type { ReasonQuestion } from "../../core/store/records/bot.ts";
import { transact } from "../../core/store/transact.ts";
import { auditStranger, notifyAttempt } from "../audit.ts";
import { type MessageRef, sendIfPossible, sendMessage } from "../send.ts";
import { type PrivateContext, standingInChat } from "../private_chat.ts";
import type { RequestCard } from "../request_card.ts";
import { labels, texts } from "../texts.ts";

/** After this long an answer is more likely meant for something else. */
export const QUESTION_LIFE = 60 * 60_000;
/** An expired question is kept a while, to say so rather than not to understand. */
const QUESTION_KEPT = 24 * 60 * 60_000;

/** Asks for a reason in the person's own words; the answer is known by the message it replies to. */
export async function askForReason(
  deps: Deps,
  ctx: PrivateContext,
  { chatId, messageId }: MessageRef,
  card: RequestCard,
): Promise<void> {
  const asked = await sendMessage(ctx.api, chatId, texts.writeReason(card), {
    askReply: labels.reasonPlaceholder,
  });
  const question: ReasonQuestion = {
    requestId: card.request.id,
    cardMessageId: messageId,
    expiresAt: deps.now() + QUESTION_LIFE,
  };
  await transact(
    deps.kv,
    (tx) => tx.set(keys.telegramReason(chatId, asked), question, { expireIn: QUESTION_KEPT }),
  );
}

/** The reply with the reason. */
export function writtenReasonFeature(deps: Deps): Composer<PrivateContext> {
  const feature = new Composer<PrivateContext>();
  feature.on("message:text", async (ctx, next) => {
    const repliedTo = ctx.message.reply_to_message?.message_id;
    if (repliedTo === undefined) return await next();
    const key = keys.telegramReason(ctx.chat.id, repliedTo);
    const question = await read(deps.kv, key);
    if (!question) return await next();
    if (!isRunning(question.expiresAt, deps.now(), QUESTION_LIFE)) {
      await sendMessage(ctx.api, ctx.chat.id, texts.reasonExpired());
      return;
    }
    const { requestId, cardMessageId } = question;
    const audited = { action: "written_reason", requestId, userId: ctx.from.id };
    const by = await getTelegramOwner(deps, ctx.from.id);
    if (!by) {
      await auditStranger(deps, { ...audited, outcome: "unlinked" });
      await sendMessage(ctx.api, ctx.chat.id, texts.notLinked(deps.config.origin));
      return;
    }
    const decided = await decideRequest(deps, {
      requestId,
      outcome: "reprovada",
      reason: ctx.message.text,
      by,
      standing: await standingInChat(deps, by),
      via: "telegram",
      telegramUser: ctx.from.id,
    });
    // A text that will not do may be sent again as another reply to the same question.
    if (decided.ok) await transact(deps.kv, (tx) => tx.delete(key));
    const card = { chatId: ctx.chat.id, messageId: cardMessageId };
    await notifyAttempt(deps, card, { ...audited, by, decided });
    if (decided.ok) await sendIfPossible(ctx.api, ctx.chat.id, texts.rejected());
  });
  return feature;
}
