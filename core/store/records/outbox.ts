import type { Refusal } from "../../result.ts";
import type { Sealed } from "./sealed.ts";

/** A message to be sent after the commit that decided on it. */
export type Message = AddressedMail | ChatMessage;

/** Which mail it is, and what it tells of: its words are made when it is sent. */
export interface Mail {
  /** Its name in `MAILS`. */
  mail: string;
  parameters: readonly unknown[];
}

export interface AddressedMail {
  channel: "mail";
  to: string;
  /** Name of the person; absent for an address that stands for a company or a code. */
  greeted?: string;
  mail: Mail;
}

/** A message as it goes out, or a job as it is done. */
export type Outgoing = MailMessage | ChatMessage | JobMessage;

/** Work that a commit has left to be done in the turn of a mail; see `enqueueJob`. */
export interface JobMessage {
  channel: "job";
  job: string;
  given: unknown;
}

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
    /** `tapped`: the person who tapped waits for it to change; one that cannot be changed is answered. */
    | { what: "request_decided"; requestId: string; messageId: number; tapped?: true }
    /** A tap that changed nothing, on the message `replyTo`, and why. */
    | { what: "tap_refused"; requestId: string; replyTo: number; refusal: Refusal }
    /** Many requests at once: how many wait is counted at the time of sending. */
    | { what: "requests_waiting" }
    | { what: "linked"; name: string }
    | { what: "unlinked" }
    /** To the operators of the portal, as plain text. */
    | { what: "alert"; text: string }
  );

/** A mail in the store: who gets it and what it says can be read with the portal's secret only. */
export interface SealedMail {
  channel: "mail";
  /** Its name in `MAILS`; of a job, the job's, marked as one. */
  mail: string;
  /** The address as an operator may see it, e.g. `f***@example.br`. */
  masked: string;
  /** When the code, password or link in it ends; it is not sent after that. Null when it holds none. */
  endsAt: number | null;
  /** Address, name and parameters; null when the secret in it has ended. */
  sealed: Sealed | null;
}

/** An older version of the portal wrote mails as they go out. */
export type StoredMessage = SealedMail | ChatMessage | MailMessage;

/** A message in the store, with what has been tried so far. */
export interface OutboxRecord {
  /** ULID; later ones of the same process are greater. */
  id: string;
  message: StoredMessage;
  createdAt: number;
  attempts: number;
  lastError: string | null;
}

export type Channel = Message["channel"];

/** Who may send in a partition. */
export interface PartitionLease {
  /** Only the holder sends before this (ms). */
  until: number;
  /** Of the one who is sending; null while the partition only rests. */
  holder: string | null;
  /** When it was written (ms); an older version of the portal did not say. */
  since?: number;
}

/** A message that was given up. */
export interface DeadLetter extends OutboxRecord {
  /** Where it goes when it is given back; an older version of the portal did not say. */
  partition?: string;
  diedAt: number;
}
