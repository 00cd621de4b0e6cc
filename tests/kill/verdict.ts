import { SETTINGS } from "@/core/config/mod.ts";
import type { Outcome, Size } from "./run.ts";

/** What was counted, the most that may be, and what is wrong in detail. */
export interface Row {
  what: string;
  found: number;
  most?: number;
  details?: readonly string[];
}

/** Messages that are sent at a time: so many may be on their way when the process is killed. */
const AT_ONCE = { mail: 4, chat: 24 };
const LONGEST = Number(SETTINGS.HABILITA_STOP_SECONDS.default) * 1_000;

/** The table of a run; a row whose `found` is over its `most` is a fault. */
export function rowsOf({ kills }: Size, outcome: Outcome): Row[] {
  const { lost, halfWritten, decidedTwice, repeatedMails, repeatedCards } = outcome;
  const stops = outcome.lives.filter(({ signal }) => signal === "SIGTERM");
  const times = stops.map(({ ms }) => ms).sort((a, b) => a - b);
  const failed = stops.filter(({ code }) => code !== 0);
  const row = (what: string, found: number, most?: number, details?: readonly string[]): Row => ({
    ...{ what, found, ...(most !== undefined && { most }), ...(details && { details }) },
  });
  return [
    row("killed (SIGKILL)", kills),
    row("stopped (SIGTERM)", stops.length),
    row("changes acknowledged", outcome.acknowledged),
    row("acknowledged and lost", lost.length, 0, lost),
    row("half-written", halfWritten.length, 0, halfWritten),
    row("decided twice", decidedTwice.length, 0, decidedTwice),
    row("mails", outcome.mails),
    row("mails sent twice after SIGTERM", repeatedMails.afterStop, 0),
    row("mails sent twice after SIGKILL", repeatedMails.afterKill, kills * AT_ONCE.mail),
    row("mails sent twice under another Message-ID", repeatedMails.unlike, 0),
    row("cards in chats", outcome.cards),
    row("cards sent twice after SIGTERM", repeatedCards.afterStop, 0),
    row("cards sent twice after SIGKILL", repeatedCards.afterKill, kills * AT_ONCE.chat),
    row("SIGTERM: exit code other than 0", failed.length, 0, failed.map(({ errors }) => errors)),
    row("SIGTERM: ms to the end, median", times[Math.floor(times.length / 2)] ?? 0),
    row("SIGTERM: ms to the end, longest", times.at(-1) ?? 0, LONGEST),
  ];
}

export const isFault = ({ found, most }: Row): boolean => most !== undefined && found > most;

/** Three columns: what, found, at most. */
export function tableOf(rows: readonly Row[]): string {
  const line = (...cells: [string, string, string]) =>
    `${cells[0].padEnd(44)}${cells[1].padStart(8)}${cells[2].padStart(9)}`;
  const body = rows.map(({ what, found, most }) => line(what, String(found), String(most ?? "")));
  return [line("", "found", "at most"), ...body].join("\n");
}
