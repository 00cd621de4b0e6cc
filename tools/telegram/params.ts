import type { InlineKeyboardButton } from "grammy/types";
import { badRequest, type Keyboard } from "./model.ts";

/** Parameters of one call, whatever way they came. */
export class Params {
  readonly #values: Record<string, unknown>;

  constructor(values: Record<string, unknown>) {
    this.#values = values;
  }

  /** All values as they came, for the record of calls. */
  get all(): Readonly<Record<string, unknown>> {
    return this.#values;
  }

  has(name: string): boolean {
    return this.#values[name] !== undefined && this.#values[name] !== null;
  }

  text(name: string): string {
    const value = this.#values[name];
    if (typeof value === "string") return value;
    return typeof value === "number" ? String(value) : "";
  }

  flag(name: string): boolean {
    const value = this.#values[name];
    return value === true || value === "true" || value === "True" || value === "1";
  }

  integer(name: string): number | undefined {
    const value = this.#values[name];
    if (typeof value === "number" && Number.isSafeInteger(value)) return value;
    if (typeof value === "string" && /^-?\d{1,15}$/.test(value)) return Number(value);
    return undefined;
  }

  /** A value with parts; in a form it comes as JSON text. */
  object<T>(name: string): T | undefined {
    const value = this.#values[name];
    if (value === undefined || value === null || value === "") return undefined;
    try {
      const parsed = typeof value === "string" ? JSON.parse(value) : value;
      if (typeof parsed === "object" && parsed !== null) return parsed;
    } catch {
      // falls through to the same refusal as a value of another type
    }
    throw badRequest(`can't parse ${name} as JSON object`);
  }
}

/**
 * Reads the four ways in which the Bot API takes parameters: query string, JSON,
 * `application/x-www-form-urlencoded` and `multipart/form-data`.
 */
export async function readParams(request: Request): Promise<Params> {
  const values: Record<string, unknown> = Object.fromEntries(new URL(request.url).searchParams);
  const type = request.headers.get("content-type")?.split(";")[0]?.trim().toLowerCase();
  if (request.body === null) return new Params(values);
  try {
    if (type === "application/json") {
      const body = await request.text();
      return new Params({ ...values, ...(body ? JSON.parse(body) : {}) });
    }
    if (type === "application/x-www-form-urlencoded" || type === "multipart/form-data") {
      return new Params({ ...values, ...Object.fromEntries(await request.formData()) });
    }
    await request.body.cancel();
  } catch (error) {
    if (error instanceof SyntaxError) throw badRequest("can't parse JSON object");
    throw badRequest("can't read the request body");
  }
  return new Params(values);
}

const MAX_DATA_BYTES = 64;

/**
 * Reads `reply_markup`: an inline keyboard or a forced reply, which are all that the stand-in knows.
 * @throws {ApiError} 400, with Telegram's wording for a button that cannot be sent
 */
export function readKeyboard(params: Params): Keyboard | undefined {
  const markup = params.object<Record<string, unknown>>("reply_markup");
  if (!markup) return undefined;
  if (markup.force_reply === true) {
    const placeholder = markup.input_field_placeholder;
    return {
      force_reply: true,
      ...(typeof placeholder === "string" && { input_field_placeholder: placeholder }),
    };
  }
  const rows = markup.inline_keyboard;
  if (!Array.isArray(rows) || !rows.every(Array.isArray)) {
    throw badRequest("can't parse reply keyboard markup JSON object");
  }
  for (const button of rows.flat()) checkButton(button);
  // An empty keyboard is no keyboard: this is how a bot takes the buttons away.
  return rows.flat().length > 0 ? { inline_keyboard: rows } : undefined;
}

function checkButton(button: InlineKeyboardButton): void {
  if (typeof button?.text !== "string" || button.text === "") {
    throw badRequest("can't parse inline keyboard button: Text is empty");
  }
  if ("callback_data" in button) {
    const size = new TextEncoder().encode(String(button.callback_data)).length;
    if (size < 1 || size > MAX_DATA_BYTES) throw badRequest("BUTTON_DATA_INVALID");
  } else if ("url" in button) {
    if (!/^(https?|tg):$/.test(URL.parse(String(button.url))?.protocol ?? "")) {
      throw badRequest(`inline keyboard button URL '${button.url}' is invalid: Wrong HTTP URL`);
    }
  } else {
    throw badRequest("Text buttons are unallowed in the inline keyboard");
  }
}
