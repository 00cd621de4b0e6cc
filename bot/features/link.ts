import { Composer } from "grammy/web";
import { listAdministered } from "../../core/access/requests/recipients.ts";
import { claimLinkCode, unlink } from "../../core/account/telegram/link.ts";
import { markTelegramReachable } from "../../core/account/telegram/reach.ts";
import type { Deps } from "../../core/deps.ts";
import { getEstablishments } from "../../core/registry/establishment.ts";
import type { Account } from "../../core/store/records/account.ts";
import { auditPerson, auditStranger } from "../audit.ts";
import { type Button, parseCallback } from "../callback_data.ts";
import { findOwner, type PrivateContext } from "../private_chat.ts";
import { answerTap, editOrSend, sendIfPossible, sendMessage } from "../send.ts";
import { labels, texts } from "../texts.ts";

/**
 * `/start <code>` from the site's deep link, and `/start` alone; `/desligar` and the button that
 * confirms it, which end the link from the chat's side.
 */
export function linkFeature(deps: Deps): Composer<PrivateContext> {
  const feature = new Composer<PrivateContext>();
  const { origin } = deps.config;

  feature.command("start", async (ctx) => {
    const { from, chat } = ctx;
    if (!ctx.match) {
      // A person who unblocks the bot sends this, by the button that Telegram shows.
      await markTelegramReachable(deps, from.id);
      const person = await findOwner(deps, from.id);
      const text = person ? texts.linkedAlready(person.name) : texts.howToLink(origin);
      await sendMessage(ctx.api, chat.id, text);
      return;
    }
    const name = [from.first_name, from.last_name].filter(Boolean).join(" ");
    const claim = { userId: from.id, chatId: chat.id, name };
    const claimed = await claimLinkCode(deps, ctx.match, claim);
    const text = claimed.ok
      ? texts.claimed(claimed.data, await establishmentsOf(deps, claimed.data), origin)
      : texts.refused(claimed);
    // The code is spent: failing here must not make the update come again.
    await sendIfPossible(ctx.api, chat.id, text);
  });

  feature.command("desligar", async (ctx) => {
    const person = await findOwner(deps, ctx.from.id);
    const buttons: Button[][] = [[{ text: labels.unlink, tap: { action: "unlink" } }]];
    if (person) await sendMessage(ctx.api, ctx.chat.id, texts.askUnlink(person.name), { buttons });
    else await sendMessage(ctx.api, ctx.chat.id, texts.notLinked(origin));
  });

  feature.on("callback_query:data", async (ctx, next) => {
    const action = parseCallback(ctx.callbackQuery.data)?.action;
    if (action !== "unlink") return await next();
    const answered = answerTap(ctx);
    const userId = ctx.from.id;
    const person = await findOwner(deps, userId);
    if (person) {
      await auditPerson(deps, person, { userId, action, outcome: "ok" });
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

/** Establishments named to a person who links; more are counted. */
const NAMED = 5;

/** What the person administers, as `CNES 2077485, Hospital`. */
async function establishmentsOf(deps: Deps, { id }: Account): Promise<string[]> {
  const numbers = await listAdministered(deps, id);
  const found = await getEstablishments(deps, numbers.slice(0, NAMED));
  const named = found.map((one, i) => `CNES ${numbers[i]}, ${one?.nome ?? "sem nome"}`);
  return numbers.length > NAMED ? [...named, `e mais ${numbers.length - NAMED}`] : named;
}
