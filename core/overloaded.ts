/**
 * What there was no room or no time for:
 * - `requests`, `passwords`: not begun, because too many are at it
 * - `store`, `deadline`: begun, and whether it was done is not known
 */
export type OverloadKind = "requests" | "passwords" | "store" | "deadline";

/** Thrown to turn a request away: it is answered with 503 (`http/limits.ts`). */
export class Overloaded extends Error {
  override name: string = "Overloaded";

  constructor(
    readonly kind: OverloadKind,
    message = `overloaded: ${kind}`,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
