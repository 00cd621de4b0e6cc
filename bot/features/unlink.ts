import { Composer, InlineKeyboard } from "grammy/web";
import { unlink } from "../../core/account/telegram/link.ts";
import type { Deps } from "../../core/deps.ts";
import { transact } from "../../core/store/transact.ts";
import { answerTap } from "../answer_tap.ts";
import { auditAction, auditStranger } from "../audit.ts";
import { packCallback, parseCallback } from "../callback_data.ts";
import { editOrSend } from "../cards.ts";
import { findOwner } from "../owner.ts";
import type { PrivateContext } from "../private_chat.ts";
import { sendMessage } from "../send.ts";
import { labels, texts } from "../texts.ts";

/** `/desligar`, and the button that confirms it: ends the link from the chat's side. */
export function unlinkFeature(deps: Deps): Composer<PrivateContext> {
  const feature = new Composer<PrivateContext>();
  const { origin } = deps.config;

  feature.command("desligar", async (ctx) => {
    const person = await findOwner(deps, ctx.from.id);
    const keyboard = new InlineKeyboard().text(labels.unlink, packCallback({ action: "unlink" }));
    if (person) await sendMessage(ctx.api, ctx.chat.id, texts.askUnlink(person.name), { keyboard });
    else await sendMessage(ctx.api, ctx.chat.id, texts.notLinked(origin));
  });

  feature.on("callback_query:data", async (ctx, next) => {
    const action = parseCallback(ctx.callbackQuery.data)?.action;
    if (action !== "unlink") return await next();
    const answered = answerTap(ctx);
    const userId = ctx.from.id;
    const person = await findOwner(deps, userId);
    if (person) {
      const audited = { userId, action, personId: person.id, requestId: null, cnes: null };
      await transact(deps.kv, (tx) => auditAction(deps, tx, { ...audited, outcome: "ok" }));
      await unlink(deps, person);
    } else {
      await auditStranger(deps, { userId, action, requestId: null, outcome: "unlinked" });
    }
    const messageId = ctx.callbackQuery.message?.message_id ?? 0;
    // The chat itself is told by the outbox, whichever side ended it.
    const text = person ? texts.unlinkAsked() : texts.notLinked(origin);
    await editOrSend(ctx.api, { chatId: ctx.chat.id, messageId }, text);
    await answered;
  });
  return feature;
}
