import { type Api, Composer } from "grammy/web";
import { listAdministered } from "../../core/access/requests/recipients.ts";
import { listPending } from "../../core/access/requests/request.ts";
import type { Deps } from "../../core/deps.ts";
import { getEstablishments } from "../../core/registry/establishment.ts";
import type { AccessRequest } from "../../core/store/records/access.ts";
import type { Account, AccountId } from "../../core/store/records/account.ts";
import { answerTap, sendCard, sendMessage } from "../send.ts";
import { auditStranger } from "../audit.ts";
import { type Button, parseCallback } from "../callback_data.ts";
import { findOwner, type PrivateContext, standingInChat } from "../private_chat.ts";
import { loadCard } from "../request_card.ts";
import { labels, texts } from "../texts.ts";

const PAGE = 5;
/** Establishments offered as a filter. */
const OFFERED = 12;

/** `/pendentes`, its filter and its "Mostrar mais": what waits where the person is ADMINISTRADOR, oldest first. */
export function pendingFeature(deps: Deps): Composer<PrivateContext> {
  const feature = new Composer<PrivateContext>();
  const { origin } = deps.config;

  feature.command("pendentes", async (ctx) => {
    const person = await findOwner(deps, ctx.from.id);
    if (person) await sendPage(deps, ctx, person, { after: null, cnes: null });
    else await sendMessage(ctx.api, ctx.chat.id, texts.notLinked(origin));
  });

  feature.on("callback_query:data", async (ctx, next) => {
    const data = parseCallback(ctx.callbackQuery.data);
    if (data?.action !== "list") return await next();
    const answered = answerTap(ctx);
    const person = await findOwner(deps, ctx.from.id);
    if (person) {
      await sendPage(deps, ctx, person, data);
    } else {
      const audited = { userId: ctx.from.id, action: data.action, requestId: null };
      await auditStranger(deps, { ...audited, outcome: "unlinked" });
      await sendMessage(ctx.api, ctx.chat.id, texts.notLinked(origin));
    }
    await answered;
  });
  return feature;
}

async function sendPage(
  deps: Deps,
  { api, chat }: PrivateContext,
  person: Account,
  { after, cnes }: { after: string | null; cnes: string | null },
): Promise<void> {
  const administered = await listAdministered(
    deps,
    person.id,
    standingInChat(deps, person.id),
  );
  if (administered.length === 0) {
    await sendMessage(api, chat.id, texts.noEstablishment(deps.config.origin));
    return;
  }
  if (cnes && !administered.includes(cnes)) {
    await sendMessage(api, chat.id, texts.notYours(cnes));
    return;
  }
  const pending = await listPending(deps, cnes ? [cnes] : administered, {
    limit: PAGE + 1,
    ...(after && { after }),
  });
  const page = pending.slice(0, PAGE);
  if (page.length === 0) {
    await sendMessage(api, chat.id, after ? texts.noMorePending() : texts.nonePending());
    return;
  }
  const cards = await Promise.all(page.map((request) => loadCard(deps, request)));
  if (cnes && !after) {
    await sendMessage(api, chat.id, texts.pendingAt(cnes, cards[0]!.establishment));
  }
  if (!cnes && !after) await sendHeading(deps, api, chat.id, administered);
  // One after the other: the chat shows them in the order in which they are sent.
  for (const card of cards) await sendCard(deps, api, chat.id, card);
  if (pending.length > PAGE) {
    const tap = { action: "list", after: page.at(-1)!.id, cnes } as const;
    await sendMessage(api, chat.id, texts.morePending(), {
      buttons: [[{ text: labels.showMore, tap }]],
    });
  }
}

/** What comes below; with a button for each establishment when there are several. */
async function sendHeading(
  deps: Deps,
  api: Api,
  chatId: number,
  administered: readonly string[],
): Promise<void> {
  if (administered.length === 1) {
    await sendMessage(api, chatId, texts.pending(false));
    return;
  }
  const offered = administered.slice(0, OFFERED);
  const found = await getEstablishments(deps, offered);
  const buttons = offered.map((cnes, i): Button[] => [{
    text: `${cnes} ${found[i]?.nome ?? ""}`.slice(0, 60).trim(),
    tap: { action: "list", after: null, cnes },
  }]);
  await sendMessage(api, chatId, texts.pending(true), { buttons });
}

/** The requests this person could decide; null when they are no ADMINISTRADOR anywhere. */
export async function findPending(
  deps: Deps,
  account: AccountId,
  limit: number,
): Promise<AccessRequest[] | null> {
  const administered = await listAdministered(deps, account, standingInChat(deps, account));
  return administered.length === 0 ? null : await listPending(deps, administered, { limit });
}
