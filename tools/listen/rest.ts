/**
 * Bytes of a body nobody asked for that are read, so that its sender gets a page and not a broken line.
 */
const MOST = 1024 * 1024;
/** How long they are waited for (ms). */
const PATIENCE = 2_000;

/** Statuses of `http/body.ts` for a body that was begun and did not come to its end. */
const GIVEN_UP = [400, 408];

/**
 * What became of a request's body:
 * - `read`: it came to its end, or there was none
 * - `awaited`: it is still being read; closing the server ends that, and with it the connection
 * - `unread`: it is not read, or broke off; the connection would wait for it for ever
 */
export type Rest = "read" | "awaited" | "unread";

/**
 * Reads and drops what an answer has left of the body of its request: a page that is not there, a form
 * from another site, a portal that is busy are answered without reading it. What announces no length or
 * too great a one is not begun (`http/body.ts` says why).
 *
 * A read that has begun must go on for as long as the connection: the runtime closes none of which the
 * body was begun and is no longer read, and breaks off none while a read waits (decision 29).
 *
 * @example if (await readRest(request, response.status) === "unread") return cutShort(response);
 */
export async function readRest(request: Request, status: number): Promise<Rest> {
  const { body, headers } = request;
  if (request.bodyUsed) return GIVEN_UP.includes(status) ? "awaited" : "read";
  const length = headers.get("content-length") ?? (headers.has("transfer-encoding") ? "" : "0");
  if (Number(length) === 0 && length !== "") return "read";
  // The runtime shows no body of a GET, and waits for it all the same.
  if (body === null || !(Number(length || NaN) <= MOST)) return "unread";
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<Rest>((resolve) => {
    timer = setTimeout(() => resolve("awaited"), PATIENCE);
  });
  return await Promise.race([toItsEnd(body.getReader()), late]).finally(() => clearTimeout(timer));
}

async function toItsEnd(reader: ReadableStreamDefaultReader): Promise<Rest> {
  try {
    while (!(await reader.read()).done);
    return "read";
  } catch {
    await reader.cancel().catch(() => {});
    return "unread";
  }
}
