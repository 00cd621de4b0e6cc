import { findableByCpf } from "../../account/account.ts";
import { appendAudit } from "../../audit/append.ts";
import type { Deps } from "../../deps.ts";
import { whereOf } from "../../mails/access_mails.ts";
import { type Establishment, getEstablishment } from "../../registry/establishment.ts";
import { accept, type Refusal, refuse, type Result } from "../../result.ts";
import { keys } from "../../store/keys.ts";
import { read, readMany } from "../../store/read.ts";
import type { AccessRequest, Membership, UserOfOperadora } from "../../store/records/access.ts";
import type { Account, AccountId } from "../../store/records/account.ts";
import type { Standing } from "../../store/records/session.ts";
import { transact, type Transaction } from "../../store/transact.ts";
import { putComputer } from "../computers.ts";
import {
  isActiveMembership,
  isAdministrator,
  mailboxOf,
  rememberChange,
  setMembership,
} from "../membership.ts";
import type { AccessCode } from "../messages.ts";
import { type Actor, type ApproverPowers, authorityFrom, authorityKeys } from "../authority.ts";
import { transition } from "./transition.ts";
import { isActiveTie } from "../users/user_of_operadora.ts";
import { notifyDecided, notifyOfWaiting } from "./recipients.ts";

export interface Decision {
  requestId: string;
  outcome: "aprovada" | "reprovada";
  /** Required when rejecting; the requester reads it. */
  reason?: string;
  /** Who decides: the person who tapped or who is logged in. */
  by: AccountId;
  /** CNPJ of the operadora whose legal representative they are in this session. */
  represents?: string | null;
  /** Of the session, or of the chat. */
  standing: Standing;
  via: "portal" | "telegram";
  /** In Telegram: the account that tapped, by its immutable number; goes on record. */
  telegramUser?: number;
}

/**
 * Decides a request: once, by a person who may, checked in the commit of the decision itself. The
 * requester is told by e-mail; every chat that shows the request is brought up to date.
 *
 * A request for an establishment can be approved alone; to reject it is to reject the one for the
 * profile, which takes it along.
 */
export async function decideRequest(
  deps: Deps,
  decision: Decision,
): Promise<Result<AccessRequest, AccessCode>> {
  const approves = decision.outcome === "aprovada";
  const reason = decision.reason?.replace(/\s+/g, " ").trim() ?? "";
  if (!approves && (reason === "" || reason.length > 500)) return refuse("reason_missing");
  const before = await find(deps, decision.requestId, approves);
  if (!before) return refuse("request_not_found");
  const establishment = await getEstablishment(deps, before.cnes);
  const where = whereOf(deps, establishment, `CNES ${before.cnes}`);

  const decided = await transact(deps.kv, async (tx) => {
    const [request, requester, present, ...powers] = await tx.getMany([
      keys.request(before.id),
      keys.account(before.account),
      keys.membership(before.cnes, before.account),
      ...authorityKeys(actorOf(decision), before.cnes),
    ]);
    const authority = authorityOf(deps, decision, establishment, powers);
    // Rejected is what the person looked at: an establishment that was approved meanwhile is not.
    const asked = decision.requestId === before.id
      ? request
      : await tx.get(keys.request(decision.requestId));
    const refusal = checkDecision(asked, requester, authority, decision.via) ??
      checkDecision(request, requester, authority, decision.via) ??
      (approves ? checkApproval(request!, { present, establishment, via: decision.via }) : null);
    if (refusal) return refusal;
    const { id: by, name } = authority.person!;
    const next = await transition(deps, tx, request!, {
      move: approves ? "aprovar" : "reprovar",
      by: { id: by, name },
      via: decision.via,
      telegramUser: decision.telegramUser,
      reason: approves ? null : reason,
    });
    // Only where no administrator decides does the representative.
    const represented = next.to.includes("administradores") ? null : decision.represents ?? null;
    const tie = represented ? await tx.get(keys.userOfOperadora(represented, next.account)) : null;
    if (approves) grant(deps, tx, next, { present, requester, by, represented, tie });
    if (approves && requester) findableByCpf(tx, requester);
    if (approves && requester && next.step === "perfil" && next.profile === "ADMINISTRADOR") {
      await notifyOfWaiting(deps, tx, next.cnes, requester);
    }
    notifyDecided(deps, tx, requester, next, where);
    return accept(next);
  });
  if (!decided.ok && decided.code === "not_allowed") await auditDenial(deps, before, decision);
  return decided;
}

/** What an approval gives, inside its commit. */
function grant(
  deps: Deps,
  tx: Transaction,
  request: AccessRequest,
  { present, requester, by, represented, tie }: {
    present: Membership | null;
    requester: Account | null;
    by: AccountId;
    /** CNPJ of the operadora for which it was decided; null when an administrator did. */
    represented: string | null;
    /** The requester's, there. */
    tie: UserOfOperadora | null;
  },
): void {
  if (request.step === "computador") return putComputer(tx, request, by);
  const { cnes, account } = request;
  const profile = request.step === "perfil" ? request.profile : null;
  if (present) rememberChange(deps, tx, present);
  setMembership(tx, {
    ...{ cnes, account, profile, since: deps.now(), by },
    ...requester ? mailboxOf(requester, isActiveTie(tie) ? tie : null) : { mailbox: "" },
    origin: represented ? { kind: "operadora", cnpj: represented } : { kind: "approved", by },
  });
  if (requester) findableByCpf(tx, requester);
}

/**
 * Says beforehand whether this person could decide the request now, for a question that comes before
 * the decision. It decides nothing: `decideRequest` looks again. A denial leaves the same trace.
 */
export async function mayDecide(
  deps: Deps,
  attempt: Pick<
    Decision,
    "requestId" | "by" | "represents" | "standing" | "via" | "telegramUser"
  >,
): Promise<Result<AccessRequest, AccessCode>> {
  const request = await read(deps.kv, keys.request(attempt.requestId));
  if (!request) return refuse("request_not_found");
  const actor = actorOf(attempt);
  const [establishment, [requester, ...found]] = await Promise.all([
    actor.represents ? getEstablishment(deps, request.cnes) : null,
    readMany(deps.kv, [keys.account(request.account), ...authorityKeys(actor, request.cnes)]),
  ]);
  const authority = authorityOf(deps, attempt, establishment, found);
  const refusal = checkDecision(request, requester, authority, attempt.via);
  if (refusal?.code === "not_allowed") await auditDenial(deps, request, attempt);
  return refusal ?? accept(request);
}

/** The request as it is now; of one for an establishment that is to be rejected, the one for the profile. */
async function find(deps: Deps, id: string, approves: boolean): Promise<AccessRequest | null> {
  const found = await read(deps.kv, keys.request(id));
  if (found?.step !== "estabelecimento" || approves) return found;
  return await read(deps.kv, keys.request(found.profileRequest));
}

type Decider = Pick<Decision, "by" | "represents" | "standing">;

function actorOf({ by, represents, standing }: Decider): Actor {
  return { account: by, represents, standing };
}

function authorityOf(
  deps: Pick<Deps, "config">,
  decider: Decider,
  establishment: Establishment | null,
  found: Parameters<typeof authorityFrom>[3],
): ApproverPowers {
  return authorityFrom(deps, actorOf(decider), establishment?.operadora ?? null, found);
}

/** @param requester whose request it is: no person decides with another account of theirs either */
function checkDecision(
  request: AccessRequest | null,
  requester: Account | null,
  { person, administers, represents }: ApproverPowers,
  via: Decision["via"],
): Refusal<AccessCode> | null {
  if (!request) return refuse("request_not_found");
  // A representative's powers come from the certificate, which a chat does not see.
  const allowed = administers && request.to.includes("administradores") ||
    represents && via === "portal" && request.to.includes("representante");
  // Said before anything else of it, so that a stranger does not learn what became of it.
  if (!person || !(allowed || administers)) return refuse("not_allowed");
  if (!allowed) {
    return via === "telegram" ? refuse("administrator_on_site") : refuse("representative_decides");
  }
  if (requester?.cpf === person.cpf) return refuse("request_own");
  if (request.state === "expirada") return refuse("request_expired");
  if (request.state === "cancelada") return refuse("request_cancelled");
  if (request.state !== "pendente") {
    return refuse("request_already_decided", {
      estado: request.state,
      quem: request.decidedBy?.name ?? "outra pessoa",
    });
  }
  return null;
}

function checkApproval(
  request: AccessRequest,
  { present, establishment, via }: {
    present: Membership | null;
    establishment: Establishment | null;
    via: Decision["via"];
  },
): Refusal<AccessCode> | null {
  if (!establishment?.active) return refuse("establishment_inactive");
  if (request.step === "computador") {
    const ready = isActiveMembership(present) && present.profile !== null;
    return ready ? null : refuse("membership_ended");
  }
  // A chat is a weaker proof than the portal asks for: what gives power over others is not decided there.
  if (via === "telegram" && request.profile === "ADMINISTRADOR") {
    return refuse("administrator_on_site");
  }
  if (!isActiveMembership(present) || !present.profile) return null;
  // Appointed since they asked: an approval must not take away what the representative gave, nor
  // change without a justification what they gave in its place.
  return isAdministrator(present)
    ? refuse("already_administrator")
    : refuse("member_has_profile", { perfil: present.profile });
}

/** A person who may not decide leaves a trace too. */
async function auditDenial(
  deps: Deps,
  request: AccessRequest,
  { by, via, telegramUser }: Pick<Decision, "by" | "via" | "telegramUser">,
): Promise<void> {
  await transact(deps.kv, (tx) =>
    appendAudit(deps, tx, {
      stream: request.cnes,
      event: "request.decision_denied",
      actor: by,
      subject: request.id,
      detail: { via, ...(telegramUser && { telegramUser }) },
    }));
}
