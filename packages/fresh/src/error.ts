/** The registered client and server errors (RFC 9110, 15). */
const TEXTS = {
  400: "Bad Request",
  401: "Unauthorized",
  402: "Payment Required",
  403: "Forbidden",
  404: "Not Found",
  405: "Method Not Allowed",
  406: "Not Acceptable",
  407: "Proxy Authentication Required",
  408: "Request Timeout",
  409: "Conflict",
  410: "Gone",
  411: "Length Required",
  412: "Precondition Failed",
  413: "Content Too Large",
  414: "URI Too Long",
  415: "Unsupported Media Type",
  416: "Range Not Satisfiable",
  417: "Expectation Failed",
  418: "I'm a teapot",
  421: "Misdirected Request",
  422: "Unprocessable Content",
  423: "Locked",
  424: "Failed Dependency",
  425: "Too Early",
  426: "Upgrade Required",
  428: "Precondition Required",
  429: "Too Many Requests",
  431: "Request Header Fields Too Large",
  451: "Unavailable For Legal Reasons",
  500: "Internal Server Error",
  501: "Not Implemented",
  502: "Bad Gateway",
  503: "Service Unavailable",
  504: "Gateway Timeout",
  505: "HTTP Version Not Supported",
  506: "Variant Also Negotiates",
  507: "Insufficient Storage",
  508: "Loop Detected",
  510: "Not Extended",
  511: "Network Authentication Required",
} as const;

/** The statuses an `HttpError` can carry. */
export type ErrorStatus = keyof typeof TEXTS;

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

/** What is sent when no error page is set: the message of an `HttpError`, nothing of a fault. */
export function plainError(error: unknown): Response {
  if (!(error instanceof HttpError)) {
    return new Response("Internal server error", { status: 500 });
  }
  const text = error.message || TEXTS[error.status];
  return new Response(text, { status: error.status });
}
