/**
 * The answer of a core function that may refuse. A refusal is an expected outcome with a stable
 * code; what to tell the person about it is in the `messages.ts` of the module that refused.
 * Exceptions are kept for faults of the program or of the machine.
 */
export type Result<T, C extends string = string> =
  | { ok: true; data: T }
  | Refusal<C>;

export interface Refusal<C extends string = string> {
  ok: false;
  code: C;
  /** Values that belong into the message (never a secret), e.g. `{ linha: 12, coluna: "CNPJ" }`. */
  detail?: Record<string, string | number>;
}

export function accept<T>(data: T): { ok: true; data: T } {
  return { ok: true, data };
}

export function refuse<C extends string>(
  code: C,
  detail?: Record<string, string | number>,
): Refusal<C> {
  return detail ? { ok: false, code, detail } : { ok: false, code };
}
