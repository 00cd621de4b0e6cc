import { Composer } from "grammy/web";
import { listAdministered } from "../../core/access/requests/recipients.ts";
import { claimLinkCode } from "../../core/account/telegram/link.ts";
import { markTelegramReachable } from "../../core/account/telegram/reach.ts";
import type { Deps } from "../../core/deps.ts";
import { getEstablishments } from "../../core/registry/establishment.ts";
import type { Person } from "../../core/store/records/account.ts";
import { findOwner } from "../owner.ts";
import { sendIfPossible, sendMessage } from "../send.ts";
import { texts } from "../texts.ts";
import type { PrivateContext } from "../private_chat.ts";

/** `/start <code>` from the site's deep link, and `/start` alone. */
export function linkFeature(deps: Deps): Composer<PrivateContext> {
  const feature = new Composer<PrivateContext>();
  const { origin } = deps.config;

  feature.command("start", async (ctx) => {
    const { from, chat } = ctx;
    if (!ctx.match) {
      // Who unblocks the bot sends this, by the button that Telegram shows.
      await markTelegramReachable(deps, from.id);
      const person = await findOwner(deps, from.id);
      await sendMessage(
        ctx.api,
        chat.id,
        person ? texts.linkedAlready(person.name) : texts.howToLink(origin),
      );
      return;
    }
    const name = [from.first_name, from.last_name].filter(Boolean).join(" ");
    const claim = { userId: from.id, chatId: chat.id, name };
    const claimed = await claimLinkCode(deps, ctx.match, claim);
    const places = claimed.ok ? await placesOf(deps, claimed.data) : [];
    // The code is spent: failing here must not make the update come again.
    await sendIfPossible(
      ctx.api,
      chat.id,
      claimed.ok ? texts.claimed(claimed.data, places, origin) : texts.refused(claimed),
    );
  });
  return feature;
}

/** Establishments named to who links; more are counted. */
const NAMED = 5;

/** What the person administers, as `CNES 2077485, Hospital`. */
async function placesOf(deps: Deps, { cpf }: Person): Promise<string[]> {
  const numbers = await listAdministered(deps, cpf);
  const found = await getEstablishments(deps, numbers.slice(0, NAMED));
  const places = found.map((one, i) => `CNES ${numbers[i]}, ${one?.nome ?? "sem nome"}`);
  return numbers.length > NAMED ? [...places, `e mais ${numbers.length - NAMED}`] : places;
}
