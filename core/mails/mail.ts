import type { Mail } from "../store/records/outbox.ts";

/** What a mail says, without the greeting and the signature that every mail has. Portuguese. */
export interface MailText {
  subject: string;
  body: string;
}

/** A password, code or link in a mail: for a time, whoever reads it may do something with it. */
export interface Secret<P extends readonly unknown[]> {
  /** As it stands in the mail. */
  text: (...parameters: P) => string;
  /** How long it is good (ms). */
  life: (...parameters: P) => number;
  /** What is done when the mail comes too late to be of use; a sentence, Portuguese. */
  instead: string;
}

/**
 * A kind of mail. Called with its parameters it describes one mail; the description is what the outbox
 * keeps, sealed. The parameters are what JSON can hold, and no more than the words need.
 */
export interface MailKind<
  P extends readonly unknown[],
  Given extends readonly unknown[] = P,
> {
  (...given: Given): Mail;
  readonly mail: string;
  readonly render: (...parameters: P) => MailText;
  readonly secret: Secret<P> | null;
}

/**
 * @param mail its name in the outbox: what waits there is sent under the words that it has then
 * @example export const emailChanged = defineMail("emailChanged", () => ({ subject: "…", body: "…" }));
 */
export function defineMail<P extends readonly unknown[]>(
  mail: string,
  render: (...parameters: P) => MailText,
): MailKind<P> {
  return defineSecretMail(mail, null, render);
}

/** Like `defineMail`, for a mail that is not sent any more once the secret in it has ended. */
export function defineSecretMail<P extends readonly unknown[]>(
  mail: string,
  secret: Secret<P> | null,
  render: (...parameters: P) => MailText,
): MailKind<P> {
  const describe = (...parameters: P): Mail => ({ mail, parameters });
  return Object.assign(describe, { mail, secret, render });
}

/**
 * The kind called with what its callers have, of which only what the words need goes into the outbox.
 * @example takenFrom((person: Account) => [person.name], defineMail("greeting", (name: string) => …))
 */
export function takenFrom<
  Given extends readonly unknown[],
  P extends readonly unknown[],
>(take: (...given: Given) => [...P], kind: MailKind<P>): MailKind<P, Given> {
  const { mail, secret, render } = kind;
  return Object.assign((...given: Given) => kind(...take(...given)), { mail, secret, render });
}
