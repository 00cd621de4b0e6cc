export const keys = {
  person: (cpf: string) => ["person", cpf],
  personById: (id: string) => ["person_by_id", id],
  personByEmail: (email: string) => ["person_by_email", email],
  /** CPF of the person whose number in the national health card this is. */
  personByCns: (cns: string) => ["person_by_cns", cns],
  session: (id: string) => ["session", id],
  sessionByPerson: (cpf: string, id: string) => ["session_by_person", cpf, id],
  sessionsOfPerson: (cpf: string) => ["session_by_person", cpf],
  sessionByCertificate: (sha256: string, id: string) => ["session_by_certificate", sha256, id],
  sessionsOfCertificate: (sha256: string) => ["session_by_certificate", sha256],
  code: (purpose: string, owner: string) => ["code", purpose, owner],
  govbrAttempt: (session: string, state: string) => ["govbr_attempt", session, state],
  throttle: (what: string, who: string) => ["throttle", what, who],
  /** Of the browser's session: whose password is being recovered. */
  recovery: (session: string) => ["recovery", session],
  /** Of the browser's session: how far a self-registration has come. */
  selfRegistration: (session: string) => ["self_registration", session],
  /** Of the session: the address that waits for its code. */
  emailChange: (session: string) => ["email_change", session],
  /** Addresses that a person may still go back to. */
  emailUndo: (cpf: string) => ["email_undo", cpf],
  termsAccepted: (cpf: string, version: string) => ["terms_accepted", cpf, version],
  /** The person who represents an operadora, with the name CADOP had when they first entered. */
  representative: (cnpj: string) => ["representative", cnpj],
  certificateOfOperadora: (cnpj: string) => ["certificate_of_operadora", cnpj],
  /** The way back: CNPJ of the operadora that the certificate is registered for. */
  operadoraOfCertificate: (sha256: string) => ["certificate", sha256],
} as const;
