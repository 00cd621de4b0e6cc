import { Overloaded } from "../overloaded.ts";

/**
 * The store cannot be used now. The message (Portuguese, one line) says why and what to do; commands
 * show it alone, pages answer 503.
 */
export class StoreUnavailable extends Overloaded {
  override name = "StoreUnavailable";

  /**
   * @param reason `busy`: another process kept it for too long, and nothing was written; `gone`: its file
   * is not in its folder any more
   */
  constructor(readonly reason: "busy" | "gone", message: string, options?: ErrorOptions) {
    super("store", message, options);
  }
}

/** What is thrown when another process keeps the store to itself. */
export function storeBusy(cause?: unknown): StoreUnavailable {
  return new StoreUnavailable(
    "busy",
    "O banco está ocupado por outro processo: nada foi gravado. Tente de novo em instantes.",
    { cause },
  );
}
