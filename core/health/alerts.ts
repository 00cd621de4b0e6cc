import type { Deps } from "../deps.ts";
import { alert, type AlertNews, alertText } from "../mails/alert_mails.ts";
import { mailTo } from "../notify/notify.ts";
import { enqueue } from "../outbox/enqueue.ts";
import { keys } from "../store/keys.ts";
import { readMany } from "../store/read.ts";
import type { TroubleRecord } from "../store/records/health.ts";
import type { Channel, Message } from "../store/records/outbox.ts";
import { transact, type Transaction, WORK_CHECKS } from "../store/transact.ts";
import type { HealthPart, Part } from "./part.ts";
import { PARTS } from "./parts.ts";
import { advance, type Circumstances } from "./trouble.ts";

/** Parts in one commit, each with a check. */
const AT_ONCE = WORK_CHECKS;

/** The messages that tell `news` to everybody in `config.alertTo` whom the channel reaches. */
export function alertMessages(
  { config }: Pick<Deps, "config">,
  channel: Channel,
  news: readonly AlertNews[],
): Message[] {
  if (news.length === 0) return [];
  const text = alertText(news, config.origin);
  return config.alertTo.filter((one) => one.channel === channel).map((one): Message =>
    one.channel === "mail" ? mailTo(one.to, alert(news, config.origin)) : {
      channel: "chat",
      chatId: one.chatId,
      what: "alert",
      text: `${text.subject}\n\n${text.body}`,
    }
  );
}

/**
 * Writes down what has become of each part's troubles, with the messages about it in the same commit: of
 * two processes that see the same, one tells it.
 *
 * @param parts as `checkParts` found them
 * @param log told in one line what began or ended; once for all processes
 * @returns whether there is something to be sent
 */
export async function recordTroubles(
  deps: Deps,
  parts: readonly HealthPart[],
  log: (line: string) => void,
): Promise<boolean> {
  const known = await readMany(deps.kv, parts.map(({ id }) => keys.trouble(id)));
  const concerned = parts.filter(({ state }, i) => state !== "ok" || known[i]);
  const failing = new Set(parts.filter(({ state }) => state === "failing").map(({ id }) => id));
  const about = circumstances(deps, failing);
  let sent = false;
  for (let i = 0; i < concerned.length; i += AT_ONCE) {
    const some = concerned.slice(i, i + AT_ONCE);
    const { lines, messages } = await transact(deps.kv, (tx) => record(deps, tx, some, about));
    lines.forEach(log);
    sent ||= messages.length > 0;
  }
  return sent;
}

function circumstances(deps: Deps, failing: ReadonlySet<string>): Circumstances {
  const wanted = [...new Set(deps.config.alertTo.map(({ channel }) => channel))];
  const partOf: Record<Channel, string> = { mail: "mail", chat: "telegram" };
  const open = wanted.filter((channel) => !failing.has(partOf[channel]));
  const dependsOn = (id: string) => PARTS.find((part: Part) => part.id === id)?.dependsOn ?? [];
  return {
    now: deps.now(),
    wanted,
    open,
    explained: ({ id }) => dependsOn(id).some((other) => failing.has(other)),
  };
}

async function record(
  deps: Deps,
  tx: Transaction,
  parts: readonly HealthPart[],
  about: Circumstances,
): Promise<{ lines: string[]; messages: Message[] }> {
  const recordKeys = parts.map(({ id }) => keys.trouble(id));
  const before: (TroubleRecord | null)[] = await tx.getMany(recordKeys);
  const steps = parts.map((part, i) => advance(part, before[i]!, about));
  for (const [i, { next }] of steps.entries()) {
    if (next === null) tx.delete(recordKeys[i]!);
    else if (next !== before[i]) tx.set(recordKeys[i]!, next);
  }
  const messages = about.open.flatMap((channel) =>
    alertMessages(deps, channel, steps.flatMap(({ news }) => news[channel] ?? []))
  );
  for (const message of messages) enqueue(deps, tx, message);
  return { lines: steps.flatMap(({ line }) => line ?? []), messages };
}
