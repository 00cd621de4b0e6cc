import type { GovbrLevel } from "./account.ts";

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
export type Onboarding = FirstAccess | CertificateRegistration | SelfRegistration;

export interface LoggedIn {
  kind: "person";
  cpf: string;
  /** Only a session opened with the company's certificate carries the representative's powers. */
  certificate: SeenCertificate | null;
  /** CNPJ of the operadora chosen for this session. */
  operadora: string | null;
  authenticatedAt: number;
  /** Only in a session opened with gov.br: the level that the person's account had. */
  govbr?: { level: GovbrLevel };
  /** Thumbprint of the computer's key that has signed a challenge of this session. */
  computer?: string;
}

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
export type FirstAccessStep = "usuario" | "termos" | "cadastro" | "confirmar";

/** A first access under way. */
export interface FirstAccess {
  flow: "first_access";
  role: "representante" | "usuario";
  step: FirstAccessStep;
  /** Shown in the field "Usuário". */
  name: string;
  /**
   * Proved by the certificate, the provisional password or gov.br. Null when the certificate does not tell
   * it: then it is asked in step `cadastro`.
   */
  cpf: string | null;
  /** Hash of the provisional password it began with; null for the representative and a new person. */
  provisionalHash: string | null;
  /** Version of the terms accepted in step `termos`. */
  termsVersion: string | null;
  /** What step `cadastro` left for step `confirmar`. */
  draft: { cpf: string; email: string; passwordHash: string | null } | null;
  /** Only of a person who came with gov.br: no password is asked, nor a code for this verified e-mail. */
  govbr?: { email: string | null; level: GovbrLevel };
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
