import type { GovbrLevel } from "../../config/choices.ts";
import type { OutboxRecord } from "./outbox.ts";

export type { GovbrLevel };

declare const ACCOUNT: unique symbol;

/**
 * Id of an account: a ULID. The only thing that other records, addresses (URLs) and the audit log
 * know an account by; a type of its own, so that no CPF is taken for one.
 */
export type AccountId = string & { readonly [ACCOUNT]: true };

/** The account of a person, whatever they do in the portal. */
export interface Account {
  id: AccountId;
  /** 11 digits, the same from the beginning. Whether it is the person's own says `proof`. */
  cpf: string;
  /** Null: the CPF is declared, nobody but the person has said that it is theirs. */
  proof: CpfProof | null;
  /**
   * Grows by one with each proof and each joining. A credential speaks for the proof only when it was
   * confirmed under the number that is in force (see `speaksForProof`).
   */
  proofNumber: number;
  name: string;
  /** Confirmed and unique in the portal; null until the first access is done. */
  email: string | null;
  /** Null until the first access is done, and after it when it was done with gov.br. */
  password: PasswordCredential | null;
  active: boolean;
  /** Milliseconds since the epoch. */
  createdAt: number;
  /** The level of the gov.br account at its last use here, if it was ever used. */
  govbr?: { level: GovbrLevel; at: number };
  /** How the CPF came into the portal; read it through `identification`. */
  origin?: "certificado" | "convite" | "declarado";
  /** When the holder of the CPF took the record over from the account that had declared it. */
  takenOverAt?: number;
  cns?: PersonCns;
}

/** The password of an account. */
export interface PasswordCredential {
  /** argon2id. */
  hash: string;
  /** `proofNumber` of the account when the password was set, or last confirmed. */
  confirmedUnder: number;
  /**
   * The addresses that were read to set it by a code: it opens only ties and memberships that name
   * one of them. Null: no such limit.
   */
  mailboxes: readonly string[] | null;
}

/** With what the passwords of a CPF are hashed, so that one hash is compared with all of them. */
export interface PasswordSalt {
  /** 16 random bytes, base64url. */
  salt: string;
  /** Of argon2id: KiB, passes, lanes. */
  memoryCost: number;
  timeCost: number;
  parallelism: number;
}

/** A sign-in with a password that waits in a browser's session for what decides it. */
export interface SignInWaiting {
  /** `conta`: several accounts have the password; `codigo`: a code is asked, whatever was typed. */
  step: "conta" | "codigo";
  /** Those the password is of, with its hash; none when it was wrong. */
  accounts: readonly { id: AccountId; hash: string }[];
  /** Whom the attempt was counted for, to be given back. */
  counted: { handle: string; network: string | null };
  expiresAt: number;
}

/** How an account has proved that its CPF is the person's own, toward everybody. */
export type CpfProof =
  /** gov.br named the CPF, at the level of that time, which reached the one set. */
  | { by: "govbr"; level: GovbrLevel; at: number }
  /** The person's own e-CPF certificate has signed a challenge, or opened the connection. */
  | { by: "ecpf"; at: number } & EcpfId;

/**
 * What kind of key a person's certificate has: `A1` a file, `A2` a card, `A3` and `A4` hardware that
 * the holder carries or, in the cloud, that a trust service keeps.
 */
export type EcpfType = "A1" | "A2" | "A3" | "A4";

/** Which e-CPF it was. */
export interface EcpfId {
  type: EcpfType;
  /** Hex, as its authority has numbered it. */
  serial: string;
  /** Of the DER, lower-case hex. */
  sha256: string;
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
  account: AccountId;
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

/** How often, and until when, codes may be tried. */
export interface Tries {
  expiresAt: number;
  attemptsLeft: number;
}

/** A code that was sent by e-mail, hashed. */
export interface CodeRecord extends Tries {
  hash: string;
}

/** How many attempts were made since the count began. */
export interface AttemptCount {
  attempts: number;
  endsAt: number;
  /** That so many were made was told to the person. */
  told?: true;
}

/** A recovery under way, in the session of the browser that asked. */
export interface Recovery extends Tries {
  /** Whose password, as typed, in its stored form. */
  handle: { cpf: string } | { email: string };
  /** Random; from it follows the code of each account (see `recovery_code.ts`). */
  nonce: string;
}

/** Mails that a recovery asks for, to be made after its request. */
export interface RecoveryJob extends Pick<Recovery, "handle" | "nonce"> {
  /** Of the browser that asked; null when it is not known whose it is. */
  network: string | null;
}

/** Written for a mail that is not sent, so that the commit takes as long as one with a mail. */
export type Decoy = OutboxRecord | true;

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
  /** What the session in which the link was confirmed spoke for, and opened (see `Standing`). */
  confirmedUnder: number;
  mailboxes: readonly string[] | null;
  /** Since when Telegram refuses to deliver there: the person blocked the bot. */
  blockedSince?: number;
}

/** A link on its way: code made, perhaps typed in the chat, not yet confirmed on the site. */
export interface TelegramLinking {
  codeHash: string;
  expiresAt: number;
  claimedBy: { userId: number; chatId: number; name: string } | null;
}
