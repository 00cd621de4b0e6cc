import type { AccountId } from "./account.ts";

/** What an operadora registers: somebody whom it names, and what they shall have once they accept. */
export interface Invitation {
  /** ULID. */
  id: string;
  /** CNPJ. */
  operadora: string;
  /** 11 digits, as typed by the operadora, like name and e-mail; none of them changes. */
  cpf: string;
  name: string;
  email: string;
  /** Ids of the systems that are granted with the acceptance. */
  systems: readonly string[];
  /** Who invited, or renewed last. */
  by: AccountId;
  createdAt: number;
  /** Milliseconds since the epoch; whether it has lapsed follows from this. */
  expiresAt: number;
  state: "enviado" | "aceito" | "recusado" | "revogado";
  /** Null once it has ended. */
  password: InvitationPassword | null;
  /** Who accepted or declined; null for somebody who was not signed in. */
  account: AccountId | null;
  /** When it was accepted, declined or revoked. */
  endedAt: number | null;
}

/** The provisional password of an invitation: random, so a keyed hash is enough. */
export interface InvitationPassword {
  /** Of CPF and password, under the portal's secret. */
  hash: string;
  expiresAt: number;
}

/** Where an invitation stands. */
export interface InvitationPlace {
  /** CNPJ. */
  operadora: string;
  id: string;
}

/** An invitation whose provisional password was shown in a session. */
export interface ShownInvitation extends InvitationPlace {
  /** Hash of that password: a renewed one has to be shown anew. */
  password: string;
}

/** What takes the one place of a CPF at an operadora. */
export type CpfHolder = { account: AccountId } | { invitation: string };
