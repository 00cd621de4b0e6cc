import { Composer } from "grammy/web";
import { listAdministrators } from "../../core/access/membership.ts";
import {
  isPaused,
  listAdministered,
  pauseAdministrator,
  resumeAdministrator,
} from "../../core/access/requests/pause.ts";
import { listDecided, listPending } from "../../core/access/requests/request.ts";
import type { Portal } from "../../core/portal.ts";
import { getEstablishments } from "../../core/registry/establishment.ts";
import type { Person } from "../../core/store/records/account.ts";
import { transact } from "../../core/store/transact.ts";
import { auditDeed, auditStranger, type Deed } from "../audit.ts";
import type { Html } from "../html.ts";
import { findOwner } from "../owner.ts";
import type { PrivateContext } from "../private_chat.ts";
import { loadCard } from "../request_card.ts";
import { say } from "../say.ts";
import { administrationTexts as said } from "../texts_administration.ts";
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
export function administrationFeature(portal: Portal): Composer<PrivateContext> {
  const feature = new Composer<PrivateContext>();
  const answers: Record<string, (person: Person, userId: number) => Promise<Html>> = {
    historico: (person) => history(portal, person),
    cnes: (person) => establishments(portal, person),
    pausar: (person, userId) => pause(portal, person, userId),
    retomar: (person, userId) => resume(portal, person, userId),
  };
  for (const [command, answer] of Object.entries(answers)) {
    feature.command(command, async (ctx) => {
      const userId = ctx.from.id;
      const person = await findOwner(portal, userId);
      const text = person ? await answer(person, userId) : texts.notLinked(portal.config.origin);
      if (!person && ACTING.has(command)) {
        const action = `/${command}`;
        await auditStranger(portal, { userId, action, requestId: null, outcome: "unlinked" });
      }
      await say(ctx.api, ctx.chat.id, text);
    });
  }
  return feature;
}

async function history(portal: Portal, { cpf }: Person): Promise<Html> {
  const numbers = await listAdministered(portal, cpf);
  if (numbers.length === 0) return texts.noEstablishment(portal.config.origin);
  const decided = await listDecided(portal, numbers, HISTORY);
  return said.history(await Promise.all(decided.map((request) => loadCard(portal, request))));
}

async function establishments(portal: Portal, { cpf }: Person): Promise<Html> {
  const numbers = await listAdministered(portal, cpf);
  if (numbers.length === 0) return texts.noEstablishment(portal.config.origin);
  const shown = numbers.slice(0, SHOWN);
  const [found, paused, ...rows] = await Promise.all([
    getEstablishments(portal, shown),
    isPaused(portal, cpf),
    ...shown.map((cnes) =>
      Promise.all([
        listPending(portal, [cnes], { limit: COUNTED }),
        listAdministrators(portal, cnes),
      ])
    ),
  ]);
  return said.establishments(
    rows.map(([pending, administrators], i) => ({
      cnes: shown[i]!,
      name: found[i]?.nome ?? "",
      pending: pending.length,
      others: administrators.filter((other) => other.cpf !== cpf).map(({ name }) => name),
    })),
    { paused, more: numbers.length - shown.length },
  );
}

async function pause(portal: Portal, person: Person, userId: number): Promise<Html> {
  const paused = await pauseAdministrator(portal, person);
  await audit(portal, person, {
    userId,
    action: "/pausar",
    outcome: paused.ok ? "ok" : paused.code,
  });
  return paused.ok ? said.paused(paused.data) : texts.refused(paused);
}

async function resume(portal: Portal, person: Person, userId: number): Promise<Html> {
  await resumeAdministrator(portal, person);
  await audit(portal, person, { userId, action: "/retomar", outcome: "ok" });
  const numbers = await listAdministered(portal, person.cpf);
  const pending = await listPending(portal, numbers, { limit: COUNTED });
  return said.resumed(pending.length);
}

async function audit(
  portal: Portal,
  { id }: Person,
  deed: Pick<Deed, "userId" | "action" | "outcome">,
): Promise<void> {
  await transact(
    portal.kv,
    (tx) => auditDeed(portal, tx, { ...deed, personId: id, requestId: null, cnes: null }),
  );
}
