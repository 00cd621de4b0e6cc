import type { Update } from "grammy/types";

/** What has become of an update of Telegram's. */
export interface UpdateMark {
  done: boolean;
  /** Until when the one who works on it is left alone (ms); after that it counts as killed. */
  leaseUntil: number;
  /** Which bot works on it; absent when it is done. */
  holder?: string;
}

/** An update that Telegram need not bring again: it is finished here, by whatever process lives. */
export interface KeptUpdate {
  update: Update;
  attempts: number;
  /** When it was kept (ms); an older version of the portal did not say. */
  keptAt?: number;
}

/** A message that asks for the reason of a rejection. */
export interface ReasonQuestion {
  requestId: string;
  /** The message that shows the request, to be brought up to date. */
  cardMessageId: number;
  expiresAt: number;
}

/** When the bot and Telegram last spoke, for the health page. */
export interface TelegramState {
  mode: "polling" | "webhook";
  /** The last time that it went well; null before. */
  okAt: number | null;
  /** What went wrong since: a status or a short text of Telegram's, never an address. */
  failure: { at: number; what: string } | null;
  /** Updates that Telegram still holds; only with the webhook. */
  pending: number;
}
