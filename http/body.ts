import { workTimeOf } from "./work_time.ts";

/** How much of a request's body is read, and how long it is waited for. */
export interface BodyBounds {
  /** Bytes. No form of the portal comes near the default; a certificate chain is the largest. */
  limit?: number;
  /** Milliseconds until the last byte must be there. */
  patience?: number;
}

/**
 * Bodies that are waited for at the same time. One more, and the one that is waited for longest is
 * given up, if that is longer than a sender takes who does send; with four times as many in any case.
 */
const MOST_WAITING = 256;
/** Milliseconds in which the body of a form is there, by a slow line too. */
const USUAL = 2_000;
const waiting = new Set<{ since: number; giveUp(): void }>();

function makeRoom(): void {
  const [longest] = waiting;
  const since = performance.now() - longest!.since;
  if (since < USUAL && waiting.size < MOST_WAITING * 4) return;
  waiting.delete(longest!);
  longest!.giveUp();
}

/** A body, or the status that the request is refused with. */
export type Body =
  | { ok: true; bytes: Uint8Array<ArrayBuffer> }
  | { ok: false; status: 400 | 408 | 411 | 413 };

/**
 * Reads the body of a request: the only place of the product that does.
 *
 * A length must be announced, because counting what arrives is no bound: each chunk of one byte keeps
 * a buffer of 64 KiB of the runtime, and ten senders of such chunks silence the server. The server
 * itself (HTTP/1.1 and 2) reads no more than was announced.
 *
 * @returns the bytes, none for a request without a body; or 411 when no length was announced, 413 when
 *   it is over the limit, 408 when the time is over or too many
 *   others wait, 400 when the sender broke off
 * @example
 * const body = await readBody(request, { limit: 1_000_000 });
 * if (!body.ok) return new Response(null, { status: body.status });
 */
export async function readBody(
  request: Request,
  { limit = 256 * 1024, patience = 20_000 }: BodyBounds = {},
): Promise<Body> {
  if (!request.body) return { ok: true, bytes: new Uint8Array() };
  const length = request.headers.get("content-length");
  if (length === null) return { ok: false, status: 411 };
  if (!(Number(length) <= limit)) return { ok: false, status: 413 };
  const late = Promise.withResolvers<null>();
  const wait = { since: performance.now(), giveUp: () => late.resolve(null) };
  const timer = setTimeout(wait.giveUp, patience);
  if (waiting.size >= MOST_WAITING) makeRoom();
  waiting.add(wait);
  const time = workTimeOf(request);
  time?.pause();
  try {
    // Not `bytes()`, which the requests of `start:mtls` do not have.
    const buffer = await Promise.race([request.arrayBuffer(), late.promise]);
    return buffer ? { ok: true, bytes: new Uint8Array(buffer) } : { ok: false, status: 408 };
  } catch {
    return { ok: false, status: 400 };
  } finally {
    clearTimeout(timer);
    waiting.delete(wait);
    time?.resume();
  }
}
