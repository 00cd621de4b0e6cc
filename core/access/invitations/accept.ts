import { findableByCpf } from "../../account/account.ts";
import type { AccountCode } from "../../account/messages.ts";
import { speaksForProof } from "../../account/credentials.ts";
import { advanceSession, currentLogin } from "../../account/session.ts";
import { countSignIn, refundSignIn } from "../../account/throttle.ts";
import { appendAudit } from "../../audit/append.ts";
import type { Deps } from "../../deps.ts";
import { notify } from "../../notify/notify.ts";
import { addedToOperadora, invitationDeclined } from "../../mails/user_mails.ts";
import { getOperadora } from "../../registry/operadora.ts";
import { accept, refuse, type Result } from "../../result.ts";
import { keys } from "../../store/keys.ts";
import { list, readMany } from "../../store/read.ts";
import type { Reach, UserOfOperadora } from "../../store/records/access.ts";
import type { Account, AccountId } from "../../store/records/account.ts";
import type { Invitation, InvitationPlace } from "../../store/records/invitation.ts";
import type { LoggedIn, Session } from "../../store/records/session.ts";
import { transact, type Transaction } from "../../store/transact.ts";
import { listGrants } from "../users/grants.ts";
import { putTie } from "../users/user_of_operadora.ts";
import { endInvitation, invitationByPassword, isOpen, isPasswordGood } from "./invitation.ts";

/** A person who is signed in, and by what. */
export interface SignedIn {
  person: Account;
  session: Session<LoggedIn>;
}

/** Invitations looked at for one person. */
const MOST = 100;

/**
 * By what somebody who is signed in may see an invitation, accept or decline it; null: not at all. Its provisional password was
 * shown in this session; or it names the mailbox that is confirmed for the account, and that the session
 * has to do with; or it names the CPF that the account has proved, by what the session has shown.
 */
export function reachOf(
  deps: Pick<Deps, "config">,
  person: Account,
  { invitation: shown, mailboxes, confirmedUnder }: LoggedIn,
  invitation: Invitation,
): Reach | null {
  const { id, operadora, cpf, email, password } = invitation;
  const isShown = shown?.id === id && shown.operadora === operadora &&
    password !== null && shown.password === password.hash;
  const isMailbox = email === person.email && (mailboxes?.includes(email) ?? true);
  const isProved = cpf === person.cpf && speaksForProof(deps, person, { confirmedUnder });
  const by = isMailbox ? "mailbox" : isShown ? "password" : isProved ? "proof" : null;
  return by && { by, under: confirmedUnder };
}

/**
 * The open invitations that wait for somebody who is signed in, those for another CPF too: they can be
 * declined. Two round trips.
 */
export async function waitingFor(
  deps: Deps,
  { person, session }: SignedIn,
): Promise<Invitation[]> {
  const { state } = session;
  const limit = { limit: MOST };
  const found = await Promise.all([
    person.email
      ? Array.fromAsync(list(deps.kv, keys.invitationByEmail.under(person.email), limit))
      : [],
    speaksForProof(deps, person, state)
      ? Array.fromAsync(list(deps.kv, keys.invitationByCpf.under(person.cpf), limit))
      : [],
  ]);
  const places = found.flat().map(({ rest: [operadora, id] }) => ({ operadora, id }));
  const all = state.invitation ? [state.invitation, ...places] : places;
  const unique = new Map(all.map((place) => [`${place.operadora} ${place.id}`, place]));
  const read = await readMany(
    deps.kv,
    [...unique.values()].map(({ operadora, id }) => keys.invitation(operadora, id)),
  );
  return read.filter((invitation) => invitation !== null).filter((invitation) =>
    isOpen(invitation, deps.now()) && reachOf(deps, person, state, invitation) !== null
  );
}

/** An invitation by its id, as `waitingFor` finds it. */
export async function findWaiting(
  deps: Deps,
  caller: SignedIn,
  id: string,
): Promise<Invitation | null> {
  return (await waitingFor(deps, caller)).find((invitation) => invitation.id === id) ?? null;
}

/**
 * Somebody who is signed in shows the provisional password of an invitation for the CPF of the account:
 * from now on the session reaches it. Counted like a password of the account.
 *
 * @param address network address of the browser
 */
export async function showProvisional(
  deps: Deps,
  { person, session }: SignedIn,
  address: string | null,
  typed: string,
): Promise<Result<Invitation, AccountCode>> {
  const attempt = { handle: person.id, accounts: [person], network: address };
  const counted = await countSignIn(deps, attempt);
  if (!counted.ok) return counted;
  const found = await invitationByPassword(deps, person.cpf, typed);
  if (!found) return refuse("invitation_unknown_password");
  await refundSignIn(deps, attempt, person.id);
  const { operadora, id, password } = found;
  if (!isOpen(found, deps.now())) return refuse("invitation_ended");
  if (!isPasswordGood(found, deps.now())) return refuse("provisional_expired");
  return await transact(deps.kv, async (tx) => {
    const current = await currentLogin(deps, tx, session);
    if (!current) return refuse<AccountCode>("session_ended");
    const invitation = { operadora, id, password: password!.hash };
    advanceSession(deps, tx, current, { ...current.state, invitation });
    return accept(found);
  });
}

/**
 * Somebody who is signed in accepts: tie and grants are written with the end of the invitation.
 *
 * @returns refused for an invitation that they cannot reach, one that has ended, lapsed or was taken
 *   back meanwhile, and one for another CPF than the account's, always
 */
export async function acceptInvitation(
  deps: Deps,
  caller: SignedIn,
  place: InvitationPlace,
): Promise<Result<Invitation, AccountCode>> {
  return await settle(deps, caller, place, async (tx, person, invitation, reached) => {
    if (invitation.cpf !== person.cpf) return refuse("invitation_other_cpf");
    await tieByInvitation(deps, tx, person, invitation, reached);
    const operadora = await nameOf(deps, invitation.operadora);
    notify(deps, tx, person, addedToOperadora({ operadora, origin: deps.config.origin }));
    return accept(invitation);
  });
}

/** "Não é comigo", of somebody who is signed in. */
export async function declineInvitation(
  deps: Deps,
  caller: SignedIn,
  place: InvitationPlace,
): Promise<Result<Invitation, AccountCode>> {
  return await settle(deps, caller, place, async (tx, person, invitation) => {
    await declineInCommit(deps, tx, invitation, person.id);
    return accept(invitation);
  });
}

async function settle(
  deps: Deps,
  caller: SignedIn,
  { operadora, id }: InvitationPlace,
  work: (
    tx: Transaction,
    person: Account,
    invitation: Invitation,
    reached: Reach,
  ) => Promise<Result<Invitation, AccountCode>>,
): Promise<Result<Invitation, AccountCode>> {
  return await transact(deps.kv, async (tx) => {
    const [session, [invitation, person]] = await Promise.all([
      currentLogin(deps, tx, caller.session),
      tx.getMany([keys.invitation(operadora, id), keys.account(caller.person.id)]),
    ]);
    if (!session || !person?.active) return refuse<AccountCode>("session_ended");
    // Of one that has ended nothing is left to reach it by but the session.
    if (!invitation || !isOpen(invitation, deps.now())) return refuse("invitation_ended");
    const reached = reachOf(deps, person, session.state, invitation);
    if (!reached) return refuse("invitation_ended");
    const done = await work(tx, person, invitation, reached);
    if (!done.ok) return done;
    const { invitation: _, ...state } = session.state;
    if (session.state.invitation?.id === id) advanceSession(deps, tx, session, state);
    return done;
  });
}

/** Ends an invitation as declined, and tells whoever invited. */
export async function declineInCommit(
  deps: Deps,
  tx: Transaction,
  invitation: Invitation,
  account: AccountId | null,
): Promise<void> {
  const { id, operadora, cpf, by } = invitation;
  const [holder, inviter] = await tx.getMany([
    keys.cpfAtOperadora(operadora, cpf),
    keys.account(by),
  ]);
  endInvitation(deps, tx, invitation, { state: "recusado", account, holder });
  const name = await nameOf(deps, operadora);
  const text = invitationDeclined(invitation, { operadora: name, origin: deps.config.origin });
  notify(deps, tx, inviter, text);
  await appendAudit(deps, tx, {
    stream: operadora,
    event: "invitation.declined",
    actor: account ?? "unknown",
    subject: id,
  });
}

/**
 * Writes the tie and the grants of an accepted invitation, inside the commit that has read it and the
 * account. Costs two checks.
 *
 * @param reached by what the account came to it: the tie keeps it
 */
export async function tieByInvitation(
  deps: Deps,
  tx: Transaction,
  person: Pick<Account, "id" | "cpf" | "createdAt">,
  invitation: Invitation,
  reached: Reach,
): Promise<void> {
  const { id, operadora, cpf, name, email, systems, by } = invitation;
  const since = deps.now();
  const before = await tx.get(keys.userOfOperadora(operadora, person.id));
  const tie: UserOfOperadora = {
    ...{ cpf, name, email, how: "convite", invitation: id },
    ...{ reached, by, since },
  };
  // What was granted under a tie that had ended does not come back by itself.
  const former = before ? await listGrants(deps, operadora, person.id) : [];
  for (const system of former) tx.delete(keys.grant(operadora, person.id, system));
  for (const system of systems) tx.set(keys.grant(operadora, person.id, system), since);
  putTie(tx, operadora, person.id, tie, before);
  tx.set(keys.cpfAtOperadora(operadora, cpf), { account: person.id });
  findableByCpf(tx, person);
  endInvitation(deps, tx, invitation, { state: "aceito", account: person.id, holder: null });
  await appendAudit(deps, tx, {
    stream: operadora,
    event: "invitation.accepted",
    actor: person.id,
    subject: id,
    detail: { systems: systems.join(" ") },
  });
}

async function nameOf(deps: Deps, cnpj: string): Promise<string> {
  return (await getOperadora(deps, cnpj))?.razaoSocial ?? `CNPJ ${cnpj}`;
}
