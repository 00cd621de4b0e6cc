import { type Api, GrammyError } from "grammy/web";
import { isShown } from "../core/access/requests/transition.ts";
import { getMembership, isAdministrator } from "../core/access/membership.ts";
import { getRequest } from "../core/access/requests/request.ts";
import { requestsWaiting } from "../core/mails/access_mails.ts";
import { notify } from "../core/notify/notify.ts";
import { markTelegramBlocked } from "../core/account/telegram/reach.ts";
import type { Delivery } from "../core/outbox/send.ts";
import type { Deps } from "../core/deps.ts";
import type { ChatMessage } from "../core/store/records/outbox.ts";
import { describeError } from "../core/log/mod.ts";
import { transact } from "../core/store/transact.ts";
import type { Button } from "./callback_data.ts";
import { editMessage, sendCard, sendMessage } from "./send.ts";
import { isGone, isNotModified, isUnreachable } from "./errors.ts";
import { html } from "./html.ts";
import { findPending } from "./features/pending.ts";
import { findOwner } from "./private_chat.ts";
import { cardText, decisionButtons, loadCard } from "./request_card.ts";
import { labels, texts } from "./texts.ts";

/** How many waiting requests the welcome names. */
const NAMED = 5;
/** Enough to say "many" and to read no more. */
const COUNTED = 100;

const SHOW_PENDING: Button[][] = [
  [{ text: labels.showPending, tap: { action: "list", after: null, cnes: null } }],
];

/** Sends the outbox's chat messages. What they say is read at the time of sending. */
export function createChatSender(
  deps: Deps,
  api: Api,
): (message: ChatMessage, attempt?: number) => Promise<Delivery> {
  return async (message, attempt = 1) => {
    try {
      await deliver(deps, api, message, attempt);
      return { outcome: "sent" };
    } catch (error) {
      if (isNotModified(error)) return { outcome: "sent" };
      // A private chat has the number of its user.
      if (isUnreachable(error)) await markTelegramBlocked(deps, message.chatId);
      if (isUnreachable(error) && await mailInstead(deps, message)) return { outcome: "sent" };
      return failed(error);
    }
  };
}

async function deliver(
  deps: Deps,
  api: Api,
  message: ChatMessage,
  attempt: number,
): Promise<void> {
  switch (message.what) {
    case "request_created":
      return await sendRequest(deps, api, message, attempt);
    case "requests_waiting":
      return await sendWaiting(deps, api, message);
    case "request_decided":
      return await updateRequest(deps, api, message);
    case "tap_refused":
      return await explainRefusal(deps, api, message);
    case "linked":
      return await welcome(deps, api, message);
    case "alert":
      await sendMessage(api, message.chatId, html`${message.text}`);
      return;
    case "unlinked":
      await sendMessage(api, message.chatId, texts.unlinked(deps.config.origin));
  }
}

/**
 * What waits for a person whom the chat does not reach is told by e-mail, many requests in one; how a
 * message in that chat would look is of no use.
 *
 * @returns whether that settles it
 */
async function mailInstead(deps: Deps, { what, chatId }: ChatMessage): Promise<boolean> {
  if (what === "request_decided" || what === "tap_refused") return true;
  if (what !== "request_created" && what !== "requests_waiting") return false;
  const owner = await findOwner(deps, chatId);
  const text = requestsWaiting(deps.config.origin);
  return await transact(deps.kv, (tx) => notify(deps, tx, owner, text, { digest: true }));
}

type MessageOf<What extends ChatMessage["what"]> = Extract<ChatMessage, { what: What }>;

/**
 * Nothing is sent when it was decided meanwhile, or to a person who is no ADMINISTRADOR there any more; nor
 * again when an earlier attempt got as far as to note the message.
 */
async function sendRequest(
  deps: Deps,
  api: Api,
  { chatId, requestId }: MessageOf<"request_created">,
  attempt: number,
): Promise<void> {
  if (attempt > 1 && await isShown(deps, requestId, chatId)) return;
  const [request, owner] = await Promise.all([
    getRequest(deps, requestId),
    findOwner(deps, chatId),
  ]);
  if (request?.state !== "pendente" || !owner) return;
  const membership = await getMembership(deps, request.cnes, owner.id);
  if (!isAdministrator(membership)) return;
  await sendCard(deps, api, chatId, await loadCard(deps, request));
}

/** One message for many requests, each of which a button shows. */
async function sendWaiting(
  deps: Deps,
  api: Api,
  { chatId }: MessageOf<"requests_waiting">,
): Promise<void> {
  const owner = await findOwner(deps, chatId);
  const pending = owner && await findPending(deps, owner.id, COUNTED);
  if (!pending || pending.length === 0) return;
  const oldest = pending[0]!.createdAt;
  const text = texts.waiting(pending.length, pending.length === COUNTED, oldest);
  await sendMessage(api, chatId, text, { buttons: SHOW_PENDING });
}

/**
 * A message that was deleted meanwhile is not missed, unless a person waits to see it change: then the
 * outcome comes as a new one.
 */
async function updateRequest(
  deps: Deps,
  api: Api,
  { chatId, messageId, requestId, tapped }: MessageOf<"request_decided">,
): Promise<void> {
  const request = await getRequest(deps, requestId);
  if (!request) return;
  const text = cardText(await loadCard(deps, request));
  const buttons = decisionButtons(request, deps.config.origin);
  try {
    await editMessage(api, { chatId, messageId }, text, buttons);
  } catch (error) {
    if (!isGone(error)) throw error;
    const { via, decidedBy } = request;
    const waits = tapped || via === "telegram" &&
        (await findOwner(deps, chatId))?.id === decidedBy?.id;
    if (waits) await sendMessage(api, chatId, text);
  }
}

async function explainRefusal(
  deps: Deps,
  api: Api,
  { chatId, requestId, replyTo, refusal }: MessageOf<"tap_refused">,
): Promise<void> {
  const decided = refusal.code === "request_already_decided" && await getRequest(deps, requestId);
  const text = refusal.code === "not_allowed"
    ? texts.denied()
    : decided
    ? texts.decidedBefore(decided)
    : texts.refused(refusal);
  await sendMessage(api, chatId, text, { replyTo });
}

/** Confirms the link. What is waiting is named in the same message: one message is sent or is not. */
async function welcome(
  deps: Deps,
  api: Api,
  { chatId, name }: MessageOf<"linked">,
): Promise<void> {
  const owner = await findOwner(deps, chatId);
  if (!owner) return;
  const pending = await findPending(deps, owner.id, NAMED + 1) ?? [];
  const cards = await Promise.all(pending.slice(0, NAMED).map((each) => loadCard(deps, each)));
  const text = texts.linked(name, cards, pending.length > NAMED);
  await sendMessage(api, chatId, text, cards.length > 0 ? { buttons: SHOW_PENDING } : {});
}

/**
 * 429 waits as long as Telegram says. 400 and 403 (the person blocked the bot) are about this
 * message and final. The other refusals (401, 404: the token; 409) are about the bot itself and, like
 * a network that is down, no fault of the message.
 */
function failed(error: unknown): Delivery {
  const text = describeError(error);
  if (!(error instanceof GrammyError)) {
    return { outcome: "later", error: text, fault: { kind: "broken" } };
  }
  const { error_code: code, parameters: { retry_after } } = error;
  if (code === 429) {
    const retryAfter = retry_after && { retryAfter: retry_after * 1_000 };
    return { outcome: "later", error: text, ...retryAfter };
  }
  if (code === 400 || code === 403) return { outcome: "never", error: text };
  const kind = code === 401 || code === 404 ? "login" : "answer";
  return { outcome: "later", error: text, fault: { kind, code } };
}
