import { appendAudit } from "../../audit/append.ts";
import type { Deps } from "../../deps.ts";
import { requestExpired, requestsUndecided, whereOf } from "../../mails/access_mails.ts";
import { notify } from "../../notify/notify.ts";
import { enqueueDigest } from "../../outbox/enqueue.ts";
import { type Establishment, getEstablishment } from "../../registry/establishment.ts";
import { keys } from "../../store/keys.ts";
import { list } from "../../store/read.ts";
import type { AccessRequest } from "../../store/records/access.ts";
import type { Account } from "../../store/records/account.ts";
import { transact, type Transaction } from "../../store/transact.ts";
import { afterQuietHours, alarmAfter, setAlarm } from "./alarm.ts";
import { whatIsAsked } from "./describe.ts";
import { getRepresentative, type Recipients, recipientsOf, remindersFor } from "./recipients.ts";
import { getRequest } from "./request.ts";
import { follow, transition } from "./transition.ts";

const NO_RECIPIENTS: Recipients = { administrators: [], representative: null };

/** Alarms read at once. */
const PAGE = 100;

/**
 * Does what is due with the requests that wait (J14). Reads only what is due. May run anywhere and
 * twice at once: each alarm is taken in the commit that does its work.
 *
 * @returns how many alarms were taken
 */
export async function runAlarms(deps: Deps): Promise<number> {
  for (let taken = 0;;) {
    const options = { end: [deps.now() + 1], limit: PAGE };
    const due = await Array.fromAsync(list(deps.kv, keys.requestAlarm.under(), options));
    for (const { rest: [at, id] } of due) if (await runAlarm(deps, at, id)) taken++;
    if (due.length < PAGE) return taken;
  }
}

async function runAlarm(deps: Deps, at: number, id: string): Promise<boolean> {
  const request = await getRequest(deps, id);
  const establishment = request && await getEstablishment(deps, request.cnes);
  const operadora = establishment?.operadora ?? null;
  const recipients = request?.state === "pendente"
    ? await recipientsOf(deps, { ...request, operadora })
    : NO_RECIPIENTS;
  return await transact(deps.kv, async (tx) => {
    const key = keys.requestAlarm(at, id);
    const stage = await tx.get(key);
    if (!stage) return false;
    tx.delete(key);
    const current = request && await tx.get(keys.request(request.id));
    if (current?.state !== "pendente") return true;
    const uf = establishment?.uf ?? "";
    if (stage === "expire") {
      const requester = await tx.get(keys.account(current.account));
      await expire(deps, tx, current, { requester, establishment });
      return true;
    }
    // The cron itself was late, or the establishment has moved.
    const now = deps.now();
    const allowed = afterQuietHours(now, uf);
    if (allowed > now) {
      setAlarm(tx, current, { stage, at: allowed });
      return true;
    }
    const hasMoved = follow(tx, current, operadora);
    if (stage !== "follow" || hasMoved) {
      for (const notice of await remindersFor(deps, recipients)) enqueueDigest(deps, tx, notice);
    }
    // Without administrators to remind there is no use in waiting longer. What the representative
    // decides has no one above it.
    const late = stage === "escalate" || recipients.administrators.length === 0;
    if (late && !current.to.includes("representante")) {
      const told = establishment !== null && await escalate(deps, tx, establishment);
      await appendAudit(deps, tx, {
        stream: current.cnes,
        event: "request.escalated",
        actor: "system",
        subject: current.id,
        detail: { told },
      });
    }
    const next = alarmAfter(deps, current, uf, stage);
    if (next) setAlarm(tx, current, next);
    return true;
  });
}

/**
 * Tells the legal representative of the operadora, as long as CADOP names them.
 * @returns whether there is one with an address
 */
async function escalate(
  deps: Deps,
  tx: Transaction,
  { cnes, nome, operadora: cnpj }: Establishment,
): Promise<boolean> {
  const person = cnpj ? await getRepresentative(deps, cnpj) : null;
  const where = { establishment: `${nome} (CNES ${cnes})`, origin: deps.config.origin };
  return notify(deps, tx, person, requestsUndecided(where), { digest: true });
}

async function expire(
  deps: Deps,
  tx: Transaction,
  request: AccessRequest,
  { requester, establishment }: { requester: Account | null; establishment: Establishment | null },
): Promise<void> {
  await transition(deps, tx, request, { move: "expirar", by: null, via: null, reason: null });
  const where = whereOf(deps, establishment, `CNES ${request.cnes}`);
  notify(deps, tx, requester, requestExpired(whatIsAsked(request), where));
}
