import type { Refusal } from "../result.ts";

/** A message to be sent after the commit that decided on it. */
export type Message = MailMessage | ChatMessage;

export interface MailMessage {
  channel: "mail";
  to: string;
  subject: string;
  /** Plain text; lines end with `\n`. */
  text: string;
}

/** What the bot has to tell; it finds the words and the buttons itself. */
export type ChatMessage =
  & { channel: "chat"; chatId: number }
  & (
    | { what: "request_created"; requestId: string }
    /** `tapped`: somebody waits for it to change; one that cannot be changed is answered. */
    | { what: "request_decided"; requestId: string; messageId: number; tapped?: true }
    /** A tap that changed nothing, on the message `replyTo`, and why. */
    | { what: "tap_refused"; requestId: string; replyTo: number; refusal: Refusal }
    /** Many requests at once: how many wait is counted at the time of sending. */
    | { what: "requests_waiting" }
    | { what: "linked"; name: string }
    | { what: "unlinked" }
  );

/** A message in the store, with what has been tried so far. */
export interface OutboxRecord {
  /** ULID; later ones of the same process are greater. */
  id: string;
  message: Message;
  createdAt: number;
  attempts: number;
  lastError: string | null;
}

/**
 * What became of an attempt. `later` tries again (after `retryAfter` ms when the receiver asked for
 * a pause); `never` gives up and keeps the message among the dead letters.
 */
export type Delivery =
  | { outcome: "sent" }
  | { outcome: "later"; error: string; retryAfter?: number }
  | { outcome: "never"; error: string };

/**
 * Sends one message. `attempt` counts from 1: from the second on the message may have arrived
 * already, its sender killed or its answer lost.
 */
export type Send = (message: Message, attempt: number) => Promise<Delivery>;

/** Does it show one new request? Many of these can be said in one. */
export function isNewRequest(message: Message): boolean {
  return message.channel === "chat" && message.what === "request_created";
}

/** Messages of one lane are sent one after the other, those of different lanes side by side. */
export function laneOf(message: Message): string {
  return message.channel === "mail" ? `mail:${message.to}` : `chat:${message.chatId}`;
}

export type Channel = Message["channel"];

export function channelOf(lane: string): Channel {
  return lane.startsWith("mail:") ? "mail" : "chat";
}
