import { Api } from "grammy/web";
import { SESSION_COOKIE, sessionToken } from "@/core/account/session.ts";
import type { Config } from "@/core/config/mod.ts";
import type { Deps } from "@/core/deps.ts";
import { openStore } from "@/core/store/open.ts";
import type { Account } from "@/core/store/records/account.ts";
import type { Session } from "@/core/store/records/session.ts";
import { ALFA, rosa, seedSession, testConfig, type TestPerson } from "@/tests/fixtures/mod.ts";
import { type Mailbox, startMailbox } from "@/tools/dev/mailbox.ts";
import { startTelegram, type TelegramServer } from "@/tools/telegram/server.ts";
import { preparePlaces } from "../bot/people.ts";
import { freePort } from "../support/portal.ts";

/** A person and the cookie of their browser. */
export interface Visitor {
  person: Account;
  cookie: string;
}

/** An establishment: one decides in the chat, the other on the site. */
export interface Place {
  cnes: string;
  inChat: { person: Account; chatId: number };
  onSite: Visitor;
  requesters: Visitor[];
}

/** Everything outside of the portal's process, and who will use it. */
export interface World extends AsyncDisposable {
  origin: string;
  port: number;
  data: string;
  config: Config;
  /** Settings of the process. */
  env: Record<string, string>;
  mailbox: Mailbox;
  telegram: TelegramServer;
  places: Place[];
  representative: { cookie: string };
}

export const WEBHOOK_SECRET = "segredo-do-webhook_1";
const TOKEN = "7000001:token-of-the-stand-in-for-the-kill-test";
const FROM = "Habilita <nao-responda@portal.example>";
/** A mail server takes a while to answer: there is always a mail on its way. */
const ANSWER_MS = 100;
const HOUR = 60 * 60_000;

/**
 * Makes the data folder with its people, a mail server and a stand-in of Telegram that calls the portal.
 * Nothing of it is in the portal's process, and no other process holds the store while that runs.
 */
export async function makeWorld(
  { places: count, requests }: { places: number; requests: number },
): Promise<World> {
  const data = await Deno.makeTempDir({ prefix: "habilita-kill-" });
  const port = freePort();
  const origin = `http://localhost:${port}`;
  const mailbox = await startMailbox({ maxMails: Infinity, answerMs: ANSWER_MS });
  const telegram = startTelegram({ token: TOKEN, webhookRetryMs: 20, maxCalls: Infinity });
  const config: Config = {
    ...testConfig,
    origin,
    mail: { url: mailbox.url, from: FROM },
    telegram: {
      token: TOKEN,
      apiRoot: telegram.apiRoot,
      deepLink: "https://t.me/habilita_bot",
      webhookSecret: WEBHOOK_SECRET,
    },
  };
  const kv = await openStore(data);
  const deps: Deps = { kv, config, now: Date.now };
  // Their sessions would end when a long run comes to them late.
  const later: Deps = { ...deps, now: () => Date.now() + HOUR };
  const visitor = async (person: Account) => ({
    person,
    cookie: await cookieOf(deps, await seedSession(later, asTestPerson(person))),
  });
  const prepared = await preparePlaces(deps, telegram, { places: count, requests });
  const places = await Promise.all(prepared.map(async ({ cnes, administrators, requesters }) => ({
    cnes,
    inChat: administrators[0]!,
    onSite: await visitor(administrators[1]!.person),
    requesters: await Promise.all(requesters.map(visitor)),
  })));
  const session = await seedSession(later, rosa, { represents: ALFA });
  const representative = { cookie: await cookieOf(deps, session) };
  kv.close();
  const api = new Api(TOKEN, { apiRoot: telegram.apiRoot });
  await api.setWebhook(`${origin}/api/telegram`, { secret_token: WEBHOOK_SECRET });
  return {
    ...{ origin, port, data, config, mailbox, telegram, places, representative },
    env: {
      PORT: String(port),
      HABILITA_DATA: data,
      HABILITA_ORIGIN: origin,
      HABILITA_SECRET: config.secrets.join(","),
      SMTP_URL: mailbox.url,
      MAIL_FROM: FROM,
      TELEGRAM_API_ROOT: telegram.apiRoot,
      TELEGRAM_BOT_TOKEN: TOKEN,
      TELEGRAM_BOT_USERNAME: "habilita_bot",
      TELEGRAM_WEBHOOK_SECRET: WEBHOOK_SECRET,
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([mailbox.close(), telegram.close()]);
      await Deno.remove(data, { recursive: true });
    },
  };
}

async function cookieOf(deps: Deps, session: Session): Promise<string> {
  return `${SESSION_COOKIE}=${await sessionToken(deps, session)}`;
}

function asTestPerson({ cpf, name, email }: Account): TestPerson {
  return { cpf, name, email: email! };
}
