import type { Acr } from "../../config/choices.ts";
import type { AccountId, GovbrLevel } from "./account.ts";
import type { ShownInvitation } from "./invitation.ts";

/** A session of a browser: on its way in, or of a person who is logged in. */
export interface Session<S extends Anonymous | LoggedIn = Anonymous | LoggedIn> {
  /** 128 random bits. */
  id: string;
  createdAt: number;
  lastSeenAt: number;
  /** Absolute end, whatever the use. */
  expiresAt: number;
  agent: string;
  state: S;
  /** Only the browser's cookie knows of it; never in a record. */
  visit?: true;
}

export type AnonymousSession = Session<Anonymous>;

/** On the way in: a certificate may have been shown, and one onboarding may have begun. */
export interface Anonymous {
  kind: "anonymous";
  certificate: SeenCertificate | null;
  onboarding: Onboarding | null;
}

/** How far an onboarding has come; kept in the session, never in a form. */
export type Onboarding =
  | FirstAccess
  | InvitedAccess
  | CertificateRegistration
  | SelfRegistration
  | Joining;

/**
 * What a person has shown to begin a session (`amr`, RFC 8176; `govbr` and `cert` are the portal's
 * own): a password, a one-time code of an app, a passkey, gov.br, the company's certificate.
 */
export type Amr = "pwd" | "otp" | "hwk" | "govbr" | "cert";

export interface LoggedIn {
  kind: "person";
  account: AccountId;
  /**
   * `proofNumber` of the account under which the credential shown was confirmed; -1 when it speaks for
   * no proof, such as gov.br below the level that is set (see `speaksForProof`).
   */
  confirmedUnder: number;
  /** The session opens only ties and memberships that name one of these addresses; null: no limit. */
  mailboxes: readonly string[] | null;
  /** Only a session opened with the company's certificate carries the representative's powers. */
  certificate: SeenCertificate | null;
  /** CNPJ of the operadora chosen for this session. */
  operadora: string | null;
  /** An invitation whose provisional password was shown, here or before the sign-in. */
  invitation?: ShownInvitation;
  authenticatedAt: number;
  amr: readonly Amr[];
  acr: Acr;
  /** Only in a session opened with gov.br: the level that the person's account had. */
  govbr?: { level: GovbrLevel };
  /** Thumbprint of the computer's key that has signed a challenge of this session. */
  computer?: string;
}

/** What a session, or what was confirmed in one, speaks for and opens. */
export type Standing = Pick<LoggedIn, "confirmedUnder" | "mailboxes">;

/** What the portal takes from a certificate that has been verified. */
export interface PresentedCertificate {
  /** Of the DER, lower-case hex. */
  sha256: string;
  /** Of the company the certificate was issued to. */
  cnpj: string;
  companyName: string;
  responsible: { name: string; cpf: string | null } | null;
  /** Milliseconds since the epoch. */
  notAfter: number;
}

/** A certificate in a session. */
export interface SeenCertificate extends PresentedCertificate {
  /**
   * CNPJ of the operadora that it signs in for: of the one it is registered for, which need not be
   * its own company. Null until a registration says which.
   */
  operadora: string | null;
}

/** The steps of a first access. */
export type FirstAccessStep = "usuario" | "termos" | "cadastro" | "confirmar" | "conta";

/** A first access under way. */
export interface FirstAccess {
  flow: "first_access";
  role: "representante" | "usuario";
  step: FirstAccessStep;
  /** Shown in the field "Usuário". */
  name: string;
  /**
   * Told by the certificate, which proves nothing of it, or by gov.br. Null when the certificate does
   * not tell it: then it is asked in step `cadastro`.
   */
  cpf: string | null;
  /** Version of the terms accepted in step `termos`. */
  termsVersion: string | null;
  /** What step `cadastro` left for the steps `confirmar` and `conta`. */
  draft: { cpf: string; email: string; passwordHash: string | null } | null;
  /** Only of a person who came with gov.br: no password is asked, nor a code for this verified e-mail. */
  govbr?: {
    email: string | null;
    level: GovbrLevel;
    /** The account that gov.br signed in to below the level set, and will not any more. */
    replaces: AccountId | null;
  };
}

/** The steps of joining an account to a gov.br account. */
export type JoiningStep = "conta" | "codigo";

/** Somebody whom gov.br has named, and accounts with that CPF that may be theirs. */
export interface Joining {
  flow: "joining";
  step: JoiningStep;
  /** As gov.br has said. */
  cpf: string;
  name: string;
  email: string | null;
  level: GovbrLevel;
  /** Milliseconds since the epoch: the way is open for ten minutes. */
  begunAt: number;
  /** The accounts that are shown, in their order. */
  accounts: readonly AccountId[];
  /** The one whose code is waited for. */
  chosen: AccountId | null;
  /** The account that gov.br signed in to below the level set. */
  replaces: AccountId | null;
}

/** The steps of a first access by an invitation; `confirmar` only for another address than the invited one. */
export type InvitedStep = "convite" | "cadastro" | "confirmar";

/** A first access by an invitation under way; what the invitation says is read anew at each step. */
export interface InvitedAccess {
  flow: "invitation";
  step: InvitedStep;
  invitation: ShownInvitation;
  /** Version of the terms accepted in step `convite`. */
  termsVersion: string | null;
  /** What step `cadastro` left for step `confirmar`. */
  draft: { email: string; passwordHash: string } | null;
}

/** The steps of a certificate's registration; `divergencia` only when data disagree (J5). */
export type RegistrationStep = "cnpj" | "divergencia" | "codigo";

/** What of the certificate does not agree with CADOP. */
export type Divergence = "cnpj" | "razao_social";

/** A certificate's registration under way. */
export interface CertificateRegistration {
  flow: "certificate_registration";
  /**
   * `not_identified`: CADOP does not have the certificate's CNPJ (J4). `another_registered`: it has,
   * and another certificate is registered for it, one that was renewed for instance.
   */
  reason: "not_identified" | "another_registered";
  step: RegistrationStep;
  /** CNPJ of the operadora found in step `cnpj`. */
  operadora: string | null;
  divergences: readonly Divergence[];
  /** The address in CADOP that the code was sent to. */
  sentTo: string | null;
}

/** The steps of a self-registration after the first form, in their order. */
export type SelfRegistrationStep = "codigo" | "termos" | "senha";

/** A self-registration under way. */
export interface SelfRegistration {
  flow: "self_registration";
  step: SelfRegistrationStep;
  /** All four as declared, in their stored form. Only the e-mail will have been confirmed. */
  cpf: string;
  cns: string;
  name: string;
  email: string;
  /** Version of the terms accepted in step `termos`. */
  termsVersion: string | null;
  /** A page of the portal to go on to in the end. */
  returnPath: string;
}

/** What was typed into the search of a list of people, which no address may hold. */
export interface Search {
  query: string;
  expiresAt: number;
}
