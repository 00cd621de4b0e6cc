import { STATUS_CODES } from "node:http";

/**
 * Thrown to end a request with a status. The nearest error page renders it; without one the
 * message is sent as text.
 *
 * @example
 * if (!establishment) throw new HttpError(404);
 */
export class HttpError extends Error {
  override name = "HttpError";

  /** @param status the response's, 400 to 599 */
  constructor(readonly status: number, message?: string, options?: ErrorOptions) {
    super(message, options);
  }
}

/** A step that ends every request with this status. */
export function fail(status: number): () => never {
  return () => {
    throw new HttpError(status);
  };
}

/** What is sent when no error page is set: the message of an `HttpError`, nothing of a fault. */
export function plainError(error: unknown): Response {
  if (!(error instanceof HttpError)) {
    return new Response("Internal server error", { status: 500 });
  }
  const text = error.message || STATUS_CODES[error.status];
  return new Response(text, { status: error.status });
}
