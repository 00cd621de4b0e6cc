import { type Fault, faultError, Faults } from "./faults.ts";
import { type Backend, methods } from "./methods.ts";
import { ApiError } from "./model.ts";
import { Params, readParams } from "./params.ts";

export interface ApiCall {
  /** When it arrived, in milliseconds since the epoch. */
  at: number;
  method: string;
  params: Readonly<Record<string, unknown>>;
  /** HTTP status of the answer; 0 when the answer was withheld. */
  status: number;
  /** It took effect although its answer says otherwise, or never came. */
  lost?: true;
}

/** The HTTP face of the Bot API: `/bot<token>/<method>`. */
export class BotApi {
  readonly faults = new Faults();
  readonly calls: ApiCall[] = [];
  readonly #token: string;
  readonly #backend: Backend;
  readonly #maxCalls: number;
  readonly #closing = new AbortController();

  constructor(token: string, backend: Backend, maxCalls: number) {
    this.#token = token;
    this.#backend = backend;
    this.#maxCalls = maxCalls;
  }

  async answer(request: Request): Promise<Response> {
    const at = Date.now();
    const [, token, name = ""] = /^\/bot([^/]*)\/([^/]*)$/.exec(new URL(request.url).pathname) ??
      [];
    let params = new Params({});
    let fault: Fault | undefined;
    let status = 200;
    let lost = false;
    try {
      params = await readParams(request);
      if (token === undefined) throw new ApiError(404, "Not Found");
      if (token !== this.#token) throw new ApiError(401, "Unauthorized");
      const method = methods.get(name.toLowerCase());
      if (!method) throw new ApiError(404, "Not Found: method not found");
      fault = this.faults.take(name, params);
      if (fault && !fault.applied) return await this.#fail(fault, request);
      const result = await method(this.#backend, params, request);
      lost = fault !== undefined;
      if (fault) return await this.#fail(fault, request);
      return Response.json({ ok: true, result });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      status = error.code;
      const { code, description, parameters } = error;
      const body = { ok: false, error_code: code, description, ...(parameters && { parameters }) };
      return Response.json(body, { status: code });
    } finally {
      if (typeof fault?.status === "string") status = 0;
      this.#record({
        at,
        method: name,
        params: params.all,
        status,
        ...(lost && { lost: true as const }),
      });
    }
  }

  /** Ends the calls that hang. */
  close(): void {
    this.#closing.abort();
  }

  async #fail(fault: Fault, request: Request): Promise<Response> {
    const { status } = fault;
    if (typeof status === "number") throw faultError(status, fault);
    if (status === "hang") await aborted(AbortSignal.any([request.signal, this.#closing.signal]));
    return new Response('{"ok":');
  }

  #record(call: ApiCall): void {
    if (call.method.toLowerCase() === "getupdates") return;
    this.calls.push(call);
    if (this.calls.length > this.#maxCalls) this.calls.shift();
    this.#backend.chats.changed();
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
