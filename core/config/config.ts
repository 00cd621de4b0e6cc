import type { AddressList } from "../address_list.ts";
import type { ClientCertHeader, GovbrLevel, PasswordPolicy, RequestTimes } from "./choices.ts";
import { ICP_BRASIL_CRL_HOSTS, ICP_BRASIL_ROOTS } from "./icp_brasil.ts";
import type { PortalSettings } from "./settings.ts";
import type { System } from "./systems.ts";
import type { AlertReceiver } from "./types.ts";

export interface Config {
  /** Where the portal is seen from outside, e.g. `https://portal.example.br`; no slash at the end. */
  origin: string;
  /**
   * What all keys of the portal are derived from (`core/secrets.ts`), the newest first: at least one, of at
   * least 32 characters each.
   */
  secrets: readonly string[];
  passwordPolicy: PasswordPolicy;
  /** SHA-256 (lower-case hex) of the root certificates that may be trust anchors. */
  anchors: readonly string[];
  crl: CrlConfig;
  mail: MailConfig | null;
  telegram: TelegramConfig | null;
  /** The portal's client at gov.br; null without sign-in by gov.br. */
  govbr: GovbrConfig | null;
  /** The register that knows the quality of a CNS; null when no register is asked. */
  cns: CnsConfig | null;
  /** The proxy that asks browsers for their certificate; null when there is none. */
  proxy: ProxyConfig | null;
  /** How long requests may wait for a decision. */
  requests: RequestTimes;
  /** What people may be let into. */
  systems: readonly System[];
  /** Who is told when a part of the portal fails, and when it is well again. */
  alertTo: readonly AlertReceiver[];
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
  /** `smtp://user:password@host:587` or `smtps://…:465`; the former may end with `?tls=opcional`. */
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

/** The revocation lists of every task that looks at certificates. */
export function toCrlConfig(
  settings: Pick<PortalSettings, "HABILITA_CRL_HOSTS" | "HABILITA_STALE_CRL_HOURS">,
): CrlConfig {
  return {
    ...DEFAULT_CRL,
    hosts: [...DEFAULT_CRL.hosts, ...settings.HABILITA_CRL_HOSTS ?? []],
    staleHours: settings.HABILITA_STALE_CRL_HOURS,
  };
}

/**
 * The settings as the portal uses them: what belongs together in one object, null where a part is not
 * configured. That what goes with a setting is there too has been checked when they were read.
 */
export function toConfig(settings: PortalSettings): Config {
  const s = settings;
  return {
    origin: s.HABILITA_ORIGIN,
    secrets: s.HABILITA_SECRET,
    passwordPolicy: s.HABILITA_PASSWORD_POLICY,
    anchors: ICP_BRASIL_ROOTS,
    crl: toCrlConfig(s),
    mail: s.SMTP_URL === null ? null : { url: s.SMTP_URL, from: s.MAIL_FROM! },
    telegram: s.TELEGRAM_BOT_TOKEN === null ? null : {
      token: s.TELEGRAM_BOT_TOKEN,
      apiRoot: s.TELEGRAM_API_ROOT,
      deepLink: `https://t.me/${s.TELEGRAM_BOT_USERNAME}`,
      webhookSecret: s.TELEGRAM_WEBHOOK_SECRET!,
    },
    govbr: s.GOVBR_ISSUER === null ? null : {
      issuer: s.GOVBR_ISSUER,
      clientId: s.GOVBR_CLIENT_ID!,
      clientSecret: s.GOVBR_CLIENT_SECRET!,
      level: s.HABILITA_GOVBR_LEVEL,
    },
    cns: s.HABILITA_CNS_URL === null
      ? null
      : { url: s.HABILITA_CNS_URL, token: s.HABILITA_CNS_TOKEN! },
    proxy: s.HABILITA_TRUSTED_PROXIES === null && s.HABILITA_PROXY_SECRET === null ? null : {
      header: s.HABILITA_CLIENT_CERT_HEADER,
      addresses: s.HABILITA_TRUSTED_PROXIES,
      secret: s.HABILITA_PROXY_SECRET,
      origin: s.HABILITA_CERTIFICATE_ORIGIN,
    },
    requests: {
      remindHours: s.HABILITA_REMIND_HOURS,
      escalateHours: s.HABILITA_ESCALATE_HOURS,
      expireHours: s.HABILITA_EXPIRE_HOURS,
    },
    systems: s.HABILITA_SYSTEMS,
    alertTo: s.HABILITA_ALERT_TO ?? [],
  };
}
