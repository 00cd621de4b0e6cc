import type { Channel, Message } from "../store/records/outbox.ts";

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

/** Messages of one partition are sent one after the other, those of different partitions side by side. */
export function partitionOf(message: Message): string {
  return message.channel === "mail" ? `mail:${message.to}` : `chat:${message.chatId}`;
}

export function channelOf(partition: string): Channel {
  return partition.startsWith("mail:") ? "mail" : "chat";
}
