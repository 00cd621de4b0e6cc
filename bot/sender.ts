import { type Api, GrammyError, InlineKeyboard } from "grammy/web";
import { getMembership } from "../core/access/membership.ts";
import { getRequest } from "../core/access/request.ts";
import type { ChatMessage, Delivery } from "../core/outbox/message.ts";
import type { Portal } from "../core/portal.ts";
import { packCallback } from "./callback_data.ts";
import { sendCard } from "./cards.ts";
import { describeError, isNotModified } from "./errors.ts";
import { findPending } from "./features/pending.ts";
import { findOwner } from "./owner.ts";
import { cardText, decisionButtons, loadCard } from "./request_card.ts";
import { edit, say } from "./say.ts";
import { labels, texts } from "./texts.ts";

/** How many waiting requests the welcome names. */
const NAMED = 5;

/** Sends the outbox's chat messages. What they say is read at the time of sending. */
export function createChatSender(
  portal: Portal,
  api: Api,
): (message: ChatMessage) => Promise<Delivery> {
  return async (message) => {
    try {
      await deliver(portal, api, message);
      return { outcome: "sent" };
    } catch (error) {
      return isNotModified(error) ? { outcome: "sent" } : failed(error, api.token);
    }
  };
}

async function deliver(portal: Portal, api: Api, message: ChatMessage): Promise<void> {
  switch (message.what) {
    case "request_created":
      return await sendRequest(portal, api, message);
    case "request_decided":
      return await updateRequest(portal, api, message);
    case "linked":
      return await welcome(portal, api, message);
    case "unlinked":
      await say(api, message.chatId, texts.unlinked(portal.config.origin));
  }
}

type MessageOf<What extends ChatMessage["what"]> = Extract<ChatMessage, { what: What }>;

/** Nothing is sent when it was decided meanwhile, or to who is no ADMINISTRADOR there any more. */
async function sendRequest(
  portal: Portal,
  api: Api,
  { chatId, requestId }: MessageOf<"request_created">,
): Promise<void> {
  const [request, owner] = await Promise.all([
    getRequest(portal, requestId),
    findOwner(portal, chatId),
  ]);
  if (request?.state !== "pendente" || !owner) return;
  const membership = await getMembership(portal, request.cnes, owner.cpf);
  if (membership?.profile !== "ADMINISTRADOR") return;
  await sendCard(portal, api, chatId, await loadCard(portal, request));
}

async function updateRequest(
  portal: Portal,
  api: Api,
  { chatId, messageId, requestId }: MessageOf<"request_decided">,
): Promise<void> {
  const request = await getRequest(portal, requestId);
  if (!request) return;
  const card = await loadCard(portal, request);
  await edit(api, { chatId, messageId }, cardText(card), decisionButtons(request));
}

/** Confirms the link. What is waiting is named in the same message: one message is sent or is not. */
async function welcome(
  portal: Portal,
  api: Api,
  { chatId, name }: MessageOf<"linked">,
): Promise<void> {
  const owner = await findOwner(portal, chatId);
  if (!owner) return;
  const pending = await findPending(portal, owner.cpf, NAMED + 1) ?? [];
  const cards = await Promise.all(pending.slice(0, NAMED).map((each) => loadCard(portal, each)));
  const text = texts.linked(name, cards, pending.length > NAMED);
  const button = packCallback({ action: "list", after: null });
  const keyboard = new InlineKeyboard().text(labels.showPending, button);
  await say(api, chatId, text, cards.length > 0 ? { keyboard } : {});
}

/**
 * 429 waits as long as Telegram says. 400 and 403 (the person blocked the bot) are about this
 * message and final. The other refusals (401, 404: the token; 409) are about the bot itself and, like
 * a network that is down, no fault of the message.
 */
function failed(error: unknown, token: string): Delivery {
  const text = describeError(error, token);
  if (!(error instanceof GrammyError)) return { outcome: "later", error: text };
  const { error_code: code, parameters: { retry_after } } = error;
  if (code === 429) {
    return {
      outcome: "later",
      error: text,
      ...(retry_after && { retryAfter: retry_after * 1_000 }),
    };
  }
  return { outcome: code === 400 || code === 403 ? "never" : "later", error: text };
}
