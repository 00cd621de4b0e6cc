import type { Api } from "grammy/web";
import type { AccessCode } from "../core/access/messages.ts";
import { type AccessRequest, getRequest } from "../core/access/requests/request.ts";
import { getPerson } from "../core/account/person.ts";
import type { Portal } from "../core/portal.ts";
import type { Result } from "../core/result.ts";
import { type MessagePlace, showOutcome } from "./cards.ts";
import { sayIfPossible } from "./say.ts";
import { texts } from "./texts.ts";

/** An attempt to decide and what core answered. */
export interface Attempt {
  requestId: string;
  /** CPF of the person who tried. */
  by: string;
  decided: Result<AccessRequest, AccessCode>;
}

/** Brings the message of a request up to date and says why, when this attempt decided nothing. */
export async function tellOutcome(
  portal: Portal,
  api: Api,
  place: MessagePlace,
  { requestId, by, decided }: Attempt,
): Promise<void> {
  if (decided.ok) return await showOutcome(portal, api, place, decided.data);
  const say = { replyTo: place.messageId };
  if (decided.code === "request_expired") {
    const request = await getRequest(portal, requestId);
    if (request) await showOutcome(portal, api, place, request);
  }
  if (decided.code !== "request_already_decided") {
    const text = decided.code === "not_allowed" ? texts.denied() : texts.refused(decided);
    return await sayIfPossible(api, place.chatId, text, say);
  }
  const [request, person] = await Promise.all([
    getRequest(portal, requestId),
    getPerson(portal, by),
  ]);
  if (!request) return;
  await showOutcome(portal, api, place, request);
  // Who tapped twice is not told about themselves.
  if (request.decidedBy?.id === person?.id) return;
  await sayIfPossible(api, place.chatId, texts.decidedBefore(request), say);
}
