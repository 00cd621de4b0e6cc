import type { Update } from "grammy/types";
import { sameSecret } from "../core/keyed_hash.ts";
import type { AdministratorsBot } from "./administrators_bot.ts";
import type { Taken } from "./intake.ts";

const MAX_BODY = 1_000_000;
const SECRET_HEADER = "x-telegram-bot-api-secret-token";

/** What Telegram is told: anything but 200 brings the update again. */
const STATUS: Record<Taken, number> = { done: 200, kept: 200, busy: 503, failed: 500 };

/**
 * Answers Telegram's webhook calls within a second: see `Intake`.
 *
 * 401 without the right secret, 405 for anything but POST, 413 over 1 MB, 400 for what is no update.
 */
export function handleWebhook(
  { intake }: AdministratorsBot,
  secret: string,
): (request: Request) => Promise<Response> {
  return async (request) => {
    if (request.method !== "POST") {
      return new Response(null, { status: 405, headers: { allow: "POST" } });
    }
    if (!sameSecret(secret, request.headers.get(SECRET_HEADER) ?? "")) {
      return new Response(null, { status: 401 });
    }
    const body = await readText(request);
    if (body === null) return new Response(null, { status: 413 });
    const update = parseUpdate(body);
    if (!update) return new Response(null, { status: 400 });
    const taken = await intake.take(update, { keepFailures: false });
    return new Response(null, { status: STATUS[taken] });
  };
}

/** Null when it is longer than allowed, whatever its header says. */
async function readText(request: Request): Promise<string | null> {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  for await (const chunk of request.body ?? []) {
    size += chunk.length;
    if (size > MAX_BODY) return null;
    chunks.push(chunk);
  }
  return await new Blob(chunks).text();
}

function parseUpdate(body: string): Update | null {
  try {
    const value = JSON.parse(body);
    return Number.isSafeInteger(value?.update_id) ? value : null;
  } catch {
    return null;
  }
}
