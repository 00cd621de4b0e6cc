import type { AccountId } from "./account.ts";

/** Profiles of the SGOP. */
export type Profile = "ADMINISTRADOR" | "OPERADOR" | "CONSULTADOR" | "CADASTRADOR";

/** How an account came to what was given to a person: it says which of its credentials open that. */
export interface Reach {
  /**
   * `mailbox`: the one that was named is the account's confirmed address; `password`: the provisional
   * one that was sent there was shown; `proof`: the account has proved the CPF that was named, and
   * nothing says that anybody has read the mailbox.
   */
  by: "mailbox" | "password" | "proof";
  /** `confirmedUnder` of the credential that was shown for it. */
  under: number;
}

/** Ties an account to an operadora that the person works for. It speaks at that operadora only. */
export interface UserOfOperadora {
  /** 11 digits, as the operadora named it; that of the account. */
  cpf: string;
  /** As the operadora named the person. */
  name: string;
  /** The mailbox that the operadora named. */
  email: string;
  how: "convite" | "certificado";
  /** How the account came to it (see `opensTie`). */
  reached: Reach;
  /** Id of the invitation that was accepted; null when the tie came by the certificate. */
  invitation: string | null;
  /** Who invited them. */
  by: AccountId;
  since: number;
  /** Set while the representative has switched the tie off: of this operadora alone. */
  deactivated?: { by: AccountId; at: number };
}

/** What a membership came from. */
export type MembershipOrigin =
  /**
   * The CNES names the CPF as the director's. `operadora`: CNPJ of the one whose tie stood for the
   * CPF; null: the account had proved it, and what the membership gives rests on that proof.
   */
  | { kind: "row"; operadora: string | null }
  /** The representative of the operadora has appointed the person, or approved what they asked for. */
  | { kind: "operadora"; cnpj: string }
  /** An administrator has approved what the person asked for. */
  | { kind: "approved"; by: AccountId };

/** What a person may do at an establishment. Never deleted: it ends, and may begin anew. */
export interface Membership {
  cnes: string;
  account: AccountId;
  /** Null between the approval of the establishment and that of a profile. */
  profile: Profile | null;
  since: number;
  /** Who decided; `cnes`: nobody had to, the CNES names the person as director. */
  by: AccountId | "cnes";
  /**
   * Of one that was given for a tie: the mailbox that the tie names. Else the confirmed address of the
   * account at the approval; "" when it had none.
   */
  mailbox: string;
  /** Of one that was given for a tie: how the account had come to that. */
  reached?: Reach;
  origin: MembershipOrigin;
  /** Why this profile was given in the place of another; the person reads it. */
  justification?: string;
  /** Set when the person was deactivated here; the three steps are to be done again. */
  ended?: { at: number; by: AccountId; reason: string };
}

/** What a membership was before a change. */
export interface MembershipChange {
  at: number;
  before: Membership;
}

/** A computer on which a person may use their profile at an establishment. */
export interface ComputerRecord {
  /** Of the key in its browser: SHA-256 as in RFC 7638, base64url. */
  thumbprint: string;
  cnes: string;
  account: AccountId;
  /** Asset tag and place, as typed by who asked. */
  label: string;
  place: string;
  since: number;
  /** Id of the person who approved it. */
  by: AccountId;
}

/** The three steps: each is asked for when the one before it is approved. */
export type Step = "estabelecimento" | "perfil" | "computador";

export type RequestState = "pendente" | "aprovada" | "reprovada" | "cancelada" | "expirada";

/** Who may decide a request: those who administer the establishment, its operadora's representative. */
export type ApproverRole = "administradores" | "representante";

interface Common {
  /** ULID. */
  id: string;
  cnes: string;
  account: AccountId;
  /** The profile that is asked for; of a computer, the one it will be used with. */
  profile: Profile;
  state: RequestState;
  to: readonly ApproverRole[];
  /** CNPJ of the operadora that the establishment was bound to, whose representative may decide. */
  operadora: string | null;
  createdAt: number;
  decidedAt: number | null;
  /** Id and name of the person who decided. */
  decidedBy: { id: AccountId; name: string } | null;
  /** `cnes`: at once, because the CNES names the person as director. */
  via: "portal" | "telegram" | "cnes" | null;
  /** Why it was rejected. */
  reason: string | null;
}

/** Step one: to work for an establishment. Decided with the profile, or before it. */
export interface EstablishmentRequest extends Common {
  step: "estabelecimento";
  /** Id of the request for a profile that was made with it. */
  profileRequest: string;
}

/** Step two: a profile at an establishment. */
export interface ProfileRequest extends Common {
  step: "perfil";
  /** Id of the request of step one made with it; null when that step was approved before. */
  establishmentRequest: string | null;
}

/** Step three: to use a profile on a computer. */
export interface ComputerRequest extends Common {
  step: "computador";
  computer: AskedComputer;
}

export interface AskedComputer {
  /** Of its public key: SHA-256 as in RFC 7638, base64url. */
  thumbprint: string;
  /** Asset tag, as typed. */
  label: string;
  place: string;
  /** An approved computer that will not be used any more, its key being gone. */
  replaces: { thumbprint: string; label: string } | null;
}

export type AccessRequest = EstablishmentRequest | ProfileRequest | ComputerRequest;

/** What is done when a waiting request's time comes; `follow`: only a move of its place is noticed. */
export type Stage = "remind" | "follow" | "escalate" | "expire";
