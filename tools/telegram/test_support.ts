import { startTelegram, type TelegramOptions, type TelegramServer } from "./server.ts";

export const TOKEN = "7000001:test-token";
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

/** Calls a method as a bot would, without a library in between; the answer with its HTTP status. */
export async function call(
  telegram: TelegramServer,
  method: string,
  body: Record<string, unknown> | URLSearchParams | FormData = {},
  token = TOKEN,
  // deno-lint-ignore no-explicit-any -- answers of all methods come through here
): Promise<any> {
  const form = body instanceof URLSearchParams || body instanceof FormData;
  const json = { body: JSON.stringify(body), headers: { "content-type": "application/json" } };
  const init = { method: "POST", ...form ? { body } : json };
  const response = await fetch(`${telegram.apiRoot}/bot${token}/${method}`, init);
  return { status: response.status, ...await response.json() };
}
