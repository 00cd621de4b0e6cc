import { getRequest } from "@/core/access/requests/request.ts";
import type { Deps } from "@/core/deps.ts";
import { keys } from "@/core/store/keys.ts";
import type { AuditRecord } from "@/core/store/records/audit.ts";
import type { TelegramServer } from "@/tools/telegram/server.ts";
import { type Asked, isCard } from "./drive.ts";

/** What became of all messages. Everything that is `missing` or `stale` is an error. */
export interface Counted {
  requests: number;
  /** Requests with exactly one decision, in their record and in the log. */
  decidedOnce: number;
  /** Requesters who were told, and mails to them that came again. */
  told: number;
  toldAgain: number;
  /** Requests in the chats of administrators; of whom the chat does not reach, by e-mail. */
  cards: number;
  byMail: number;
  cardsMissing: number;
  /** Cards that came a second time: their first was taken, and its answer lost. */
  cardsAgain: number;
  /** Cards that do not show the outcome in the end. */
  cardsStale: number;
  /** Who came second and was told so; who was not; who was told twice. */
  losersTold: number;
  losersMissing: number;
  losersAgain: number;
  /** Calls that went wrong; of these, messages that Telegram took without the bot getting to know. */
  failedCalls: number;
  lostAnswers: number;
  deadLetters: number;
}

export async function count(
  deps: Deps,
  telegram: TelegramServer,
  { asked, mails: file, refusing }: {
    asked: readonly Asked[];
    mails: string;
    refusing: ReadonlySet<number>;
  },
): Promise<Counted> {
  const decisions = await decisionsOf(deps);
  const mails = (await Deno.readTextFile(file)).split("\n").filter(Boolean).map((line) => {
    const [to = "", subject = "", at] = line.split("\t");
    return { to, subject, at: Number(at) };
  });
  const counted: Counted = {
    requests: asked.length,
    decidedOnce: 0,
    told: 0,
    toldAgain: 0,
    cards: 0,
    byMail: 0,
    cardsMissing: 0,
    cardsAgain: 0,
    cardsStale: 0,
    losersTold: 0,
    losersMissing: 0,
    losersAgain: 0,
    failedCalls: telegram.calls.filter(({ status }) => status !== 200 && status !== 400).length,
    lostAnswers:
      telegram.calls.filter(({ lost, method }) => lost && method === "sendMessage").length,
    deadLetters: (await Array.fromAsync(
      deps.kv.list({ prefix: keys.outboxDead.under() }),
    )).length,
  };
  for (const { id, createdAt, requester, place, tapped } of asked) {
    const request = await getRequest(deps, id);
    const waits = (await deps.kv.get(keys.requestPending(place.cnes, id))).value;
    const once = request?.state === "aprovada" && !waits && decisions.get(id) === 1;
    if (once) counted.decidedOnce++;
    const outcomes = mails.filter(({ to, subject }) =>
      to === requester.email && subject.startsWith("Seu pedido de acesso foi")
    ).length;
    if (outcomes > 0) {
      counted.told++;
    }
    counted.toldAgain += Math.max(0, outcomes - 1);
    for (const { chatId, person } of place.administrators) {
      const cards = telegram.messages(chatId).filter(({ text }) =>
        isCard(text, requester)
      );
      if (cards.length > 0) {
        counted.cards++;
        counted.cardsAgain += cards.length - 1;
        const shown = cards.some(({ text }) => text.includes("Aprovado por"));
        if (!shown && !refusing.has(chatId)) counted.cardsStale++;
      } else if (mails.some(({ to, at }) => to === person.email && at >= createdAt)) {
        counted.byMail++;
      } else counted.cardsMissing++;
      const tap = tapped.some((one) => one.chatId === chatId);
      if (!tap || refusing.has(chatId) || request?.decidedBy?.id === person.id) continue;
      const notices =
        telegram.messages(chatId).filter(({ text, reply_to }) =>
          text.includes("já tinha sido aprovado") && reply_to && isCard(reply_to.text, requester)
        ).length;
      if (notices === 0) counted.losersMissing++;
      else counted.losersTold++;
      counted.losersAgain += Math.max(0, notices - 1);
    }
  }
  return counted;
}

/** How often each request was approved, by the log. */
async function decisionsOf({ kv }: Deps): Promise<Map<string, number>> {
  const decisions = new Map<string, number>();
  for await (const { value } of kv.list<AuditRecord>({ prefix: keys.audit.under() })) {
    if (value.event !== "request.aprovada") continue;
    decisions.set(value.subject, (decisions.get(value.subject) ?? 0) + 1);
  }
  return decisions;
}
