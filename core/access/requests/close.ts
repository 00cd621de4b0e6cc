import { appendAudit } from "../../audit/append.ts";
import { enqueue } from "../../outbox/enqueue.ts";
import type { Portal } from "../../portal.ts";
import type { Transaction } from "../../store/transact.ts";
import { keys } from "../keys.ts";
import type { AccessRequest, EstablishmentRequest } from "./request.ts";
import { chatsShowing, decidedNotice } from "./shown.ts";
import { after, type Move, movesTheOtherToo } from "./steps.ts";

/** What goes on record with a move. */
export interface Ending {
  move: Move;
  /** Id and name of the person; null when the time did it. */
  by: { id: string; name: string } | null;
  via: AccessRequest["via"];
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
  const next = moved(portal, request, ending);
  // Read inside the transaction: `rememberMessage` writes the request too, so that no message can
  // come in between unseen.
  const [first, shown] = await Promise.all([
    next.step === "perfil" && next.establishmentRequest
      ? tx.get<EstablishmentRequest>(keys.request(next.establishmentRequest))
      : null,
    chatsShowing(portal, request.id),
  ]);
  tx.set(keys.request(next.id), next);
  if (first?.state === "pendente" && movesTheOtherToo(next.step, ending.move)) {
    tx.set(keys.request(first.id), moved(portal, first, ending));
  }
  if (next.step !== "estabelecimento") takeOffLists(portal, tx, next);
  for (const message of shown) enqueue(portal, tx, decidedNotice(next.id, message));
  await appendAudit(portal, tx, {
    stream: next.cnes,
    event: `request.${next.state}`,
    actor: ending.by?.id ?? "system",
    subject: next.id,
    detail: { via: next.via, step: next.step, profile: next.profile },
  });
  return next;
}

function moved<R extends AccessRequest>(portal: Portal, request: R, ending: Ending): R {
  const state = after(request.state, ending.move);
  if (!state) throw new TypeError(`${request.state} cannot ${ending.move}`);
  const { by, via, reason } = ending;
  return { ...request, state, decidedAt: portal.now(), decidedBy: by, via, reason };
}

function takeOffLists(
  portal: Portal,
  tx: Transaction,
  request: Exclude<AccessRequest, EstablishmentRequest>,
): void {
  const { id, cnes, cpf, step, operadora } = request;
  tx.set(keys.requestDecided(cnes, portal.now(), id), true);
  tx.delete(keys.requestPending(cnes, id));
  if (operadora) tx.delete(keys.requestOfRepresentative(operadora, id));
  tx.delete(keys.requestOpen(cpf, cnes, step));
}
