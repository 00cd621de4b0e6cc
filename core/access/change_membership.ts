import { findableByCpf, getAccount } from "../account/account.ts";
import { appendAudit } from "../audit/append.ts";
import type { Deps } from "../deps.ts";
import {
  madeAdministrator,
  membershipEnded,
  profileChanged,
  whereOf,
} from "../mails/access_mails.ts";
import { notify } from "../notify/notify.ts";
import { oneLine } from "../one_line.ts";
import { getEstablishment } from "../registry/establishment.ts";
import { accept, type Refusal, refuse, type Result } from "../result.ts";
import type { Key } from "../store/key.ts";
import { keys } from "../store/keys.ts";
import { list, readMany } from "../store/read.ts";
import type { AccessRequest, Membership } from "../store/records/access.ts";
import type { Account, AccountId } from "../store/records/account.ts";
import { transact, type Transaction } from "../store/transact.ts";
import { type Actor, type ApproverPowers, changeAt } from "./authority.ts";
import {
  isActiveMembership,
  isAdministrator,
  mailboxOf,
  ORDINARY_PROFILES,
  rememberChange,
  setMembership,
} from "./membership.ts";
import type { AccessCode } from "./messages.ts";
import { notifyDecided, notifyOfWaiting } from "./requests/recipients.ts";
import { transition } from "./requests/transition.ts";
import { isActiveTie, isRegistered } from "./users/user_of_operadora.ts";

/**
 * The legal representative makes a person of the operadora ADMINISTRADOR of one of its
 * establishments. The person is told by e-mail.
 *
 * @param cnpj of the operadora
 * @returns the membership; refused for an establishment that is not the operadora's or is inactive,
 *   for a person who is not its user, and for one who is ADMINISTRADOR already
 */
export async function makeAdministrator(
  deps: Deps,
  actor: Account,
  cnpj: string,
  person: Account,
  cnes: string,
): Promise<Result<Membership, AccessCode>> {
  const establishment = await getEstablishment(deps, cnes);
  if (!establishment || establishment.operadora !== cnpj) return refuse("establishment_not_found");
  if (!establishment.active) return refuse("establishment_inactive");
  const { id: account } = person;
  return await transact(deps.kv, async (tx) => {
    const [user, current, stored] = await tx.getMany([
      keys.userOfOperadora(cnpj, account),
      keys.membership(cnes, account),
      keys.account(account),
    ]);
    if (!isActiveTie(user) || !isRegistered(user) || !stored?.active) {
      return refuse<AccessCode>("user_not_found");
    }
    if (isAdministrator(current)) return refuse<AccessCode>("already_administrator");
    if (current) rememberChange(deps, tx, current);
    const since = deps.now();
    const by = actor.id;
    const membership: Membership = {
      ...{ cnes, account, profile: "ADMINISTRADOR", since, by },
      ...mailboxOf(stored, user),
      origin: { kind: "operadora", cnpj },
    };
    setMembership(tx, membership);
    findableByCpf(tx, stored);
    notify(deps, tx, stored, madeAdministrator(whereOf(deps, establishment, cnes)));
    await notifyOfWaiting(deps, tx, cnes, stored);
    await appendAudit(deps, tx, {
      stream: cnes,
      event: "membership.administrator",
      actor: by,
      subject: account,
      detail: { operadora: cnpj },
    });
    return accept(membership);
  });
}

/**
 * Gives a member another profile (J17), with a justification that the member reads; it holds from
 * their next request on, and what was before is kept. ADMINISTRADOR is neither given nor taken by
 * other administrators: the legal representative takes it here, and gives it elsewhere.
 *
 * @param account of the member
 * @param profile as typed: one of `ORDINARY_PROFILES`
 * @param justification as typed: 3 to 500 letters
 * @returns the membership; refused as `checkManage` says, and when there was no profile or this one
 */
export async function changeProfile(
  deps: Deps,
  actor: Actor,
  { cnes, account, profile: name, justification: typed }: {
    cnes: string;
    account: AccountId;
    profile: string;
    justification: string;
  },
): Promise<Result<Membership, AccessCode>> {
  const profile = ORDINARY_PROFILES.find((one) => one === name);
  if (!profile) return refuse("profile_unknown");
  const justification = tidy(typed);
  if (!justification) return refuse("justification_missing");
  return await changeAt(deps, actor, cnes, async (tx, powers, where) => {
    const [membership, person] = await tx.getMany([
      keys.membership(cnes, account),
      keys.account(account),
    ]);
    const refusal = checkManage(powers, membership, person);
    if (refusal) return refusal;
    const { profile: before } = membership!;
    // Without one the person has only been let into the establishment: step two is a request.
    if (!before) return refuse("profile_first");
    if (before === profile) return refuse("profile_same", { perfil: profile });
    const by = powers.person!.id;
    const next: Membership = { ...membership!, profile, since: deps.now(), by, justification };
    rememberChange(deps, tx, membership!);
    setMembership(tx, next);
    notify(deps, tx, person, profileChanged({ before, after: profile, justification }, where));
    await appendAudit(deps, tx, {
      stream: cnes,
      event: "membership.profile",
      actor: by,
      subject: account,
      detail: { before, after: profile },
    });
    return accept(next);
  });
}

/**
 * Deactivates a person at an establishment (J17): the membership ends and is kept, the computers go,
 * what the person waits for there is rejected. It holds from their next request on. To come back
 * they do the three steps again.
 *
 * @param account of the member
 * @param reason as typed: 3 to 500 letters; the member reads it
 * @returns the membership that has ended; refused as `checkManage` says
 */
export async function endMembership(
  deps: Deps,
  actor: Actor,
  { cnes, account, reason: typed }: { cnes: string; account: AccountId; reason: string },
): Promise<Result<Membership, AccessCode>> {
  const reason = tidy(typed);
  if (!reason) return refuse("justification_missing");
  for (;;) {
    const ended = await tryToEnd(deps, actor, { cnes, account, reason });
    if (!ended.ok) return ended;
    if (ended.data) return accept(ended.data);
  }
}

/** `endMembership`, or null, and nothing changed, when what waits has become another request meanwhile. */
async function tryToEnd(
  deps: Deps,
  actor: Actor,
  { cnes, account, reason }: { cnes: string; account: AccountId; reason: string },
): Promise<Result<Membership | null, AccessCode>> {
  const places = (["perfil", "computador"] as const).map((step) =>
    keys.requestOpen(account, cnes, step)
  );
  // The person only to be told and named: not worth one of the ten checks.
  const [person, open] = await Promise.all([getAccount(deps, account), readMany(deps.kv, places)]);
  return await changeAt<Membership | null>(deps, actor, cnes, async (tx, powers, where) => {
    const [membership, found] = await Promise.all([
      tx.get(keys.membership(cnes, account)),
      Promise.all(places.map((place, i) => findWaiting(tx, place, open[i] ?? null))),
    ]);
    const refusal = checkManage(powers, membership, person);
    if (refusal) return refusal;
    const waiting = found.filter((request) => request !== ANOTHER);
    if (waiting.length < found.length) return accept(null);
    const by = { id: powers.person!.id, name: powers.person!.name };
    const ended: Membership = { ...membership!, ended: { at: deps.now(), by: by.id, reason } };
    rememberChange(deps, tx, membership!);
    setMembership(tx, ended);
    // A computer that is approved meanwhile is none of a member: the decision reads the membership.
    for await (const { key } of list(deps.kv, keys.computer.under(cnes, account))) tx.delete(key);
    for (const request of waiting) {
      if (!request) continue;
      await transition(deps, tx, request, { move: "reprovar", by, via: "portal", reason });
    }
    notify(deps, tx, person, membershipEnded(reason, where));
    await appendAudit(deps, tx, {
      stream: cnes,
      event: "membership.ended",
      actor: by.id,
      subject: account,
    });
    return accept(ended);
  });
}

/** Another request waits than the one that was found before. */
const ANOTHER = "another";

/**
 * The request that waits at `place`. One that was found there before, and still waits, is still there
 * (nothing takes it off without ending it): it is guarded alone, which spares one of the ten checks.
 * Another one would cost two more than there are: then all begins anew.
 */
async function findWaiting(
  tx: Transaction,
  place: Key<string>,
  before: string | null,
): Promise<AccessRequest | null | typeof ANOTHER> {
  const known = before === null ? null : await tx.get(keys.request(before));
  if (known?.state === "pendente") return known;
  return await tx.get(place) === before ? null : ANOTHER;
}

/**
 * The legal representative of the operadora rejects what a person who is no member waits for at one
 * of its establishments; of a member `endMembership` does it. The person is told.
 *
 * @param account of the requester
 * @returns also accepted when nothing waits; refused to all but the representative
 */
export async function rejectWaiting(
  deps: Deps,
  actor: Actor,
  { cnes, account, reason }: { cnes: string; account: AccountId; reason: string },
): Promise<Result<null, AccessCode>> {
  return await changeAt(deps, actor, cnes, async (tx, { person: by, represents }, where) => {
    if (!by || !represents) return refuse("not_allowed");
    // Without a profile nothing but a profile can be waited for.
    const [id, person] = await tx.getMany([
      keys.requestOpen(account, cnes, "perfil"),
      keys.account(account),
    ]);
    const request = id && await tx.get(keys.request(id));
    if (!request || request.state !== "pendente") return accept(null);
    const next = await transition(deps, tx, request, {
      move: "reprovar",
      by: { id: by.id, name: by.name },
      via: "portal",
      reason,
    });
    notifyDecided(deps, tx, person, next, where);
    return accept(null);
  });
}

/**
 * Why an actor may not change or end a membership: administrators manage those who are not
 * ADMINISTRADOR, the legal representative all members, and no person their own membership, with
 * whichever of their accounts.
 */
function checkManage(
  { person, administers, represents }: ApproverPowers,
  membership: Membership | null,
  member: Account | null,
): Refusal<AccessCode> | null {
  if (!person || !(administers || represents)) return refuse("not_allowed");
  if (!isActiveMembership(membership)) return refuse("member_not_found");
  if (member?.cpf === person.cpf) return refuse("member_own");
  if (isAdministrator(membership) && !represents) return refuse("administrator_by_representative");
  return null;
}

/** A text for others to read: blanks collapsed, "" when it is missing or too long (500 letters). */
export function tidy(text: string): string {
  const tidied = oneLine(text);
  return tidied.length < 3 || tidied.length > 500 ? "" : tidied;
}
