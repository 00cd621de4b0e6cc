import { Composer, InlineKeyboard } from "grammy/web";
import { unlink } from "../../core/account/telegram_link.ts";
import type { Portal } from "../../core/portal.ts";
import { transact } from "../../core/store/transact.ts";
import { answerTap } from "../answer_tap.ts";
import { auditDeed, auditStranger } from "../audit.ts";
import { packCallback, parseCallback } from "../callback_data.ts";
import { editOrSend } from "../cards.ts";
import { findOwner } from "../owner.ts";
import type { PrivateContext } from "../private_chat.ts";
import { say } from "../say.ts";
import { labels, texts } from "../texts.ts";

/** `/desligar`, and the button that confirms it: ends the link from the chat's side. */
export function unlinkFeature(portal: Portal): Composer<PrivateContext> {
  const feature = new Composer<PrivateContext>();
  const { origin } = portal.config;

  feature.command("desligar", async (ctx) => {
    const person = await findOwner(portal, ctx.from.id);
    const keyboard = new InlineKeyboard().text(labels.unlink, packCallback({ action: "unlink" }));
    if (person) await say(ctx.api, ctx.chat.id, texts.askUnlink(person.name), { keyboard });
    else await say(ctx.api, ctx.chat.id, texts.notLinked(origin));
  });

  feature.on("callback_query:data", async (ctx, next) => {
    const action = parseCallback(ctx.callbackQuery.data)?.action;
    if (action !== "unlink") return await next();
    const answered = answerTap(ctx);
    const userId = ctx.from.id;
    const person = await findOwner(portal, userId);
    if (person) {
      const deed = { userId, action, personId: person.id, requestId: null, cnes: null };
      await transact(portal.kv, (tx) => auditDeed(portal, tx, { ...deed, outcome: "ok" }));
      await unlink(portal, person);
    } else {
      await auditStranger(portal, { userId, action, requestId: null, outcome: "unlinked" });
    }
    const messageId = ctx.callbackQuery.message?.message_id ?? 0;
    // The chat itself is told by the outbox, whichever side ended it.
    const text = person ? texts.unlinkAsked() : texts.notLinked(origin);
    await editOrSend(ctx.api, { chatId: ctx.chat.id, messageId }, text);
    await answered;
  });
  return feature;
}
