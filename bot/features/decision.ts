import type { InlineKeyboardMarkup } from "grammy/types";
import { Composer } from "grammy/web";
import { decideRequest, mayDecide } from "../../core/access/requests/decide.ts";
import { USUAL_REASONS } from "../../core/access/requests/reasons.ts";
import { getTelegramOwner } from "../../core/account/telegram_link.ts";
import type { Portal } from "../../core/portal.ts";
import { answerTap } from "../answer_tap.ts";
import { auditDeniedTap } from "../audit.ts";
import { type CallbackData, parseCallback } from "../callback_data.ts";
import { editOrSend } from "../cards.ts";
import { detailLines, loadDetails } from "../details.ts";
import { gap, type Html, lines } from "../html.ts";
import type { PrivateContext } from "../private_chat.ts";
import {
  cardText,
  decisionButtons,
  loadCard,
  reasonButtons,
  type RequestCard,
} from "../request_card.ts";
import { sayIfPossible } from "../say.ts";
import { tellAttempt } from "../tell.ts";
import { texts, toasts } from "../texts.ts";
import { askForReason } from "./written_reason.ts";

type RequestTap = Exclude<CallbackData, { action: "list" }>;

/** The buttons under a request. Who tapped may decide or not: core says so at each tap. */
export function decisionFeature(portal: Portal): Composer<PrivateContext> {
  const feature = new Composer<PrivateContext>();
  feature.on("callback_query:data", async (ctx, next) => {
    const data = parseCallback(ctx.callbackQuery.data);
    if (!data || data.action === "list") return await next();
    // Answered before the outcome is known: Telegram waits some 15 seconds only. The outcome, and a
    // denial, come as messages, which can still be read when a pop-up would be gone.
    const answered = answerTap(ctx, toastOf(data));
    await handleTap(portal, ctx, data);
    await answered;
  });
  return feature;
}

/** How the message of a request looks after a tap that decides nothing. */
async function nextLook(
  portal: Portal,
  card: RequestCard,
  action: "reject" | "back" | "details",
): Promise<[Html, InlineKeyboardMarkup]> {
  const { request } = card;
  const { origin } = portal.config;
  if (action === "reject") return [texts.whyReject(cardText(card)), reasonButtons(request)];
  if (action === "back") return [cardText(card), decisionButtons(request, origin)];
  const details = await loadDetails(portal, request);
  return [
    lines(cardText(card), gap, ...detailLines(details)),
    decisionButtons(request, origin, { details: true }),
  ];
}

function toastOf({ action }: RequestTap): string | undefined {
  return action === "approve" || action === "reason" ? toasts[action] : undefined;
}

async function handleTap(portal: Portal, ctx: PrivateContext, tap: RequestTap): Promise<void> {
  const messageId = ctx.callbackQuery?.message?.message_id ?? 0;
  const place = { chatId: ctx.chat.id, messageId };
  const by = await getTelegramOwner(portal, ctx.from.id);
  const { requestId } = tap;
  if (!by) {
    await auditDeniedTap(portal, { userId: ctx.from.id, why: "unlinked", requestId });
    const text = texts.notLinked(portal.config.origin);
    await sayIfPossible(ctx.api, place.chatId, text, { replyTo: messageId });
    return;
  }
  const attempt = { requestId, by, via: "telegram" as const };
  if (tap.action === "approve") {
    const decided = await decideRequest(portal, { ...attempt, outcome: "aprovada" });
    return await tellAttempt(portal, place, { ...attempt, decided });
  }
  if (tap.action === "reason") {
    const reason = USUAL_REASONS[tap.reason];
    const decided = await decideRequest(portal, { ...attempt, outcome: "reprovada", reason });
    return await tellAttempt(portal, place, { ...attempt, decided });
  }
  const allowed = await mayDecide(portal, attempt);
  if (!allowed.ok) {
    return await tellAttempt(portal, place, { ...attempt, decided: allowed });
  }
  const card = await loadCard(portal, allowed.data);
  if (tap.action === "write") return await askForReason(portal, ctx, place, card);
  const [text, keyboard] = await nextLook(portal, card, tap.action);
  await editOrSend(ctx.api, place, text, keyboard);
}
