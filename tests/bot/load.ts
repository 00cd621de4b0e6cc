import { Api } from "grammy/web";
import { join } from "@std/path";
import type { Deps } from "@/core/deps.ts";
import { keys } from "@/core/store/keys.ts";
import { testConfig } from "@/tests/fixtures/deps.ts";
import { startTelegram, type TelegramServer } from "@/tools/telegram/server.ts";
import { freePort, root } from "../support/portal.ts";
import { clockFrom, WEBHOOK_SECRET, type WorkerOptions } from "./clock.ts";
import { count, type Counted } from "./count.ts";
import { drivePlace } from "./drive.ts";
import { type MeasuredPace, measurePace } from "./measure.ts";
import { preparePlaces } from "./people.ts";
import { until } from "./until.ts";

export interface Load {
  mode: "polling" | "webhook";
  /** Two administer each establishment. */
  administrators: number;
  requests: number;
  /** How often the bot's process is killed while it works. */
  kills: number;
  /** Share of the calls to Telegram that go wrong. */
  faults: number;
  /** Keep to the pace that Telegram asks for? */
  paced: boolean;
  /** How much faster than the real one the portal's clock goes. */
  speed: number;
}

export interface Outcome extends Counted, MeasuredPace {
  seconds: number;
}

const TOKEN = "7000001:test-token";

/** Requests are made, shown, and approved by two at once; every tap is delivered twice. */
export async function runLoad(load: Load): Promise<Outcome> {
  const folder = await Deno.makeTempDir({ prefix: "habilita-bot-" });
  const telegram = startTelegram({ token: TOKEN, webhookRetryMs: 20, maxCalls: Infinity });
  const options: WorkerOptions = {
    store: join(folder, "store.sqlite3"),
    apiRoot: telegram.apiRoot,
    token: TOKEN,
    mails: join(folder, "mails.txt"),
    base: Date.now(),
    speed: load.speed,
    port: load.mode === "webhook" ? freePort() : null,
    paced: load.paced,
  };
  await Deno.writeTextFile(options.mails, "");
  const kv = await Deno.openKv(options.store);
  const deps: Deps = { kv, config: testConfig, now: clockFrom(options) };
  const worker = new Worker(options);
  try {
    const number = load.administrators / 2;
    const sizes = { places: number, requests: load.requests / number };
    const places = await preparePlaces(deps, telegram, sizes);
    const began = Date.now();
    await worker.start();
    // What opened the chats has been answered: from here on only requests are counted.
    await until(() => telegram.pendingUpdates().length === 0 && telegram.menu().length > 0);
    const before = telegram.calls.length;
    const refusing = addFaults(telegram, load);
    let driven = false;
    const driving = Promise.all(
      places.map((place) => drivePlace({ deps, telegram, refusing }, place)),
    ).finally(() => driven = true);
    await worker.killed(load.kills, telegram, () => driven);
    const asked = (await driving).flat();
    await until(async () =>
      telegram.pendingUpdates().length === 0 && await isEmpty(kv, keys.outbox.under()) &&
      await isEmpty(kv, keys.updateKept.under())
    );
    const seconds = Math.round((Date.now() - began) / 100) / 10;
    await worker.kill();
    const counted = await count(deps, telegram, { asked, mails: options.mails, refusing });
    return { seconds, ...counted, ...measurePace(telegram.calls.slice(before), load.speed) };
  } finally {
    await worker.kill();
    kv.close();
    await telegram.close();
    await Deno.remove(folder, { recursive: true });
  }
}

/** The process of the bot. */
class Worker {
  readonly #options: WorkerOptions;
  #child: Deno.ChildProcess | null = null;

  constructor(options: WorkerOptions) {
    this.#options = options;
  }

  async start(): Promise<void> {
    this.#child = new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--no-check", "tests/bot/worker.ts", JSON.stringify(this.#options)],
      cwd: root,
      stdout: "null",
      stderr: "null",
    }).spawn();
    const { port, apiRoot, token } = this.#options;
    if (port === null) return;
    const api = new Api(token, { apiRoot });
    const url = `http://127.0.0.1:${port}/api/telegram`;
    const { url: before } = await api.getWebhookInfo();
    if (before) return;
    await api.setWebhook(url, { secret_token: WEBHOOK_SECRET });
    await api.setMyCommands([{ command: "ajuda", description: "Ajuda" }]);
  }

  async kill(): Promise<void> {
    const child = this.#child;
    this.#child = null;
    child?.kill("SIGKILL");
    await child?.status;
  }

  /** Kills it and starts it again, in the middle of the work, wherever that is. */
  async killed(times: number, { calls }: TelegramServer, over: () => boolean): Promise<void> {
    for (let i = 0; i < times; i++) {
      const before = calls.length;
      await until(() => calls.length > before + 5 + Math.random() * 60 || over());
      await this.kill();
      await this.start();
    }
  }
}

/**
 * Lets a share of the calls go wrong, in the ways that calls go wrong: Telegram asks for a pause, fails,
 * does not answer until the caller gives up, breaks its answer off; of the last two, half the time
 * after it has done what was asked. In some chats, one of two places has one, it refuses with 403.
 *
 * @returns the chats that may be refused
 */
function addFaults(telegram: TelegramServer, { faults, administrators }: Load): Set<number> {
  if (faults === 0) return new Set();
  const refusing = new Set(
    Array.from({ length: Math.ceil(administrators / 20) }, (_, i) => 10_000 + 20 * i),
  );
  const chatOf = (params: Readonly<Record<string, unknown>>) => Number(params.chat_id);
  const kinds = [
    { status: 429, retry_after: 2 },
    { status: 500 },
    { status: "hang" },
    { status: "hang", applied: true },
    { status: "drop" },
    { status: "drop", applied: true },
  ] as const;
  telegram.faults.push({
    method: "sendMessage",
    times: Infinity,
    status: 403,
    when: (params) => refusing.has(chatOf(params)) && Math.random() < faults,
  });
  // One throw of the dice for each call: the first of six kinds gets a sixth of the share, the next
  // one a sixth of what is left …
  for (const [i, kind] of kinds.entries()) {
    const share = faults / kinds.length;
    const when = () => Math.random() < share / (1 - i * share);
    telegram.faults.push({ method: "*", times: Infinity, ...kind, when });
  }
  return refusing;
}

async function isEmpty(kv: Deno.Kv, prefix: Deno.KvKey): Promise<boolean> {
  return (await Array.fromAsync(kv.list({ prefix }, { limit: 1 }))).length === 0;
}
