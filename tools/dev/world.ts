import { join } from "@std/path";
import type { AppDeps } from "@/app.ts";
import { startPolling } from "@/bot/polling.ts";
import { createServices } from "@/bot/services.ts";
import { runAlarms } from "@/core/access/requests/alarms.ts";
import { type Config, DEFAULT_CRL, DEFAULT_SYSTEMS, DEFAULT_TIMES } from "@/core/config/mod.ts";
import { fingerprint } from "@/core/certificate/trust.ts";
import { importTrust } from "@/core/certificate/trust_import.ts";
import { randomToken } from "@/core/ids.ts";
import type { Deps } from "@/core/deps.ts";
import { openStore } from "@/core/store/open.ts";
import { CRL_HOST, openPki, type Pki } from "@/tools/pki/mod.ts";
import { people } from "@/tools/sample/people.ts";
import { startTelegram, type TelegramServer } from "@/tools/telegram/server.ts";
import { SAMPLE_CNS, startCnsRegister } from "./cns_register.ts";
import { type CadsusServer, startCadsus } from "./cadsus.ts";
import { startGovbr } from "./govbr/provider.ts";
import { startCrlServer } from "./crl_server.ts";
import { type Mailbox, startMailbox } from "./mailbox.ts";
import { seed, TELEGRAM_USERS } from "./seed.ts";

/** The portal with everything around it simulated on this machine; no network is needed. */
export interface DevWorld extends AppDeps {
  pki: Pki;
  mailbox: Mailbox;
  telegram: TelegramServer;
  cadsus: CadsusServer;
}

/** The token of the simulated bot. It opens nothing but the stand-in on this machine. */
const TOKEN = "1000:desenvolvimento";

/** The portal at the simulated gov.br, of as little use elsewhere. */
const GOVBR_CLIENT = { clientId: "habilita-desenvolvimento", clientSecret: "desenvolvimento" };

/**
 * Starts the development world: dev PKI and its revocation lists, sample registries, a mail server
 * that keeps what it gets, the stand-ins of gov.br, of CadSUS Web and of Telegram, with the real bot
 * polling it.
 *
 * @param data folder of the store and of the dev PKI
 * @param port where the portal is served on localhost
 */
export async function startDevWorld(
  { data, port }: { data: string; port: number },
): Promise<DevWorld> {
  const kv = await openStore(data);
  const [pki, mailbox, secret] = await Promise.all([
    openPki(data),
    startMailbox(),
    keepSecret(data),
  ]);
  const telegram = startTelegram({ token: TOKEN });
  for (const user of TELEGRAM_USERS) telegram.addUser(user);

  const origin = `http://localhost:${port}`;
  const redirectUri = `${origin}/govbr/retorno`;
  const govbr = await startGovbr({ ...GOVBR_CLIENT, redirectUri }, Object.values(people));
  const cadsus = await startCadsus(origin);
  const config: Config = {
    origin,
    secrets: [secret],
    passwordPolicy: "ans",
    anchors: [await fingerprint(pki.root.certificate)],
    crl: { ...DEFAULT_CRL, hosts: [CRL_HOST], standIns: startCrlServer(pki).standIns },
    mail: { url: mailbox.url, from: "Habilita <nao-responda@habilita.example>" },
    telegram: {
      token: TOKEN,
      apiRoot: telegram.apiRoot,
      deepLink: `${origin}/dev/telegram`,
      webhookSecret: randomToken(),
    },
    govbr: { issuer: govbr.issuer, ...GOVBR_CLIENT, level: "silver" },
    cns: startCnsRegister(SAMPLE_CNS).config,
    proxy: null,
    requests: DEFAULT_TIMES,
    systems: DEFAULT_SYSTEMS.map((system) =>
      system.id === cadsus.system.id ? { ...system, ...cadsus.system } : system
    ),
    alertTo: [],
  };
  const deps: Deps = { kv, config, now: Date.now };
  await importTrust(deps, authorities(pki));
  await seed(deps);

  const { bot, outbox } = createServices(deps);
  // The development world is not stopped: it is ended.
  const stopping = new AbortController().signal;
  startPolling(bot!, stopping);
  outbox.notify();
  setInterval(async () => {
    await runAlarms(deps);
    outbox.notify();
  }, 60_000);
  return { deps, outbox, telegramWebhook: null, stopping, pki, mailbox, telegram, cadsus };
}

function authorities(pki: Pki): Uint8Array[] {
  return [pki.root, pki.secretaria, pki.issuing].map(({ certificate }) => certificate);
}

/** Kept beside the store, so that a restart does not log the developer out. */
async function keepSecret(data: string): Promise<string> {
  const path = join(data, "segredo-de-desenvolvimento");
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    const secret = randomToken(32);
    await Deno.mkdir(data, { recursive: true });
    await Deno.writeTextFile(path, secret, { mode: 0o600 });
    return secret;
  }
}
