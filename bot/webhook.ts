import type { Update } from "grammy/types";
import type { Bot } from "grammy/web";
import { sameSecret } from "../core/keyed_hash.ts";
import { describeError } from "./errors.ts";
import { handle, insist, isBusy } from "./insist.ts";

const MAX_BODY = 1_000_000;
/** Telegram is answered at the latest after this (ms), done or not. */
const PATIENCE = 1_000;
const SECRET_HEADER = "x-telegram-bot-api-secret-token";

/**
 * Answers Telegram's webhook calls. An update that fails before the answer is answered with 500, and
 * Telegram brings it again; one that takes longer is acknowledged and finished here.
 *
 * 401 without the right secret, 405 for anything but POST, 413 over 1 MB, 400 for what is no update.
 */
export function handleWebhook(
  bot: Bot,
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
    return new Response(null, { status: await work(bot, update) });
  };
}

async function work(bot: Bot, update: Update): Promise<number> {
  let acknowledged = false;
  const working = handle(bot, update).then(() => 200, (error) => {
    if (isBusy(error)) return 503;
    console.error(`bot: update ${update.update_id}:`, describeError(error, bot.token));
    // Nobody brings it again once it was acknowledged.
    if (acknowledged) void insist(bot, update);
    return 500;
  });
  let timer: ReturnType<typeof setTimeout> | undefined;
  const patience = new Promise<number>((resolve) => {
    timer = setTimeout(() => {
      acknowledged = true;
      resolve(200);
    }, PATIENCE);
  });
  const status = await Promise.race([working, patience]);
  clearTimeout(timer);
  return status;
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
