import type { GovbrLevel } from "../../config/choices.ts";
import type { MailMessage } from "./outbox.ts";

export type { GovbrLevel };

/** A person of the portal, whatever they do in it. */
export interface Person {
  /** ULID; stands for the person in addresses and in the audit log. */
  id: string;
  /** 11 digits; the natural key. */
  cpf: string;
  name: string;
  /** Confirmed and unique in the portal; null until the first access is done. */
  email: string | null;
  /** Where the one who registered the person said they can be reached; not confirmed. */
  contactEmail: string | null;
  /** argon2id; null until the first access is done, and after it when it was done with gov.br. */
  passwordHash: string | null;
  provisional: ProvisionalPassword | null;
  active: boolean;
  /** Milliseconds since the epoch. */
  createdAt: number;
  /** The level of the gov.br account at its last use here, if it was ever used. */
  govbr?: { level: GovbrLevel; at: number };
  /** How the CPF came into the portal; read it through `identification`. */
  origin?: "certificado" | "operadora" | "declarado";
  /** When the holder of the CPF took the record over from the account that had declared it. */
  takenOverAt?: number;
  cns?: PersonCns;
}

export interface ProvisionalPassword {
  hash: string;
  expiresAt: number;
  /** Names of the operadoras that registered the person: the password to come must not hold them. */
  companies: string[];
}

/** Quality of a registration in the national health card, as the ministry grades it. */
export type CnsQuality = "alta" | "baixa" | "desconhecida";

/** A person's number in the national health card, and what is known of it. */
export interface PersonCns {
  /** 15 digits. */
  number: string;
  quality: CnsQuality;
  /**
   * What stands behind it: `consulta`, the look-up said the quality; `govbr`, nobody said, but gov.br
   * has proven who declared the number; `declarado`, nothing but the person's word.
   */
  source: "declarado" | "govbr" | "consulta";
  /** When that was found out (milliseconds since the epoch). */
  at: number;
}

/** Who represents an operadora in the portal, bound at their first access. */
export interface Representative {
  cpf: string;
  /** The name CADOP had then; powers end when CADOP comes to name another person. */
  name: string;
  since: number;
}

/** The one certificate that is registered for an operadora. */
export interface RegisteredCertificate {
  sha256: string;
  notAfter: number;
  registeredAt: number;
}

/** A code that was sent by e-mail, hashed. */
export interface CodeRecord {
  hash: string;
  expiresAt: number;
  attemptsLeft: number;
}

/** How many attempts were made since the count began. */
export interface AttemptCount {
  attempts: number;
  endsAt: number;
}

/** A recovery under way, in the session of the browser that asked. */
export interface Recovery {
  /** As typed; whether an account has it is not said. */
  cpf: string;
  /** Where the code went, and the password it is for, if any; null when no code was sent. */
  sent: { email: string; passwordHash: string | null } | null;
  expiresAt: number;
}

/** Written for a mail that is not sent, so that the commit takes as long as one with a mail. */
export type Decoy = MailMessage | true;

/** A new address that waits for its code; bound to the session that asked. */
export interface EmailChange {
  email: string;
  expiresAt: number;
}

/** An address that the person had. */
export interface FormerAddress {
  email: string;
  /** Keyed hash of the token in the link that went there. */
  hash: string;
  expiresAt: number;
}

/** A person's confirmed chat. One chat per person, one person per Telegram account. */
export interface TelegramLink {
  /** The immutable numeric id; user names change hands. */
  userId: number;
  chatId: number;
  /** As Telegram showed it when linking. */
  name: string;
  since: number;
  /** Since when Telegram refuses to deliver there: the person blocked the bot. */
  blockedSince?: number;
}

/** A link on its way: code made, perhaps typed in the chat, not yet confirmed on the site. */
export interface TelegramLinking {
  codeHash: string;
  expiresAt: number;
  claimedBy: { userId: number; chatId: number; name: string } | null;
}
