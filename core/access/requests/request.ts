import type { Person } from "../../account/person.ts";
import { reachableEmail } from "../../account/person.ts";
import { getTelegramLink } from "../../account/telegram_link.ts";
import { appendAudit } from "../../audit/append.ts";
import { newId } from "../../ids.ts";
import { enqueue } from "../../outbox/enqueue.ts";
import type { Message } from "../../outbox/message.ts";
import type { Portal } from "../../portal.ts";
import { type Establishment, getEstablishment } from "../../registry/establishment.ts";
import { parseCnes } from "../../registry/numbers.ts";
import { accept, refuse, type Result } from "../../result.ts";
import { transact } from "../../store/transact.ts";
import { firstAlarm, setAlarm } from "./alarm.ts";
import { keys } from "../keys.ts";
import { requestReceivedMail } from "../mails.ts";
import { type Membership, type Profile } from "../membership.ts";
import type { AccessCode } from "../messages.ts";
import { listRecipients } from "./pause.ts";

export type RequestState = "pendente" | "aprovada" | "reprovada" | "expirada";

/** Profiles that may be asked for here; ADMINISTRADOR is given by the legal representative. */
export const REQUESTABLE = ["OPERADOR", "CONSULTADOR", "CADASTRADOR"] as const satisfies Profile[];

/** A person asks for a profile at an establishment. */
export interface AccessRequest {
  /** ULID. */
  id: string;
  cnes: string;
  cpf: string;
  profile: Profile;
  state: RequestState;
  createdAt: number;
  decidedAt: number | null;
  /** Id and name of the person who decided. */
  decidedBy: { id: string; name: string } | null;
  via: "portal" | "telegram" | null;
  /** Why it was rejected. */
  reason: string | null;
}

/**
 * Asks for a profile at an establishment (J10). Its administrators are told in Telegram, or by
 * e-mail when they have no chat or have blocked the bot; with no administrator yet the request waits for the next.
 */
export async function createRequest(
  portal: Portal,
  person: Person,
  form: { cnes: string; profile: string },
): Promise<Result<AccessRequest, AccessCode>> {
  const cnes = parseCnes(form.cnes);
  if (!cnes) return refuse("establishment_invalid");
  const profile = REQUESTABLE.find((name) => name === form.profile);
  if (!profile) return refuse("profile_unknown");
  const establishment = await getEstablishment(portal, cnes);
  if (!establishment) return refuse("establishment_not_found");
  if (!establishment.active) return refuse("establishment_inactive");

  const id = newId(portal.now());
  const notices = await noticesFor(portal, establishment, id);
  return await transact(portal.kv, async (tx) => {
    const [open, membership] = await tx.getMany<[string, Membership]>([
      keys.requestOpen(person.cpf, cnes),
      keys.membership(cnes, person.cpf),
    ]);
    if (open) return refuse<AccessCode>("request_already_pending");
    if (membership) return refuse<AccessCode>("already_member", { perfil: membership.profile });
    const request: AccessRequest = {
      id,
      cnes,
      cpf: person.cpf,
      profile,
      state: "pendente",
      createdAt: portal.now(),
      decidedAt: null,
      decidedBy: null,
      via: null,
      reason: null,
    };
    tx.set(keys.request(id), request);
    tx.set(keys.requestPending(cnes, id), request.createdAt);
    tx.set(keys.requestByPerson(person.cpf, id), request.createdAt);
    tx.set(keys.requestOpen(person.cpf, cnes), id);
    setAlarm(tx, request, firstAlarm(portal, request, establishment.uf));
    for (const notice of notices) enqueue(portal, tx, notice);
    await appendAudit(portal, tx, {
      stream: cnes,
      event: "request.created",
      actor: person.id,
      subject: id,
      detail: { profile },
    });
    return accept(request);
  });
}

async function noticesFor(
  portal: Portal,
  establishment: Establishment,
  requestId: string,
): Promise<Message[]> {
  const administrators = await listRecipients(portal, establishment.cnes);
  const notices = administrators.map(async (person): Promise<Message | null> => {
    const link = await getTelegramLink(portal, person.cpf);
    if (link && !link.blockedSince) {
      return { channel: "chat", chatId: link.chatId, what: "request_created", requestId };
    }
    const to = reachableEmail(person);
    const place = { establishment: establishment.nome, origin: portal.config.origin };
    return to ? requestReceivedMail(to, person.name, place) : null;
  });
  return (await Promise.all(notices)).filter((notice) => notice !== null);
}

export async function getRequest(portal: Portal, id: string): Promise<AccessRequest | null> {
  return (await portal.kv.get<AccessRequest>(keys.request(id))).value;
}

/**
 * What waits for a decision at these establishments, oldest first.
 * @param after id of the last request of the page before
 */
export async function listPending(
  portal: Portal,
  cnesNumbers: readonly string[],
  { limit = 50, after = "" }: { limit?: number; after?: string } = {},
): Promise<AccessRequest[]> {
  const ids = await Promise.all(cnesNumbers.map(async (cnes) => {
    const prefix = keys.requestsPending(cnes);
    // The least key after that of `after`: strings sort by their bytes.
    const list = portal.kv.list({ prefix, start: [...prefix, `${after}\0`] }, { limit });
    return (await Array.fromAsync(list)).map(({ key }) => key[2] as string);
  }));
  // ULIDs sort by time.
  return await getRequests(portal, ids.flat().sort().slice(0, limit));
}

/** What was decided at these establishments, the newest first. */
export async function listDecided(
  portal: Portal,
  cnesNumbers: readonly string[],
  limit = 10,
): Promise<AccessRequest[]> {
  const found = await Promise.all(cnesNumbers.map(async (cnes) => {
    const prefix = keys.requestsDecided(cnes);
    return await Array.fromAsync(portal.kv.list({ prefix }, { limit, reverse: true }));
  }));
  const newest = found.flat().sort((a, b) => (b.key[2] as number) - (a.key[2] as number));
  return await getRequests(portal, newest.slice(0, limit).map(({ key }) => key[3] as string));
}

/** A person's own requests, newest first. */
export async function listRequestsOf(
  portal: Portal,
  cpf: string,
  limit = 20,
): Promise<AccessRequest[]> {
  const prefix = keys.requestsOfPerson(cpf);
  const list = portal.kv.list({ prefix }, { limit, reverse: true });
  const ids = (await Array.fromAsync(list)).map(({ key }) => key[2] as string);
  return await getRequests(portal, ids);
}

async function getRequests(portal: Portal, ids: readonly string[]): Promise<AccessRequest[]> {
  const reads = await Promise.all(ids.map((id) => getRequest(portal, id)));
  return reads.filter((request) => request !== null);
}
