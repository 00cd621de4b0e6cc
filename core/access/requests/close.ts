import { appendAudit } from "../../audit/append.ts";
import { enqueue } from "../../outbox/enqueue.ts";
import type { Portal } from "../../portal.ts";
import { keys } from "../../store/keys.ts";
import type { AccessRequest, EstablishmentRequest } from "../../store/records/access.ts";
import type { Transaction } from "../../store/transact.ts";
import { chatsShowing, decidedNotice } from "./shown.ts";
import { after, type Move, movesTheOtherToo } from "./steps.ts";

/** What goes on record with a move. */
export interface Ending {
  move: Move;
  /** Id and name of the person; null when the time did it. */
  by: { id: string; name: string } | null;
  via: AccessRequest["via"];
  /** The Telegram account that did it. */
  telegramUser?: number;
  reason: string | null;
}

/**
 * Moves a request that waits, inside the commit that ended it: out of what is pending, into what was
 * decided, on record, and every chat that shows it brought up to date. With a request for a profile
 * goes the one for the establishment, if that still waits.
 *
 * @param request as read in this commit
 * @throws {TypeError} on a move that the state does not allow: the caller has to have looked
 */
export async function close<R extends AccessRequest>(
  portal: Portal,
  tx: Transaction,
  request: R,
  ending: Ending,
): Promise<R> {
  // One moment for the pair and for the list: a clock goes on while one writes.
  const now = portal.now();
  const next = moved(request, ending, now);
  // Read inside the transaction: `rememberMessage` writes the request too, so that no message can
  // come in between unseen.
  const [first, shown] = await Promise.all([
    next.step === "perfil" && next.establishmentRequest
      ? tx.get(keys.request(next.establishmentRequest))
      : null,
    chatsShowing(portal, request.id),
  ]);
  tx.set(keys.request(next.id), next);
  if (first?.state === "pendente" && movesTheOtherToo(next.step, ending.move)) {
    tx.set(keys.request(first.id), moved(first, ending, now));
  }
  if (next.step !== "estabelecimento") takeOffLists(tx, next, now);
  for (const message of shown) enqueue(portal, tx, decidedNotice(next.id, message));
  await appendAudit(portal, tx, {
    stream: next.cnes,
    event: `request.${next.state}`,
    actor: ending.by?.id ?? "system",
    subject: next.id,
    detail: {
      via: next.via,
      step: next.step,
      profile: next.profile,
      ...(ending.telegramUser && { telegramUser: ending.telegramUser }),
    },
  });
  return next;
}

function moved<R extends AccessRequest>(request: R, ending: Ending, now: number): R {
  const state = after(request.state, ending.move);
  if (!state) throw new TypeError(`${request.state} cannot ${ending.move}`);
  const { by, via, reason } = ending;
  return { ...request, state, decidedAt: now, decidedBy: by, via, reason };
}

function takeOffLists(
  tx: Transaction,
  request: Exclude<AccessRequest, EstablishmentRequest>,
  now: number,
): void {
  const { id, cnes, cpf, step, operadora } = request;
  tx.set(keys.requestDecided(cnes, now, id), true);
  tx.delete(keys.requestPending(cnes, id));
  if (operadora) tx.delete(keys.requestOfRepresentative(operadora, id));
  tx.delete(keys.requestOpen(cpf, cnes, step));
}
