import { Composer } from "grammy/web";
import { listAdministrators } from "../../core/access/membership.ts";
import {
  isPaused,
  listAdministered,
  pauseAdministrator,
  resumeAdministrator,
} from "../../core/access/requests/recipients.ts";
import { listDecided, listPending } from "../../core/access/requests/request.ts";
import type { Deps } from "../../core/deps.ts";
import { getEstablishments } from "../../core/registry/establishment.ts";
import type { Account } from "../../core/store/records/account.ts";
import { auditPerson, auditStranger } from "../audit.ts";
import type { Html } from "../html.ts";
import { findOwner, type PrivateContext, standingInChat } from "../private_chat.ts";
import { loadCard } from "../request_card.ts";
import { sendMessage } from "../send.ts";
import { administrationTexts } from "../texts_administration.ts";
import { texts } from "../texts.ts";

/** Decisions that `/historico` shows. */
const HISTORY = 10;
/** Establishments that `/cnes` shows; each costs a few reads. */
const SHOWN = 20;
/** Counted no further: enough to say "many". */
const COUNTED = 100;

/** Commands that change something, and so go on record. */
const ACTING = new Set(["pausar", "retomar"]);

/** What an administrator asks about their own establishments, and whether requests come to them. */
export function administrationFeature(deps: Deps): Composer<PrivateContext> {
  const feature = new Composer<PrivateContext>();
  const answers: Record<string, (person: Account, userId: number) => Promise<Html>> = {
    historico: (person) => history(deps, person),
    cnes: (person) => establishments(deps, person),
    pausar: (person, userId) => pause(deps, person, userId),
    retomar: (person, userId) => resume(deps, person, userId),
  };
  for (const [command, answer] of Object.entries(answers)) {
    feature.command(command, async (ctx) => {
      const userId = ctx.from.id;
      const person = await findOwner(deps, userId);
      const text = person ? await answer(person, userId) : texts.notLinked(deps.config.origin);
      if (!person && ACTING.has(command)) {
        const action = `/${command}`;
        await auditStranger(deps, { userId, action, requestId: null, outcome: "unlinked" });
      }
      await sendMessage(ctx.api, ctx.chat.id, text);
    });
  }
  return feature;
}

async function history(deps: Deps, { id }: Account): Promise<Html> {
  const numbers = await listAdministered(deps, id, standingInChat(deps, id));
  if (numbers.length === 0) return texts.noEstablishment(deps.config.origin);
  const decided = await listDecided(deps, numbers, HISTORY);
  return administrationTexts.history(
    await Promise.all(decided.map((request) => loadCard(deps, request))),
  );
}

async function establishments(deps: Deps, { id }: Account): Promise<Html> {
  const numbers = await listAdministered(deps, id, standingInChat(deps, id));
  if (numbers.length === 0) return texts.noEstablishment(deps.config.origin);
  const shown = numbers.slice(0, SHOWN);
  const [found, paused, ...rows] = await Promise.all([
    getEstablishments(deps, shown),
    isPaused(deps, id),
    ...shown.map((cnes) =>
      Promise.all([
        listPending(deps, [cnes], { limit: COUNTED }),
        listAdministrators(deps, cnes),
      ])
    ),
  ]);
  return administrationTexts.establishments(
    rows.map(([pending, administrators], i) => ({
      cnes: shown[i]!,
      name: found[i]?.nome ?? "",
      pending: pending.length,
      others: administrators.filter((other) => other.id !== id).map(({ name }) => name),
    })),
    { paused, more: numbers.length - shown.length },
  );
}

async function pause(deps: Deps, person: Account, userId: number): Promise<Html> {
  const paused = await pauseAdministrator(deps, person);
  const outcome = paused.ok ? "ok" : paused.code;
  await auditPerson(deps, person, { userId, action: "/pausar", outcome });
  return paused.ok ? administrationTexts.paused(paused.data) : texts.refused(paused);
}

async function resume(deps: Deps, person: Account, userId: number): Promise<Html> {
  await resumeAdministrator(deps, person);
  await auditPerson(deps, person, { userId, action: "/retomar", outcome: "ok" });
  const numbers = await listAdministered(deps, person.id, standingInChat(deps, person.id));
  const pending = await listPending(deps, numbers, { limit: COUNTED });
  return administrationTexts.resumed(pending.length);
}
