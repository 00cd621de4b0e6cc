import type { Deps } from "../deps.ts";
import { renderAddressed, secretIn } from "../mails/mod.ts";
import { open, seal } from "../secrets.ts";
import type {
  AddressedMail,
  ChatMessage,
  OutboxRecord,
  Outgoing,
  SealedMail,
  StoredMessage,
} from "../store/records/outbox.ts";

type Inside = Pick<AddressedMail, "to" | "greeted"> & { parameters: readonly unknown[] };

/** A mail as it is kept under the id of its record; it opens under no other id and as no other mail. */
export function sealMail({ config, now }: Deps, id: string, message: AddressedMail): SealedMail {
  const { to, greeted, mail: { mail, parameters } } = message;
  const inside: Inside = { to, greeted, parameters };
  const secret = secretIn(message.mail);
  return {
    channel: "mail",
    mail,
    masked: maskAddress(to),
    endsAt: secret && now() + secret.life,
    sealed: seal(config, "outbox", nameOf(id, mail), encoder.encode(JSON.stringify(inside))),
  };
}

/** The mail that was sealed; null when its secret has ended, or was sealed under another of the portal's. */
export function openMail(
  { config }: Pick<Deps, "config">,
  id: string,
  { mail, sealed }: SealedMail,
): AddressedMail | null {
  const bytes = sealed && open(config, "outbox", nameOf(id, mail), sealed);
  if (!bytes) return null;
  const { to, greeted, parameters }: Inside = JSON.parse(decoder.decode(bytes));
  return { channel: "mail", to, greeted, mail: { mail, parameters } };
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

const nameOf = (id: string, mail: string) => JSON.stringify([id, mail]);

/** Marks the name of a job in the place of a mail's. */
const JOB = "job:";

/** Is it work to be done, and no message? */
export function isJob(message: StoredMessage): boolean {
  return "mail" in message && message.mail.startsWith(JOB);
}

/** What a job is given, as it is kept. To whom it will write is not known yet. */
export function sealJob(
  { config, now }: Deps,
  id: string,
  { job, given, life }: { job: string; given: unknown; life: number },
): SealedMail {
  const mail = `${JOB}${job}`;
  return {
    channel: "mail",
    mail,
    masked: "***",
    endsAt: now() + life,
    sealed: seal(config, "outbox", nameOf(id, mail), encoder.encode(JSON.stringify(given))),
  };
}

function openJob({ config }: Pick<Deps, "config">, id: string, { mail, sealed }: SealedMail) {
  const bytes = sealed && open(config, "outbox", nameOf(id, mail), sealed);
  if (!bytes) return null;
  const given: unknown = JSON.parse(decoder.decode(bytes));
  return { channel: "job", job: mail.slice(JOB.length), given } as const;
}

/** @example maskAddress("fulana@example.br") // "f***@example.br" */
export function maskAddress(address: string): string {
  return address.replace(/^(.).*@/, "$1***@");
}

/** Has the code, password or link in a message ended? */
export function hasEnded(message: StoredMessage, now: number): boolean {
  return "endsAt" in message && message.endsAt !== null && message.endsAt <= now;
}

/** A message that can be sent, or why it can not. */
export type Opened =
  | { outgoing: Outgoing; conceal: (error: string) => string }
  | { outcome: "later" | "never"; error: string };

const UNOPENED: Opened = {
  outcome: "never",
  error: "no secret in HABILITA_SECRET opens it",
};

/**
 * Makes a message of the store ready to be sent.
 * @returns with what to say of its failures: a server may repeat in its answer what it was given
 */
export function openMessage(
  deps: Pick<Deps, "config" | "now">,
  { id }: Pick<OutboxRecord, "id">,
  message: StoredMessage,
): Opened {
  if (!("mail" in message)) return { outgoing: message, conceal: (error) => error };
  if (hasEnded(message, deps.now())) {
    return { outcome: "never", error: "the code, password or link in it has ended" };
  }
  if (isJob(message)) {
    const job = openJob(deps, id, message);
    return job ? { outgoing: job, conceal: (error) => error } : UNOPENED;
  }
  const addressed = openMail(deps, id, message);
  if (!addressed) return UNOPENED;
  const outgoing = renderAddressed(addressed);
  if (!outgoing) {
    return { outcome: "later", error: `this version of the portal has no mail ${message.mail}` };
  }
  const secret = secretIn(addressed.mail);
  const conceal = (error: string) => {
    const masked = error.replaceAll(addressed.to, message.masked);
    return secret ? masked.replaceAll(secret.text, "***") : masked;
  };
  return { outgoing, conceal };
}

/** A message that is not sent any more, without what nobody needs. */
export function withoutEnded(message: StoredMessage, now: number): StoredMessage {
  return "sealed" in message && hasEnded(message, now) ? { ...message, sealed: null } : message;
}

/** Like `sealMail`; a message to a chat holds nothing that is to be hidden. */
export function sealMessage(
  deps: Deps,
  id: string,
  message: AddressedMail | ChatMessage,
): StoredMessage {
  return message.channel === "mail" ? sealMail(deps, id, message) : message;
}
