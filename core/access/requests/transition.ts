/**
 * Writes the records of requests and the lists that they are found by: no other file does. Whether
 * a person may, and what else a commit changes, is for the callers.
 */
import { appendAudit } from "../../audit/append.ts";
import type { Deps } from "../../deps.ts";
import { enqueue } from "../../outbox/enqueue.ts";
import { keys } from "../../store/keys.ts";
import { list, read } from "../../store/read.ts";
import type {
  AccessRequest,
  EstablishmentRequest,
  ProfileRequest,
} from "../../store/records/access.ts";
import type { AccountId } from "../../store/records/account.ts";
import type { Message } from "../../store/records/outbox.ts";
import { transact, type Transaction } from "../../store/transact.ts";
import { firstAlarm, setAlarm } from "./alarm.ts";
import { after, type Move, movesTheOtherToo } from "./steps.ts";

/** A request that those who decide find: that for an establishment goes with the one for a profile. */
type Listed = Exclude<AccessRequest, EstablishmentRequest>;

/** What is the same in all requests that nothing has become of yet. */
export const WAITING = {
  state: "pendente",
  decidedAt: null,
  decidedBy: null,
  via: null,
  reason: null,
} as const;

/**
 * Writes a new request that waits, inside a commit: where its person and those who decide find it,
 * with its alarm and its notices. With one for a profile goes the one for the establishment.
 *
 * @param actor id of the person who asks
 * @param uf of the establishment, for its quiet hours
 */
export async function openRequest(
  deps: Deps,
  tx: Transaction,
  request: Listed,
  { actor, uf, notices }: { actor: AccountId; uf: string; notices: readonly Message[] },
): Promise<void> {
  const { id, cnes, account, step, profile, to, operadora, createdAt } = request;
  record(tx, request);
  tx.set(keys.requestOpen(account, cnes, step), id);
  if (to.includes("administradores")) tx.set(keys.requestPending(cnes, id), createdAt);
  if (operadora && to.includes("representante")) {
    tx.set(keys.requestOfRepresentative(operadora, id), createdAt);
  }
  setAlarm(tx, request, firstAlarm(deps, request, uf));
  for (const notice of notices) enqueue(deps, tx, notice);
  await appendAudit(deps, tx, {
    stream: cnes,
    event: "request.created",
    actor,
    subject: id,
    detail: { step, profile },
  });
}

/**
 * Writes a new request that is approved at once because the CNES names the person (J11), inside a
 * commit; the caller puts it on record.
 */
export function openApproved(
  deps: Deps,
  tx: Transaction,
  request: ProfileRequest,
): ProfileRequest {
  const now = deps.now();
  const granted = moved(request, { move: "aprovar", by: null, via: "cnes", reason: null }, now);
  record(tx, granted);
  tx.set(keys.requestDecided(granted.cnes, now, granted.id), true);
  return granted;
}

/** Writes a request under its id and where its person finds it, with the one that goes with it. */
function record(tx: Transaction, request: AccessRequest): void {
  const { id, account, cnes, step, createdAt } = request;
  if (request.step === "perfil" && request.establishmentRequest) {
    const { establishmentRequest: first, ...common } = request;
    record(tx, { ...common, step: "estabelecimento", id: first, profileRequest: id });
  }
  tx.set(keys.request(id), request);
  tx.set(keys.requestOfAccount(account, id), createdAt);
  tx.set(keys.requestLatest(account, cnes, step), id);
}

/**
 * The establishment may have become another operadora's since the request was made: one that its
 * representative decides goes where the new one finds it, inside a commit. False when it has not.
 */
export function follow(tx: Transaction, request: AccessRequest, operadora: string | null): boolean {
  const { id, to, createdAt } = request;
  if (request.operadora === operadora || !to.includes("representante")) return false;
  tx.set(keys.request(id), { ...request, operadora });
  if (request.operadora) tx.delete(keys.requestOfRepresentative(request.operadora, id));
  if (operadora) tx.set(keys.requestOfRepresentative(operadora, id), createdAt);
  return true;
}

/** What goes on record with a move. */
export interface Transition {
  move: Move;
  /** Id and name of the person; null when the time did it. */
  by: { id: AccountId; name: string } | null;
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
export async function transition<R extends AccessRequest>(
  deps: Deps,
  tx: Transaction,
  request: R,
  ending: Transition,
): Promise<R> {
  // One moment for the pair and for the list: a clock goes on while one writes.
  const now = deps.now();
  const next = moved(request, ending, now);
  // Read inside the transaction: `rememberMessage` writes the request too, so that no message can
  // come in between unseen.
  const [first, shown] = await Promise.all([
    next.step === "perfil" && next.establishmentRequest
      ? tx.get(keys.request(next.establishmentRequest))
      : null,
    chatsShowing(deps, request.id),
  ]);
  tx.set(keys.request(next.id), next);
  if (first?.state === "pendente" && movesTheOtherToo(next.step, ending.move)) {
    tx.set(keys.request(first.id), moved(first, ending, now));
  }
  if (next.step !== "estabelecimento") takeOffLists(tx, next, now);
  for (const message of shown) notifyChat(deps, tx, next.id, message);
  await appendAudit(deps, tx, {
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

function moved<R extends AccessRequest>(request: R, ending: Transition, now: number): R {
  const state = after(request.state, ending.move);
  if (!state) throw new TypeError(`${request.state} cannot ${ending.move}`);
  const { by, via, reason } = ending;
  return { ...request, state, decidedAt: now, decidedBy: by, via, reason };
}

function takeOffLists(tx: Transaction, request: Listed, now: number): void {
  const { id, cnes, account, step, operadora } = request;
  tx.set(keys.requestDecided(cnes, now, id), true);
  tx.delete(keys.requestPending(cnes, id));
  if (operadora) tx.delete(keys.requestOfRepresentative(operadora, id));
  tx.delete(keys.requestOpen(account, cnes, step));
}

/** A message of a chat that shows a request. */
interface ShownMessage {
  chatId: number;
  messageId: number;
}

async function chatsShowing(deps: Deps, id: string): Promise<ShownMessage[]> {
  const entries = list(deps.kv, keys.requestMessage.under(id));
  return await Array.fromAsync(
    entries,
    ({ rest: [chatId], value: messageId }) => ({ chatId, messageId }),
  );
}

/** Brings a message up to date that shows a request which was decided. */
function notifyChat(deps: Deps, tx: Transaction, requestId: string, message: ShownMessage): void {
  enqueue(deps, tx, { channel: "chat", what: "request_decided", requestId, ...message });
}

/** Is there a message that shows this request in this chat? */
export async function isShown(deps: Deps, requestId: string, chatId: number): Promise<boolean> {
  return await read(deps.kv, keys.requestMessage(requestId, chatId)) !== null;
}

/**
 * Remembers the message that shows a request in a chat; a chat has one such message. When the
 * request was decided while the message was on its way, the outbox brings it up to date.
 *
 * @returns the number of the message that showed it there before, if any
 */
export async function rememberMessage(
  deps: Deps,
  requestId: string,
  chatId: number,
  messageId: number,
): Promise<number | null> {
  return await transact(deps.kv, async (tx) => {
    const key = keys.requestMessage(requestId, chatId);
    const [request, before] = await tx.getMany([keys.request(requestId), key]);
    if (!request) return null;
    tx.set(key, messageId);
    // Written unchanged: a decision that is under way did not see this message and has to run again.
    if (request.state === "pendente") tx.set(keys.request(requestId), request);
    else notifyChat(deps, tx, requestId, { chatId, messageId });
    return before === messageId ? null : before;
  });
}
