/** All mails of the portal, by their names, and from the description of one to its words. */
import type { AddressedMail, Mail, MailMessage } from "../store/records/outbox.ts";
import * as access from "./access_mails.ts";
import * as account from "./account_mails.ts";
import * as alert from "./alert_mails.ts";
import type { MailKind, MailText } from "./mail.ts";
import * as onboarding from "./onboarding_mails.ts";
import * as user from "./user_mails.ts";

type AnyKind = MailKind<readonly unknown[]>;

/** Every kind that a module of mails exports. */
export const MAILS: ReadonlyMap<string, AnyKind> = new Map(
  [access, account, alert, onboarding, user]
    .flatMap((module): unknown[] => Object.values(module))
    .filter(isKind)
    .map((kind) => [kind.mail, kind]),
);

function isKind(value: unknown): value is AnyKind {
  return typeof value === "function" && "mail" in value && "render" in value;
}

/** What a mail says; null when this version of the portal has no mail of that name. */
export function renderMail({ mail, parameters }: Mail): MailText | null {
  return MAILS.get(mail)?.render(...parameters) ?? null;
}

const SIGNATURE = "\n\nHabilita — portal de acesso das operadoras\n" +
  "Esta mensagem é automática. O portal nunca pede sua senha por e-mail.\n";

/** The mail as it goes out; null as for `renderMail`. */
export function renderAddressed({ to, greeted, mail }: AddressedMail): MailMessage | null {
  const text = renderMail(mail);
  if (!text) return null;
  const greeting = greeted === undefined ? "" : `Olá, ${greeted}.\n\n`;
  return { channel: "mail", to, subject: text.subject, text: greeting + text.body + SIGNATURE };
}

/** The secret in a mail, and for how long it is good (ms); null when it holds none. */
export function secretIn({ mail, parameters }: Mail): { text: string; life: number } | null {
  const secret = MAILS.get(mail)?.secret;
  return secret ? { text: secret.text(...parameters), life: secret.life(...parameters) } : null;
}
