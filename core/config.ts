import { DEFAULT_TIMES, type RequestTimes } from "./access/requests/times.ts";
import { DEFAULT_SYSTEMS, type System } from "./access/systems.ts";
import { parseSystems } from "./access/systems_setting.ts";
import { type AddressList, parseAddressList } from "./address_list.ts";
import { CLIENT_CERT_HEADERS, type ClientCertHeader } from "./certificate/client_cert.ts";
import { GOVBR_LEVELS, parseLevel } from "./account/govbr/level.ts";
import { ICP_BRASIL_CRL_HOSTS } from "./certificate/crl/hosts.ts";
import type { GovbrLevel } from "./store/records/account.ts";

/** SHA-256 (hex, of the DER) of the ICP-Brasil roots whose trees issue certificates for this door. */
export const ICP_BRASIL_ROOTS: readonly string[] = [
  // AC Raiz Brasileira v5, until 2029-03-02
  "caa53fc6091c6951887c976e378f6ef89aa6377c55d97b6475422b71ed7e9b17",
  // AC Raiz Brasileira v12, until 2037-10-22
  "d8478e37ce19c690cf657381e68fe600e4e1a042536830f06847e03e554c4b01",
];

export interface Config {
  /** Where the portal is seen from outside, e.g. `https://portal.example.br`; no slash at the end. */
  origin: string;
  /** Signs the session cookie (HS256); at least 32 characters. */
  secret: string;
  /** Rules for new passwords: the regulator's `ans`, or `nist` (15 characters, no composition). */
  passwordPolicy: "ans" | "nist";
  /** SHA-256 (lower-case hex) of the root certificates that may be trust anchors. */
  anchors: readonly string[];
  crl: CrlConfig;
  mail: MailConfig | null;
  telegram: TelegramConfig | null;
  /** The portal's client at gov.br; null when nobody can enter with gov.br. */
  govbr: GovbrConfig | null;
  /** The register that knows the quality of a CNS; null when nobody is asked. */
  cns: CnsConfig | null;
  /** The proxy that asks browsers for their certificate; null when there is none. */
  proxy: ProxyConfig | null;
  /** How long requests may wait for a decision. */
  requests: RequestTimes;
  /** What people may be let into. */
  systems: readonly System[];
}

/** How it is checked that certificates have not been revoked. */
export interface CrlConfig {
  /** `off` lets every certificate pass; only tests of other things say so, no setting does. */
  revocation: "require" | "off";
  /** Domains, in lower case, at which and below which revocation lists may be fetched. */
  hosts: readonly string[];
  /** A larger list is refused. */
  maxBytes: number;
  /** For one address of a list: finding, connecting and reading together. */
  timeoutMs: number;
  /** How long after its nextUpdate a list is still taken when no newer one can be had. */
  staleHours: number;
  /**
   * Hosts that are reached somewhere else than the DNS says, whatever kind of address that is. Only
   * the development world and tests have any.
   */
  standIns: Readonly<Record<string, { address: string; port: number }>>;
}

/** How to know the proxy: by its address, by a secret it sends, or, when both are set, by both. */
export interface ProxyConfig {
  /** How it hands on the browser's certificate; null when it only ends TLS. */
  header: ClientCertHeader | null;
  addresses: AddressList | null;
  /** Sent by the proxy in `Habilita-Proxy-Secret`; at least 32 characters. */
  secret: string | null;
  /**
   * Another address of the portal, at which alone the proxy asks for certificates, so that other
   * visitors are not asked; null when it asks at the portal's own.
   */
  origin: string | null;
}

export interface MailConfig {
  /** `smtp://user:password@host:587` or `smtps://…:465`. */
  url: string;
  /** Address of the sender, e.g. `Habilita <nao-responda@example.br>`. */
  from: string;
}

export interface TelegramConfig {
  token: string;
  /** Base address of the Bot API; another one in development and tests. */
  apiRoot: string;
  /** Where a deep link leads, e.g. `https://t.me/habilita_bot`; another place in development. */
  deepLink: string;
  /** Expected in `X-Telegram-Bot-Api-Secret-Token` of every webhook call. */
  webhookSecret: string;
}

export interface GovbrConfig {
  /** Issuer identifier, as gov.br writes it: with a slash at the end. */
  issuer: string;
  clientId: string;
  clientSecret: string;
  /** The lowest level of an account that may enter. */
  level: GovbrLevel;
}

export interface CnsConfig {
  /** Where a number is asked about, by POST. */
  url: string;
  /** Bearer token of the portal there. */
  token: string;
}

/** Without any setting: nothing but a fresh list will do. */
export const DEFAULT_CRL: CrlConfig = {
  revocation: "require",
  hosts: ICP_BRASIL_CRL_HOSTS,
  maxBytes: 10 * 1024 * 1024,
  timeoutMs: 8_000,
  staleHours: 0,
  standIns: {},
};

/** A setting is missing or wrong; the message (Portuguese) says which and what to do. */
export class ConfigError extends Error {
  override name = "ConfigError";
}

type Env = (name: string) => string | undefined;

/**
 * Reads the configuration from environment variables.
 * @throws {ConfigError} naming the variable, when one is missing or malformed
 */
export function readConfig(env: Env): Config {
  const secret = required(env, "HABILITA_SECRET", "um texto aleatório de 32 caracteres ou mais");
  if (secret.length < 32) {
    throw new ConfigError("HABILITA_SECRET é curta: use 32 caracteres aleatórios ou mais.");
  }
  const policy = env("HABILITA_PASSWORD_POLICY") || "ans";
  if (policy !== "ans" && policy !== "nist") {
    throw new ConfigError('HABILITA_PASSWORD_POLICY deve ser "ans" ou "nist".');
  }
  return {
    origin: readOrigin(env),
    secret,
    passwordPolicy: policy,
    anchors: ICP_BRASIL_ROOTS,
    crl: readCrl(env),
    mail: readMail(env),
    telegram: readTelegram(env),
    govbr: readGovbr(env),
    cns: readCns(env),
    proxy: readProxy(env),
    requests: readTimes(env),
    systems: readSystems(env),
  };
}

function readOrigin(env: Env): string {
  const name = "HABILITA_ORIGIN";
  return parseOrigin(
    name,
    required(env, name, "o endereço público, como https://portal.exemplo.br"),
  );
}

function parseOrigin(name: string, text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  const local = url?.hostname === "localhost" || url?.hostname === "127.0.0.1";
  if (!url || (url.protocol !== "https:" && !local) || url.pathname !== "/") {
    throw new ConfigError(`${name} deve ser um endereço https:// sem caminho.`);
  }
  return url.origin;
}

const MAX_STALE_HOURS = 30 * 24;

function readCrl(env: Env): CrlConfig {
  const more = (env("HABILITA_CRL_HOSTS") ?? "").split(",").map((host) => host.trim().toLowerCase())
    .filter(Boolean);
  // A whole top-level domain, or an address in place of a name, would open the door too wide.
  if (!more.every((host) => /^([a-z0-9-]+\.)+[a-z][a-z0-9-]*$/.test(host))) {
    throw new ConfigError(
      "HABILITA_CRL_HOSTS deve ter domínios, como acexemplo.com.br, lcr.org.br.",
    );
  }
  const stale = env("HABILITA_STALE_CRL_HOURS") || "0";
  if (!/^\d{1,3}$/.test(stale) || Number(stale) > MAX_STALE_HOURS) {
    throw new ConfigError(
      `HABILITA_STALE_CRL_HOURS deve ser um número inteiro de horas, de 0 a ${MAX_STALE_HOURS}.`,
    );
  }
  return { ...DEFAULT_CRL, hosts: [...DEFAULT_CRL.hosts, ...more], staleHours: Number(stale) };
}

function readMail(env: Env): MailConfig | null {
  const url = env("SMTP_URL");
  if (!url) return null;
  if (!/^smtps?:\/\//.test(url)) {
    throw new ConfigError("SMTP_URL deve começar com smtp:// ou smtps://.");
  }
  return { url, from: required(env, "MAIL_FROM", "o remetente das mensagens") };
}

function readTelegram(env: Env): TelegramConfig | null {
  const token = env("TELEGRAM_BOT_TOKEN");
  if (!token) return null;
  return {
    token,
    apiRoot: env("TELEGRAM_API_ROOT") || "https://api.telegram.org",
    deepLink: `https://t.me/${required(env, "TELEGRAM_BOT_USERNAME", "o nome do bot, sem @")}`,
    webhookSecret: required(env, "TELEGRAM_WEBHOOK_SECRET", "um texto aleatório"),
  };
}

function readGovbr(env: Env): GovbrConfig | null {
  const issuer = env("GOVBR_ISSUER");
  if (!issuer) return null;
  const level = parseLevel(env("HABILITA_GOVBR_LEVEL") || "silver");
  if (!level) {
    throw new ConfigError(`HABILITA_GOVBR_LEVEL deve ser um destes: ${GOVBR_LEVELS.join(", ")}.`);
  }
  return {
    issuer: `${parseOrigin("GOVBR_ISSUER", issuer)}/`,
    clientId: required(env, "GOVBR_CLIENT_ID", "o client_id que o gov.br deu ao portal"),
    clientSecret: required(
      env,
      "GOVBR_CLIENT_SECRET",
      "o client_secret que o gov.br deu ao portal",
    ),
    level,
  };
}

function readCns(env: Env): CnsConfig | null {
  const text = env("HABILITA_CNS_URL");
  if (!text) return null;
  const url = URL.canParse(text) ? new URL(text) : null;
  const local = url?.hostname === "localhost" || url?.hostname === "127.0.0.1";
  const secure = url?.protocol === "https:" || (local && url?.protocol === "http:");
  if (!url || !secure || url.username || url.password) {
    throw new ConfigError("HABILITA_CNS_URL deve ser um endereço https://, sem usuário nem senha.");
  }
  const token = required(env, "HABILITA_CNS_TOKEN", "o token do portal na consulta do CNS");
  return { url: url.href, token };
}

function readTimes(env: Env): RequestTimes {
  const read = (name: string, standard: number) => {
    const hours = env(name) || String(standard);
    if (!/^[1-9]\d{0,3}$/.test(hours)) {
      throw new ConfigError(`${name} deve ser um número inteiro de horas, de 1 a 9999.`);
    }
    return Number(hours);
  };
  const times: RequestTimes = {
    remindHours: read("HABILITA_REMIND_HOURS", DEFAULT_TIMES.remindHours),
    escalateHours: read("HABILITA_ESCALATE_HOURS", DEFAULT_TIMES.escalateHours),
    expireHours: read("HABILITA_EXPIRE_HOURS", DEFAULT_TIMES.expireHours),
  };
  if (times.remindHours > times.escalateHours || times.escalateHours >= times.expireHours) {
    throw new ConfigError(
      "HABILITA_REMIND_HOURS, HABILITA_ESCALATE_HOURS e HABILITA_EXPIRE_HOURS devem crescer.",
    );
  }
  return times;
}

function readSystems(env: Env): readonly System[] {
  const text = env("HABILITA_SYSTEMS");
  if (!text) return DEFAULT_SYSTEMS;
  return parseSystems(text, (problem) => {
    throw new ConfigError(`HABILITA_SYSTEMS: ${problem}`);
  });
}

function readProxy(env: Env): ProxyConfig | null {
  const kind = env("HABILITA_CLIENT_CERT_HEADER");
  const trusted = env("HABILITA_TRUSTED_PROXIES");
  const secret = env("HABILITA_PROXY_SECRET") || null;
  const origin = env("HABILITA_CERTIFICATE_ORIGIN");
  if (!kind && !trusted && !secret && !origin) return null;
  const header = CLIENT_CERT_HEADERS.find((name) => name === kind) ?? null;
  if (!header && (kind || origin)) {
    throw new ConfigError('HABILITA_CLIENT_CERT_HEADER deve ser "rfc9440" ou "nginx".');
  }
  const addresses = trusted ? parseAddressList(trusted) : null;
  if (trusted && !addresses) {
    throw new ConfigError(
      "HABILITA_TRUSTED_PROXIES deve ter endereços ou faixas, como 127.0.0.1, 10.1.0.0/16.",
    );
  }
  if (secret && secret.length < 32) {
    throw new ConfigError("HABILITA_PROXY_SECRET é curta: use 32 caracteres aleatórios ou mais.");
  }
  if (!addresses && !secret) {
    throw new ConfigError(
      "HABILITA_CLIENT_CERT_HEADER precisa de HABILITA_TRUSTED_PROXIES ou HABILITA_PROXY_SECRET: " +
        "sem saber qual é o proxy, qualquer um poderia escrever o cabeçalho.",
    );
  }
  return {
    header,
    addresses,
    secret,
    origin: origin ? parseOrigin("HABILITA_CERTIFICATE_ORIGIN", origin) : null,
  };
}

function required(env: Env, name: string, meaning: string): string {
  const value = env(name);
  if (!value) throw new ConfigError(`Falta a variável ${name}: ${meaning}.`);
  return value;
}
