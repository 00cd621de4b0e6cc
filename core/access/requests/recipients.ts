import { getAccount } from "../../account/account.ts";
import { getBinding, stillRepresents } from "../../account/binding.ts";
import { appendAudit } from "../../audit/append.ts";
import type { Deps } from "../../deps.ts";
import {
  requestDecided,
  requestReceived,
  requestsWaiting,
  type Where,
  whereOf,
} from "../../mails/access_mails.ts";
import { mailToPerson, messageTo, type Notice, notify } from "../../notify/notify.ts";
import { enqueueDigest } from "../../outbox/enqueue.ts";
import type { Establishment } from "../../registry/establishment.ts";
import { accept, refuse, type Result } from "../../result.ts";
import { keys } from "../../store/keys.ts";
import { list, read } from "../../store/read.ts";
import type { AccessRequest, Membership } from "../../store/records/access.ts";
import type { Account, AccountId } from "../../store/records/account.ts";
import type { Standing } from "../../store/records/session.ts";
import type { Message } from "../../store/records/outbox.ts";
import { transact, type Transaction } from "../../store/transact.ts";
import {
  decidesWith,
  isAdministrator,
  listAdministrators,
  listMembershipsOf,
} from "../membership.ts";
import type { AccessCode } from "../messages.ts";
import { whatIsAsked } from "./describe.ts";

/** Who gets the new requests of an establishment while one of its administrators pauses. */
export interface StandIns {
  cnes: string;
  names: string[];
}

/**
 * CNES numbers where a person is ADMINISTRADOR, in their order.
 * @param standing of a session or a chat: only where it may decide; may still be looked up
 */
export async function listAdministered(
  deps: Deps,
  account: AccountId,
  standing?: Standing | Promise<Standing>,
): Promise<string[]> {
  const [person, memberships, limits] = await Promise.all([
    getAccount(deps, account),
    listMembershipsOf(deps, account),
    standing,
  ]);
  const counts = (membership: Membership) =>
    limits
      ? person !== null && decidesWith(deps, membership, person, limits)
      : isAdministrator(membership);
  return memberships.filter(counts).map(({ cnes }) => cnes);
}

/** Do new requests go to the other administrators at this moment? */
export async function isPaused(deps: Deps, account: AccountId): Promise<boolean> {
  return await read(deps.kv, keys.administratorPaused(account)) !== null;
}

/**
 * The administrators who are to be told of an establishment's requests: those who do not pause, or
 * all when none is left (a colleague was removed meanwhile, or two paused at the same moment).
 */
export async function listRecipients(deps: Deps, cnes: string): Promise<Account[]> {
  const administrators = await listAdministrators(deps, cnes);
  const present = await withoutPaused(deps, administrators);
  return present.length > 0 ? present : administrators;
}

async function withoutPaused(deps: Deps, people: readonly Account[]): Promise<Account[]> {
  const paused = await Promise.all(people.map(({ id }) => isPaused(deps, id)));
  return people.filter((_, i) => !paused[i]);
}

/**
 * New requests go to the others from now on. Refused while some establishment would be left with
 * no recipient. The person who pauses may go on deciding.
 *
 * @returns who stands in, by establishment
 */
export async function pauseAdministrator(
  deps: Deps,
  person: Account,
): Promise<Result<StandIns[], AccessCode>> {
  const numbers = await listAdministered(deps, person.id);
  if (numbers.length === 0) return refuse("not_administrator");
  const stands = await Promise.all(numbers.map(async (cnes): Promise<StandIns> => {
    const others = (await listAdministrators(deps, cnes)).filter(({ cpf }) => cpf !== person.cpf);
    return { cnes, names: (await withoutPaused(deps, others)).map(({ name }) => name) };
  }));
  const alone = stands.filter(({ names }) => names.length === 0).map(({ cnes }) => `CNES ${cnes}`);
  if (alone.length > 0) return refuse("pause_nobody_left", { lugares: alone.join(", ") });
  await setPaused(deps, person, true);
  return accept(stands);
}

/** New requests come to this person again. */
export async function resumeAdministrator(deps: Deps, person: Account): Promise<void> {
  await setPaused(deps, person, false);
}

async function setPaused(deps: Deps, person: Account, paused: boolean): Promise<void> {
  const key = keys.administratorPaused(person.id);
  await transact(deps.kv, async (tx) => {
    const since = await tx.get(key);
    if ((since !== null) === paused) return;
    if (paused) tx.set(key, deps.now());
    else tx.delete(key);
    await appendAudit(deps, tx, {
      stream: "portal",
      event: paused ? "administrator.paused" : "administrator.resumed",
      actor: person.id,
      subject: person.id,
    });
  });
}

/** The people who can decide a request and are to be told of it. */
export interface Recipients {
  /** Those who administer the establishment, but never the requester, with whichever account. */
  administrators: Account[];
  /** The legal representative, when no administrator decides. */
  representative: Account | null;
}

/** The people to be told of a request. */
export async function recipientsOf(deps: Deps, request: AccessRequest): Promise<Recipients> {
  const { to, cnes, account, operadora } = request;
  const [requester, found] = to.includes("administradores")
    ? await Promise.all([getAccount(deps, account), listRecipients(deps, cnes)])
    : [null, []];
  const administrators = found.filter(({ cpf }) => cpf !== requester?.cpf);
  const alone = to.includes("representante") && administrators.length === 0;
  const representative = alone && operadora ? await getRepresentative(deps, operadora) : null;
  return { administrators, representative };
}

/** The legal representative of an operadora, as long as CADOP names them. */
export async function getRepresentative(deps: Deps, cnpj: string): Promise<Account | null> {
  const { representative, operadora } = await getBinding(deps, cnpj);
  if (!stillRepresents(representative, operadora)) return null;
  const person = await getAccount(deps, representative.account);
  return person?.active ? person : null;
}

/** The messages that tell those who can decide a new request of it. */
export async function noticesFor(
  deps: Deps,
  establishment: Establishment,
  request: AccessRequest,
): Promise<Message[]> {
  const mail = requestReceived(whereOf(deps, establishment, request.cnes));
  const chat = { what: "request_created", requestId: request.id } as const;
  return await messagesTo(deps, await recipientsOf(deps, request), { chat, mail });
}

/** The messages that remind of what waits, one for each person, however many requests wait. */
export async function remindersFor(deps: Deps, recipients: Recipients): Promise<Message[]> {
  return await messagesTo(deps, recipients, waitingNotice(deps));
}

/** The chat does not see the powers of a representative, which come from the certificate. */
async function messagesTo(
  deps: Deps,
  { administrators, representative }: Recipients,
  notice: Notice,
): Promise<Message[]> {
  const messages = await Promise.all(administrators.map((each) => messageTo(deps, each, notice)));
  return [...messages, representative && mailToPerson(representative, notice.mail)]
    .filter((message) => message !== null);
}

function waitingNotice({ config: { origin } }: Deps): Notice {
  return { chat: { what: "requests_waiting" }, mail: requestsWaiting(origin) };
}

/**
 * Tells a person who becomes ADMINISTRADOR of an establishment that requests have been waiting there,
 * inside the commit that makes them so. Without it what was asked while there was no administrator
 * would wait for a reminder (J14). Reads outside the commit: that nothing waits any more is noticed
 * when the message is sent.
 */
export async function notifyOfWaiting(
  deps: Deps,
  tx: Transaction,
  cnes: string,
  person: Account,
): Promise<void> {
  const waiting = list(deps.kv, keys.requestPending.under(cnes), { limit: 1 });
  if ((await Array.fromAsync(waiting)).length === 0) return;
  const message = await messageTo(deps, person, waitingNotice(deps));
  if (message) enqueueDigest(deps, tx, message);
}

/** Tells a requester by e-mail what was decided, inside the commit of the decision. */
export function notifyDecided(
  deps: Deps,
  tx: Transaction,
  requester: Account | null,
  request: AccessRequest,
  where: Where,
): void {
  notify(deps, tx, requester, requestDecided(request, whatIsAsked(request), where));
}
