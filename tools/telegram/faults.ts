import { ApiError } from "./model.ts";
import type { Params } from "./params.ts";

/**
 * How a call goes wrong. A number is answered as that HTTP status; `hang` never answers; `drop` breaks
 * the answer off in its middle.
 */
export type Failure = number | "hang" | "drop";

export interface Fault {
  /** Name of the method, or `*` for every one but getUpdates (which no bot would survive without). */
  method: string;
  /** How often; 1 unless told, `Infinity` until cleared. */
  times?: number;
  status: Failure;
  /** Seconds, for 429. */
  retry_after?: number;
  description?: string;
  /** Only calls for this chat. */
  chat_id?: number;
  /** The call takes effect and only its answer is lost: the sender cannot tell. */
  applied?: boolean;
  /** A further condition, e.g. `() => Math.random() < 0.3`; only from inside the process. */
  when?: (params: Readonly<Record<string, unknown>>) => boolean;
}

const DESCRIPTION: Record<number, string> = {
  400: "Bad Request: message can't be sent",
  403: "Forbidden: bot was blocked by the user",
  500: "Internal Server Error",
  502: "Bad Gateway",
  503: "Service Unavailable",
  504: "Gateway Timeout",
};

/** Faults to come, first pushed first used. */
export class Faults {
  #list: (Fault & { left: number })[] = [];

  push(...faults: Fault[]): void {
    for (const fault of faults) this.#list.push({ ...fault, left: fault.times ?? 1 });
  }

  clear(): void {
    this.#list = [];
  }

  /** How many are still to come. */
  get left(): number {
    return this.#list.reduce((sum, fault) => sum + fault.left, 0);
  }

  /** Takes the fault that hits this call, if any. */
  take(method: string, params: Params): Fault | undefined {
    const fault = this.#list.find((fault) =>
      (fault.method === "*"
        ? method !== "getUpdates"
        : fault.method.toLowerCase() === method.toLowerCase()) &&
      (fault.chat_id === undefined || fault.chat_id === params.integer("chat_id")) &&
      (!fault.when || fault.when(params.all))
    );
    if (!fault) return undefined;
    if (--fault.left <= 0) this.#list = this.#list.filter((other) => other !== fault);
    return fault;
  }
}

/** The error answer of a fault with a status. */
export function faultError(status: number, fault: Fault): ApiError {
  if (status === 429) {
    const retry_after = fault.retry_after ?? 1;
    return new ApiError(
      429,
      fault.description ?? `Too Many Requests: retry after ${retry_after}`,
      { retry_after },
    );
  }
  return new ApiError(status, fault.description ?? DESCRIPTION[status] ?? "Error");
}
