import { Composer } from "grammy/web";
import type { AccessCode } from "../../core/access/messages.ts";
import { decideRequest, mayDecide } from "../../core/access/requests/decide.ts";
import { USUAL_REASONS } from "../../core/access/requests/describe.ts";
import { getTelegramOwner } from "../../core/account/telegram/link.ts";
import type { Deps } from "../../core/deps.ts";
import type { Result } from "../../core/result.ts";
import type { AccessRequest } from "../../core/store/records/access.ts";
import type { AccountId } from "../../core/store/records/account.ts";
import type { Standing } from "../../core/store/records/session.ts";
import { answerTap, editOrSend, sendIfPossible } from "../send.ts";
import { auditStranger, notifyAttempt } from "../audit.ts";
import { type Button, type CallbackData, parseCallback } from "../callback_data.ts";
import {
  cardText,
  confirmButtons,
  decisionButtons,
  detailLines,
  loadCard,
  loadDetails,
  needsConfirmation,
  reasonButtons,
  type RequestCard,
} from "../request_card.ts";
import { gap, type Html, lines } from "../html.ts";
import { type PrivateContext, standingInChat } from "../private_chat.ts";
import { texts, toasts } from "../texts.ts";
import { askForReason } from "./written_reason.ts";

type RequestTap = Extract<CallbackData, { requestId: string }>;

/**
 * The buttons under a request. Whether the person who tapped may decide, core says at each tap.
 * @param onCommit called as soon as a decision stands, because the message that shows it is on its way
 */
export function decisionFeature(
  deps: Deps,
  onCommit: () => void = () => {},
): Composer<PrivateContext> {
  const feature = new Composer<PrivateContext>();
  feature.on("callback_query:data", async (ctx, next) => {
    const data = parseCallback(ctx.callbackQuery.data);
    if (!data || !("requestId" in data)) return await next();
    // Answered before the outcome is known: Telegram waits some 15 seconds only. The outcome, and a
    // denial, come as messages, which can still be read when a pop-up would be gone.
    const answered = answerTap(ctx, toastOf(data));
    await handleTap(deps, ctx, data, onCommit);
    await answered;
  });
  return feature;
}

/** How the message of a request looks after a tap that decides nothing. */
async function nextLook(
  deps: Deps,
  card: RequestCard,
  action: "ask" | "reject" | "back" | "details",
): Promise<[Html, Button[][]]> {
  const { request } = card;
  const { origin } = deps.config;
  if (action === "ask" && needsConfirmation(request)) {
    return [texts.confirmApproval(cardText(card), request), confirmButtons(request)];
  }
  if (action === "reject") return [texts.whyReject(cardText(card)), reasonButtons(request)];
  if (action !== "details") return [cardText(card), decisionButtons(request, origin)];
  const details = await loadDetails(deps, request);
  return [
    lines(cardText(card), gap, ...detailLines(details)),
    decisionButtons(request, origin, { details: true }),
  ];
}

function toastOf({ action }: RequestTap): string | undefined {
  return action === "approve" || action === "reason" ? toasts[action] : undefined;
}

async function handleTap(
  deps: Deps,
  ctx: PrivateContext,
  tap: RequestTap,
  onCommit: () => void,
): Promise<void> {
  const messageId = ctx.callbackQuery?.message?.message_id ?? 0;
  const message = { chatId: ctx.chat.id, messageId };
  const userId = ctx.from.id;
  const by = await getTelegramOwner(deps, userId);
  const { action, requestId } = tap;
  if (!by) {
    await auditStranger(deps, { userId, action, requestId, outcome: "unlinked" });
    const text = texts.notLinked(deps.config.origin);
    await sendIfPossible(ctx.api, message.chatId, text, { replyTo: messageId });
    return;
  }
  const decided = await attempt(deps, tap, {
    ...{ by, telegramUser: userId },
    standing: await standingInChat(deps, by),
  });
  if (decided.ok) onCommit();
  await notifyAttempt(deps, message, { action, requestId, userId, by, decided });
  if (!decided.ok || action === "approve" || action === "reason") return;
  const card = await loadCard(deps, decided.data);
  if (action === "write") return await askForReason(deps, ctx, message, card);
  const [text, buttons] = await nextLook(deps, card, action);
  await editOrSend(ctx.api, message, text, buttons);
}

/** Decides, or says whether this person could. */
async function attempt(
  deps: Deps,
  tap: RequestTap,
  who: { by: AccountId; telegramUser: number; standing: Standing },
): Promise<Result<AccessRequest, AccessCode>> {
  const decision = { requestId: tap.requestId, ...who, via: "telegram" as const };
  if (tap.action === "approve") {
    return await decideRequest(deps, { ...decision, outcome: "aprovada" });
  }
  if (tap.action !== "reason") return await mayDecide(deps, decision);
  const reason = USUAL_REASONS[tap.reason];
  return await decideRequest(deps, { ...decision, outcome: "reprovada", reason });
}
