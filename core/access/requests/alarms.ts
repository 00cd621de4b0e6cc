import { keys as accountKeys } from "../../account/keys.ts";
import { getPerson, type Person, reachableEmail } from "../../account/person.ts";
import { getDoor, stillRepresents } from "../../account/representative.ts";
import { getTelegramLink } from "../../account/telegram_link.ts";
import { appendAudit } from "../../audit/append.ts";
import { enqueue, enqueueDigest } from "../../outbox/enqueue.ts";
import type { MailMessage, Message } from "../../outbox/message.ts";
import type { Portal } from "../../portal.ts";
import { type Establishment, getEstablishment } from "../../registry/establishment.ts";
import { transact } from "../../store/transact.ts";
import { alarmAfter, setAlarm, type Stage } from "./alarm.ts";
import { close } from "./close.ts";
import { keys } from "../keys.ts";
import { listRecipients } from "./pause.ts";
import { afterQuietHours } from "./quiet_hours.ts";
import { type AccessRequest, getRequest } from "./request.ts";
import { escalationMail, expiredMail, reminderMail } from "./waiting_mails.ts";

/** Alarms read at once. */
const PAGE = 100;

/**
 * Does what is due with the requests that wait (J14). Reads only what is due. May run anywhere and
 * twice at once: each alarm is taken in the commit that does its work.
 *
 * @returns how many alarms were taken
 */
export async function runAlarms(portal: Portal): Promise<number> {
  for (let taken = 0;;) {
    const prefix = keys.requestAlarms();
    const due = await Array.fromAsync(
      portal.kv.list<Stage>({ prefix, end: [...prefix, portal.now() + 1] }, { limit: PAGE }),
    );
    for (const { key } of due) if (await runAlarm(portal, key)) taken++;
    if (due.length < PAGE) return taken;
  }
}

async function runAlarm(portal: Portal, key: Deno.KvKey): Promise<boolean> {
  const request = await getRequest(portal, key[2] as string);
  const establishment = request && await getEstablishment(portal, request.cnes);
  const recipients = request?.state === "pendente"
    ? await listRecipients(portal, request.cnes)
    : [];
  return await transact(portal.kv, async (tx) => {
    const stage = await tx.get<Stage>(key);
    if (!stage) return false;
    tx.delete(key);
    const current = request && await tx.get<AccessRequest>(keys.request(request.id));
    if (current?.state !== "pendente") return true;
    const uf = establishment?.uf ?? "";
    if (stage === "expire") {
      const requester = await tx.get<Person>(accountKeys.person(current.cpf));
      await expire(portal, tx, current, { requester, establishment });
      return true;
    }
    // The cron itself was late, or the establishment has moved.
    const now = portal.now();
    const allowed = afterQuietHours(now, uf);
    if (allowed > now) {
      setAlarm(tx, current, { stage, at: allowed });
      return true;
    }
    for (const notice of await reminders(portal, recipients)) enqueueDigest(portal, tx, notice);
    // With nobody to remind there is no use in waiting longer.
    if (stage === "escalate" || recipients.length === 0) {
      const mail = establishment && await escalation(portal, establishment);
      if (mail) enqueueDigest(portal, tx, mail);
      await appendAudit(portal, tx, {
        stream: current.cnes,
        event: "request.escalated",
        actor: "system",
        subject: current.id,
        detail: { told: Boolean(mail) },
      });
    }
    const next = alarmAfter(portal, current, uf, stage);
    if (next) setAlarm(tx, current, next);
    return true;
  });
}

/** One for each person, however many requests wait: in the chat, else by e-mail. */
async function reminders(portal: Portal, people: readonly Person[]): Promise<Message[]> {
  const found = await Promise.all(people.map(async (person): Promise<Message | null> => {
    const link = await getTelegramLink(portal, person.cpf);
    if (link && !link.blockedSince) {
      return { channel: "chat", chatId: link.chatId, what: "requests_waiting" };
    }
    const to = reachableEmail(person);
    return to ? reminderMail(to, person.name, portal.config.origin) : null;
  }));
  return found.filter((message) => message !== null);
}

/** To the legal representative of the operadora, as long as CADOP names them. */
async function escalation(
  portal: Portal,
  { cnes, nome, operadora: cnpj }: Establishment,
): Promise<MailMessage | null> {
  if (!cnpj) return null;
  const { representative, operadora } = await getDoor(portal, cnpj);
  if (!stillRepresents(representative, operadora)) return null;
  const person = await getPerson(portal, representative.cpf);
  const to = person?.active ? reachableEmail(person) : null;
  const place = { establishment: `${nome} (CNES ${cnes})`, origin: portal.config.origin };
  return to && person ? escalationMail(to, person.name, place) : null;
}

async function expire(
  portal: Portal,
  tx: Parameters<typeof close>[1],
  request: AccessRequest,
  { requester, establishment }: {
    requester: Person | null;
    establishment: Establishment | null;
  },
): Promise<void> {
  const next: AccessRequest = { ...request, state: "expirada", decidedAt: portal.now() };
  await close(portal, tx, next, "system");
  const to = requester && reachableEmail(requester);
  if (!to) return;
  const place = {
    establishment: establishment?.nome ?? `CNES ${request.cnes}`,
    origin: portal.config.origin,
  };
  enqueue(portal, tx, expiredMail(to, requester.name, request, place));
}
