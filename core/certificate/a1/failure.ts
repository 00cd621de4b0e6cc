import type { A1Code } from "./messages.ts";

/** Ends the opening of a file from any depth; `openA1` turns it into a refusal. */
export class A1Failure extends Error {
  readonly code: A1Code;
  readonly detail: Record<string, string> | undefined;

  constructor(code: A1Code, detail?: Record<string, string>) {
    super(code);
    this.code = code;
    this.detail = detail;
  }
}

/**
 * Bounds of the work a file may ask for. Files ask for 2,000 to 600,000 iterations; a hostile one
 * asks for billions. Native ones are WebCrypto's, the others run in this thread (some 3 µs each).
 */
export class WorkBudget {
  #native = 6_000_000;
  #own = 2_500_000;

  spendNative(iterations: number): void {
    this.#native -= iterations;
    this.#check();
  }

  spendOwn(iterations: number): void {
    this.#own -= iterations;
    this.#check();
  }

  #check(): void {
    if (this.#native < 0 || this.#own < 0) throw new A1Failure("pfx_too_costly");
  }
}
