import { reachableEmail } from "../../account/person.ts";
import { appendAudit } from "../../audit/append.ts";
import { enqueue, enqueueDigest } from "../../outbox/enqueue.ts";
import type { Portal } from "../../portal.ts";
import { type Establishment, getEstablishment } from "../../registry/establishment.ts";
import { keys } from "../../store/keys.ts";
import { list } from "../../store/read.ts";
import type { AccessRequest } from "../../store/records/access.ts";
import type { Person } from "../../store/records/account.ts";
import type { MailMessage, Message } from "../../store/records/outbox.ts";
import { transact, type Transaction } from "../../store/transact.ts";
import { alarmAfter, setAlarm } from "./alarm.ts";
import { type Audience, audienceOf, getRepresentative, noticesTo } from "./notices.ts";
import { afterQuietHours } from "./quiet_hours.ts";
import { getRequest } from "./request.ts";
import { close, follow } from "./transition.ts";
import { escalationMail, expiredMail, reminderMail } from "./waiting_mails.ts";

const NOBODY: Audience = { administrators: [], representative: null };

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
    const options = { end: [portal.now() + 1], limit: PAGE };
    const due = await Array.fromAsync(list(portal.kv, keys.requestAlarm.under(), options));
    for (const { rest: [at, id] } of due) if (await runAlarm(portal, at, id)) taken++;
    if (due.length < PAGE) return taken;
  }
}

async function runAlarm(portal: Portal, at: number, id: string): Promise<boolean> {
  const request = await getRequest(portal, id);
  const establishment = request && await getEstablishment(portal, request.cnes);
  const operadora = establishment?.operadora ?? null;
  const audience = request?.state === "pendente"
    ? await audienceOf(portal, { ...request, operadora })
    : NOBODY;
  return await transact(portal.kv, async (tx) => {
    const key = keys.requestAlarm(at, id);
    const stage = await tx.get(key);
    if (!stage) return false;
    tx.delete(key);
    const current = request && await tx.get(keys.request(request.id));
    if (current?.state !== "pendente") return true;
    const uf = establishment?.uf ?? "";
    if (stage === "expire") {
      const requester = await tx.get(keys.person(current.cpf));
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
    const hasMoved = follow(tx, current, operadora);
    if (stage !== "follow" || hasMoved) {
      for (const notice of await reminders(portal, audience)) enqueueDigest(portal, tx, notice);
    }
    // With nobody to remind there is no use in waiting longer. What the representative decides has
    // nobody above it.
    const late = stage === "escalate" || audience.administrators.length === 0;
    if (late && !current.to.includes("representante")) {
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
function reminders(portal: Portal, audience: Audience): Promise<Message[]> {
  return noticesTo(portal, audience, {
    chat: (chatId) => ({ channel: "chat", chatId, what: "requests_waiting" }),
    mail: (to, name) => reminderMail(to, name, portal.config.origin),
  });
}

/** To the legal representative of the operadora, as long as CADOP names them. */
async function escalation(
  portal: Portal,
  { cnes, nome, operadora: cnpj }: Establishment,
): Promise<MailMessage | null> {
  const person = cnpj ? await getRepresentative(portal, cnpj) : null;
  const to = person && reachableEmail(person);
  const place = { establishment: `${nome} (CNES ${cnes})`, origin: portal.config.origin };
  return to ? escalationMail(to, person.name, place) : null;
}

async function expire(
  portal: Portal,
  tx: Transaction,
  request: AccessRequest,
  { requester, establishment }: {
    requester: Person | null;
    establishment: Establishment | null;
  },
): Promise<void> {
  await close(portal, tx, request, { move: "expirar", by: null, via: null, reason: null });
  const to = requester && reachableEmail(requester);
  if (!to) return;
  const place = {
    establishment: establishment?.nome ?? `CNES ${request.cnes}`,
    origin: portal.config.origin,
  };
  enqueue(portal, tx, expiredMail(to, requester.name, request, place));
}
