/** The statuses an `HttpError` can carry: the registered client and server errors (RFC 9110, 15). */
export type ErrorStatus =
  | 400
  | 401
  | 402
  | 403
  | 404
  | 405
  | 406
  | 407
  | 408
  | 409
  | 410
  | 411
  | 412
  | 413
  | 414
  | 415
  | 416
  | 417
  | 418
  | 421
  | 422
  | 423
  | 424
  | 425
  | 426
  | 428
  | 429
  | 431
  | 451
  | 500
  | 501
  | 502
  | 503
  | 504
  | 505
  | 506
  | 507
  | 508
  | 510
  | 511;

/**
 * Thrown to end a request with a status. The nearest error page renders it; without one the
 * message is sent as text.
 *
 * @example
 * if (!establishment) throw new HttpError(404);
 */
export class HttpError extends Error {
  /** The status the response gets. */
  status: ErrorStatus;

  constructor(status: ErrorStatus, message?: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "HttpError";
    this.status = status;
  }
}

const TEXTS: Partial<Record<ErrorStatus, string>> = {
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  405: "Method Not Allowed",
  409: "Conflict",
  410: "Gone",
  413: "Content Too Large",
  415: "Unsupported Media Type",
  422: "Unprocessable Content",
  429: "Too Many Requests",
  500: "Internal Server Error",
  503: "Service Unavailable",
};

/** What is sent when no error page is set: the message of an `HttpError`, nothing of a fault. */
export function plainError(error: unknown): Response {
  if (!(error instanceof HttpError)) {
    return new Response("Internal server error", { status: 500 });
  }
  const text = error.message || TEXTS[error.status] || `Error ${error.status}`;
  return new Response(text, { status: error.status });
}
