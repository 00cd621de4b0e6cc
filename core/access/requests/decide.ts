import { keys as accountKeys } from "../../account/keys.ts";
import { type Person, reachableEmail } from "../../account/person.ts";
import { appendAudit } from "../../audit/append.ts";
import { enqueue } from "../../outbox/enqueue.ts";
import type { Portal } from "../../portal.ts";
import { getEstablishment } from "../../registry/establishment.ts";
import { accept, type Refusal, refuse, type Result } from "../../result.ts";
import { transact } from "../../store/transact.ts";
import { close, decidedNotice } from "./close.ts";
import { keys } from "../keys.ts";
import { decidedMail } from "../mails.ts";
import { type Membership, setMembership } from "../membership.ts";
import type { AccessCode } from "../messages.ts";
import type { AccessRequest } from "./request.ts";

export interface Decision {
  requestId: string;
  outcome: "aprovada" | "reprovada";
  /** Required when rejecting; the requester reads it. */
  reason?: string;
  /** CPF of the person who decides: the one who tapped or who is logged in. */
  by: string;
  via: "portal" | "telegram";
}

/**
 * Decides a request: once, by an active ADMINISTRADOR of that very establishment, checked in the
 * commit of the decision itself. The requester is told by e-mail; every chat that shows the request
 * is brought up to date.
 */
export async function decideRequest(
  portal: Portal,
  decision: Decision,
): Promise<Result<AccessRequest, AccessCode>> {
  const reason = decision.reason?.replace(/\s+/g, " ").trim() ?? "";
  if (decision.outcome === "reprovada" && (reason === "" || reason.length > 500)) {
    return refuse("reason_missing");
  }
  const before = (await portal.kv.get<AccessRequest>(keys.request(decision.requestId))).value;
  if (!before) return refuse("request_not_found");
  const establishment = await getEstablishment(portal, before.cnes);
  const place = {
    establishment: establishment?.nome ?? `CNES ${before.cnes}`,
    origin: portal.config.origin,
  };

  const decided = await transact(portal.kv, async (tx) => {
    const [request, actor, own, requester, present] = await tx.getMany<
      [AccessRequest, Person, Membership, Person, Membership]
    >([
      keys.request(before.id),
      accountKeys.person(decision.by),
      keys.membership(before.cnes, decision.by),
      accountKeys.person(before.cpf),
      keys.membership(before.cnes, before.cpf),
    ]);
    const refusal = whyNot(request, actor, own);
    if (refusal) return refusal;
    // A chat is a weaker door than the portal: what gives power over others does not go through it.
    if (
      decision.outcome === "aprovada" && decision.via === "telegram" &&
      request!.profile === "ADMINISTRADOR"
    ) return refuse<AccessCode>("administrator_on_site");
    // Appointed since they asked: an approval must not take away what the representative gave.
    if (decision.outcome === "aprovada" && present?.profile === "ADMINISTRADOR") {
      return refuse<AccessCode>("already_administrator");
    }
    const next: AccessRequest = {
      ...request!,
      state: decision.outcome,
      decidedAt: portal.now(),
      decidedBy: { id: actor!.id, name: actor!.name },
      via: decision.via,
      reason: decision.outcome === "reprovada" ? reason : null,
    };
    await close(portal, tx, next, actor!.id);
    if (next.state === "aprovada") {
      const { cnes, cpf, profile } = next;
      setMembership(tx, { cnes, cpf, profile, since: portal.now(), by: actor!.id });
    }
    const to = requester && reachableEmail(requester);
    if (to) enqueue(portal, tx, decidedMail(to, requester.name, next, place));
    return accept(next);
  });
  if (!decided.ok && decided.code === "not_allowed") await auditDenial(portal, before, decision);
  return decided;
}

/**
 * Says beforehand whether this person could decide the request now, for a question that comes before
 * the decision. It decides nothing: `decideRequest` looks again. A denial leaves the same trace.
 */
export async function mayDecide(
  portal: Portal,
  attempt: Pick<Decision, "requestId" | "by" | "via">,
): Promise<Result<AccessRequest, AccessCode>> {
  const request = (await portal.kv.get<AccessRequest>(keys.request(attempt.requestId))).value;
  if (!request) return refuse("request_not_found");
  const [actor, own] = await portal.kv.getMany<[Person, Membership]>([
    accountKeys.person(attempt.by),
    keys.membership(request.cnes, attempt.by),
  ]);
  const refusal = whyNot(request, actor.value, own.value);
  if (refusal?.code === "not_allowed") await auditDenial(portal, request, attempt);
  return refusal ?? accept(request);
}

function whyNot(
  request: AccessRequest | null,
  actor: Person | null,
  own: Membership | null,
): Refusal<AccessCode> | null {
  if (!request) return refuse("request_not_found");
  if (!actor?.active || own?.profile !== "ADMINISTRADOR") return refuse("not_allowed");
  if (request.cpf === actor.cpf) return refuse("request_own");
  if (request.state === "expirada") return refuse("request_expired");
  if (request.state !== "pendente") {
    return refuse("request_already_decided", {
      estado: request.state,
      quem: request.decidedBy?.name ?? "outra pessoa",
    });
  }
  return null;
}

/** Who may not decide leaves a trace too. */
async function auditDenial(
  portal: Portal,
  request: AccessRequest,
  { by, via }: Pick<Decision, "by" | "via">,
): Promise<void> {
  const actor = (await portal.kv.get<Person>(accountKeys.person(by))).value;
  await transact(portal.kv, (tx) =>
    appendAudit(portal, tx, {
      stream: request.cnes,
      event: "request.decision_denied",
      actor: actor?.id ?? "unknown",
      subject: request.id,
      detail: { via },
    }));
}

/** Is there a message that shows this request in this chat? */
export async function isShown(portal: Portal, requestId: string, chatId: number): Promise<boolean> {
  return (await portal.kv.get(keys.requestMessage(requestId, chatId))).value !== null;
}

/**
 * Remembers the message that shows a request in a chat; a chat has one such message. When the
 * request was decided while the message was on its way, the outbox brings it up to date.
 *
 * @returns the number of the message that showed it there before, if any
 */
export async function rememberMessage(
  portal: Portal,
  requestId: string,
  chatId: number,
  messageId: number,
): Promise<number | null> {
  return await transact(portal.kv, async (tx) => {
    const key = keys.requestMessage(requestId, chatId);
    const [request, before] = await tx.getMany<[AccessRequest, number]>([
      keys.request(requestId),
      key,
    ]);
    if (!request) return null;
    tx.set(key, messageId);
    // Written unchanged: a decision that is under way did not see this message and has to run again.
    if (request.state === "pendente") tx.set(keys.request(requestId), request);
    else enqueue(portal, tx, decidedNotice(requestId, { chatId, messageId }));
    return before === messageId ? null : before;
  });
}
