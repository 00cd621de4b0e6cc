import { startTelegram, type TelegramOptions, type TelegramServer } from "./server.ts";

export const TOKEN = "7000001:a-token-of-the-stand-in-bot-api-00";
export const MARIA = 1001;
export const JOAO = 1002;

/** Runs a test against a stand-in of its own with two people, Maria and João. */
export async function withTelegram(
  work: (telegram: TelegramServer) => Promise<void>,
  options: Partial<TelegramOptions> = {},
): Promise<void> {
  const telegram = startTelegram({ token: TOKEN, webhookRetryMs: 1, ...options });
  telegram.addUser({ id: MARIA, first_name: "Maria", username: "maria_teste" });
  telegram.addUser({ id: JOAO, first_name: "João" });
  try {
    await work(telegram);
  } finally {
    await telegram.close();
  }
}

export interface Answer {
  status: number;
  ok: boolean;
  // deno-lint-ignore no-explicit-any -- answers of all methods come through here
  result?: any;
  error_code?: number;
  description?: string;
  parameters?: { retry_after?: number };
}

/** Calls a method as a bot would, without a library in between. */
export async function call(
  telegram: TelegramServer,
  method: string,
  body: Record<string, unknown> | URLSearchParams | FormData = {},
  token = TOKEN,
): Promise<Answer> {
  const form = body instanceof URLSearchParams || body instanceof FormData;
  const response = await fetch(`${telegram.apiRoot}/bot${token}/${method}`, {
    method: "POST",
    ...(form ? { body } : {
      body: JSON.stringify(body),
      headers: { "content-type": "application/json" },
    }),
  });
  return { status: response.status, ...await response.json() };
}
