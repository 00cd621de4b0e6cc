/** One line of the audit log. Holds ids of people, never a CPF, a code or a password. */
export interface AuditRecord {
  id: string;
  /** Milliseconds since the epoch. */
  at: number;
  /** What happened, e.g. `request.approved`. */
  event: string;
  /** Who did it: a person's id, `telegram:<user id>` or `system`. */
  actor: string;
  /** What it was done to: the id of a request or person, a CNPJ, a CNES number. */
  subject: string;
  detail: Record<string, string | number | boolean | null>;
  /** Hash of the record before it in the stream; empty for the first. */
  previous: string;
  /** Hash over all the above. */
  hash: string;
}

/** Where a stream ends: its last record. */
export interface AuditHead {
  sequence: number;
  hash: string;
}
