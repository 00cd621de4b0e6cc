import { Composer, InlineKeyboard } from "grammy/web";
import { listMembershipsOf } from "../../core/access/membership.ts";
import { type AccessRequest, listPending } from "../../core/access/request.ts";
import type { Person } from "../../core/account/person.ts";
import type { Portal } from "../../core/portal.ts";
import { answerTap } from "../answer_tap.ts";
import { auditDeniedTap } from "../audit.ts";
import { packCallback, parseCallback } from "../callback_data.ts";
import { sendCard } from "../cards.ts";
import { findOwner } from "../owner.ts";
import type { PrivateContext } from "../private_chat.ts";
import { loadCard } from "../request_card.ts";
import { say } from "../say.ts";
import { labels, texts } from "../texts.ts";

const PAGE = 5;

/** `/pendentes` and its "Mostrar mais": what waits where the person is ADMINISTRADOR, oldest first. */
export function pendingFeature(portal: Portal): Composer<PrivateContext> {
  const feature = new Composer<PrivateContext>();
  const { origin } = portal.config;

  feature.command("pendentes", async (ctx) => {
    const person = await findOwner(portal, ctx.from.id);
    if (person) await sendPage(portal, ctx, person, null);
    else await say(ctx.api, ctx.chat.id, texts.notLinked(origin));
  });

  feature.on("callback_query:data", async (ctx, next) => {
    const data = parseCallback(ctx.callbackQuery.data);
    if (data?.action !== "list") return await next();
    const answered = answerTap(ctx);
    const person = await findOwner(portal, ctx.from.id);
    if (person) {
      await sendPage(portal, ctx, person, data.after);
    } else {
      await auditDeniedTap(portal, { userId: ctx.from.id, why: "unlinked", requestId: null });
      await say(ctx.api, ctx.chat.id, texts.notLinked(origin));
    }
    await answered;
  });
  return feature;
}

async function sendPage(
  portal: Portal,
  { api, chat }: PrivateContext,
  person: Person,
  after: string | null,
): Promise<void> {
  const pending = await findPending(portal, person.cpf, PAGE + 1, after);
  if (!pending) {
    await say(api, chat.id, texts.noEstablishment(portal.config.origin));
    return;
  }
  const page = pending.slice(0, PAGE);
  if (page.length === 0) {
    await say(api, chat.id, after ? texts.noMorePending() : texts.nonePending());
    return;
  }
  if (!after) await say(api, chat.id, texts.pending());
  // One after the other: the chat shows them in the order in which they are sent.
  for (const card of await Promise.all(page.map((request) => loadCard(portal, request)))) {
    await sendCard(portal, api, chat.id, card);
  }
  if (pending.length > PAGE) {
    const data = packCallback({ action: "list", after: page.at(-1)!.id });
    const keyboard = new InlineKeyboard().text(labels.showMore, data);
    await say(api, chat.id, texts.morePending(), { keyboard });
  }
}

/** The requests this person could decide; null when they are no ADMINISTRADOR anywhere. */
export async function findPending(
  portal: Portal,
  cpf: string,
  limit: number,
  after: string | null = null,
): Promise<AccessRequest[] | null> {
  const memberships = await listMembershipsOf(portal, cpf);
  const administered = memberships.filter(({ profile }) => profile === "ADMINISTRADOR");
  if (administered.length === 0) return null;
  const numbers = administered.map(({ cnes }) => cnes);
  return await listPending(portal, numbers, { limit, ...(after && { after }) });
}
