/** The steps of a certificate's registration; `divergencia` only when data disagree (J5). */
export type RegistrationStep = "cnpj" | "divergencia" | "codigo";

/** What of the certificate does not agree with CADOP. */
export type Divergence = "cnpj" | "razao_social";

/** How far a certificate's registration has come; kept in the session, never in the form. */
export interface CertificateRegistration {
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
