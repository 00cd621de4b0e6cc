import type * as v from "valibot";
import { CLIENT_CERT_HEADERS, DEFAULT_TIMES, GOVBR_LEVELS, PASSWORD_POLICIES } from "./choices.ts";
import { DEFAULT_SYSTEMS, systems } from "./systems.ts";
import * as types from "./types.ts";

/** Tasks of `deno.json` that serve people, send messages or look at that: they need all settings. */
export const PORTAL = ["start", "start:mtls", "bot", "bot:webhook", "health"] as const;
/** Tasks that open the store. */
export const STORE = [
  ...["start", "start:mtls", "bot"] as const,
  ...["import:cadop", "import:cnes", "trust:import", "trust:list"] as const,
  ...["health", "outbox", "handoff:keys", "cert:check", "dev:cert", "store:compact"] as const,
  ...["backup", "restore", "maintenance"] as const,
] as const;
/** Tasks that listen. */
const SERVERS = ["start", "start:mtls", "dev"] as const;
const WITH_CRLS = [...PORTAL, "cert:check"] as const;
/** Tasks that serve the portal of people, with its crons. */
const WITH_CRONS = ["start", "start:mtls"] as const;
/** Tasks that write or read backups. */
const WITH_BACKUPS = [...WITH_CRONS, "backup", "backup:verify", "restore"] as const;

export type Task =
  | typeof PORTAL[number]
  | typeof STORE[number]
  | typeof SERVERS[number]
  | typeof WITH_BACKUPS[number];

export interface Setting {
  /** From the text of the environment to the value; its messages are read after the name. */
  type: v.GenericSchema<string, unknown>;
  /** What it is, in Portuguese, as a phrase that follows a colon. */
  help: string;
  /** The tasks that read it. */
  tasks: readonly Task[];
  /** As it would be written in the environment. */
  default?: string;
  /** Where a task has another default. */
  defaultIn?: Partial<Record<Task, string>>;
  /** How a long default is called in the documentation. */
  defaultName?: string;
  /** Tasks that do not start without it. */
  requiredBy?: readonly Task[];
  /** A setting that does not go without this one. */
  requiredWith?: string;
  /** Never shown. */
  secret?: true;
}

/** A setting that every task of `PORTAL` reads, and no other. */
function ofPortal<const S extends Omit<Setting, "tasks">>(setting: S) {
  return { tasks: PORTAL, ...setting };
}

/**
 * Every environment variable that the tasks read, each once. The reader (`read.ts`), the table in
 * `docs/operation.md`, the permissions in `deno.json` and `deno task config` come from this list or
 * are tested against it.
 */
export const SETTINGS = {
  HABILITA_ORIGIN: ofPortal({
    type: types.origin,
    help: "o endereço público do portal, como https://portal.exemplo.br, sem caminho; faz parte " +
      "dos cookies e dos desafios",
    requiredBy: PORTAL,
  }),
  HABILITA_SECRET: ofPortal({
    type: types.secrets,
    help: "um texto aleatório de 32 caracteres ou mais (openssl rand -base64 32), de que vêm as " +
      "chaves das sessões, dos códigos e do que é cifrado; para trocá-lo, o novo antes do anterior, " +
      "com uma vírgula",
    requiredBy: PORTAL,
    secret: true,
  }),
  HABILITA_DATA: {
    type: types.text,
    help: "a pasta onde os dados são guardados nesta máquina",
    tasks: [...STORE, "dev"],
    default: ".data",
  },
  HABILITA_KV: {
    type: types.httpAddress,
    help: "o endereço KV Connect de um banco em outro lugar, usado no lugar da pasta",
    tasks: STORE,
  },
  DENO_KV_ACCESS_TOKEN: {
    type: types.text,
    help: "o token do banco de HABILITA_KV",
    tasks: STORE,
    requiredWith: "HABILITA_KV",
    secret: true,
  },
  HABILITA_STORE_ID: {
    type: types.ulid,
    help: "a identidade do banco, que o portal diz quando o cria; com ela, nada começa com um " +
      "banco vazio ou com outro",
    tasks: STORE,
  },
  DENO_DEPLOYMENT_ID: {
    type: types.text,
    help: "dada pelo Deno Deploy, onde os dados ficam no banco do projeto",
    tasks: STORE,
  },
  HABILITA_BACKUP_DIR: {
    type: types.text,
    help: "a pasta em que o portal grava um backup por dia; 7 dias, 4 semanas e 12 meses são " +
      "guardados",
    tasks: WITH_CRONS,
  },
  HABILITA_BACKUP_KEY: {
    type: types.secret,
    help: "um texto aleatório de 32 caracteres ou mais (openssl rand -base64 32), que cifra os " +
      "backups; quem o perde não os abre mais",
    tasks: WITH_BACKUPS,
    secret: true,
  },
  HABILITA_PASSWORD_POLICY: ofPortal({
    type: types.oneOf(PASSWORD_POLICIES, 'deve ser "ans" ou "nist".'),
    help: "a regra das senhas novas: ans (a da agência) ou nist (15 caracteres, sem composição)",
    default: "ans",
  }),
  PORT: {
    type: types.port,
    help: "a porta do servidor",
    tasks: SERVERS,
    default: "8000",
    defaultIn: { "start:mtls": "8443" },
  },
  HABILITA_LISTEN: {
    type: types.listen,
    help: "o endereço em que o servidor atende; fora desta máquina (0.0.0.0, ::) só com um proxy " +
      "declarado ou com start:mtls",
    tasks: SERVERS,
    default: "127.0.0.1",
  },
  HABILITA_STOP_SECONDS: {
    type: types.seconds(1, 600),
    help:
      "em quantos segundos o processo termina depois de SIGTERM ou SIGINT, ainda que algo não " +
      "tenha acabado",
    tasks: ["start", "start:mtls", "bot"],
    default: "20",
  },
  SMTP_URL: ofPortal({
    type: types.smtpAddress,
    help: "o servidor de e-mail, como smtp://usuario:senha@servidor:587, que tem de oferecer " +
      "STARTTLS (a não ser com ?tls=opcional no fim, ou nesta máquina), ou smtps://…; sem ele as " +
      "mensagens esperam na fila",
    secret: true,
  }),
  MAIL_FROM: ofPortal({
    type: types.sender,
    help: "o remetente das mensagens, como Habilita <nao-responda@exemplo.br>",
    requiredWith: "SMTP_URL",
  }),
  TELEGRAM_BOT_TOKEN: ofPortal({
    type: types.botToken,
    help: "o token do robô no Telegram; sem ele não há robô",
    requiredBy: ["bot", "bot:webhook"],
    secret: true,
  }),
  TELEGRAM_BOT_USERNAME: ofPortal({
    type: types.botUsername,
    help: "o nome do bot, sem @",
    requiredWith: "TELEGRAM_BOT_TOKEN",
  }),
  TELEGRAM_WEBHOOK_SECRET: ofPortal({
    type: types.webhookSecret,
    help: "um texto aleatório de 16 a 256 letras, números, _ ou - (openssl rand -hex 32), que o " +
      "Telegram repete em cada chamada ao portal",
    requiredWith: "TELEGRAM_BOT_TOKEN",
    secret: true,
  }),
  TELEGRAM_API_ROOT: ofPortal({
    type: types.httpAddress,
    help: "outro servidor da Bot API",
    default: "https://api.telegram.org",
  }),
  GOVBR_ISSUER: ofPortal({
    type: types.issuer,
    help: "o endereço do gov.br que autentica, como https://sso.acesso.gov.br; o retorno é " +
      "HABILITA_ORIGIN/govbr/retorno",
  }),
  GOVBR_CLIENT_ID: ofPortal({
    type: types.text,
    help: "o client_id que o gov.br deu ao portal",
    requiredWith: "GOVBR_ISSUER",
  }),
  GOVBR_CLIENT_SECRET: ofPortal({
    type: types.text,
    help: "o client_secret que o gov.br deu ao portal",
    requiredWith: "GOVBR_ISSUER",
    secret: true,
  }),
  HABILITA_GOVBR_LEVEL: ofPortal({
    type: types.oneOf(GOVBR_LEVELS, `deve ser um destes: ${GOVBR_LEVELS.join(", ")}.`),
    help: `o menor nível da conta gov.br que entra: ${GOVBR_LEVELS.join(", ")}`,
    default: "silver",
  }),
  HABILITA_CNS_URL: ofPortal({
    type: types.address,
    help: "a consulta que informa a qualidade de um CNS; sem ela a qualidade fica desconhecida",
  }),
  HABILITA_CNS_TOKEN: ofPortal({
    type: types.text,
    help: "o token do portal na consulta do CNS",
    requiredWith: "HABILITA_CNS_URL",
    secret: true,
  }),
  HABILITA_CLIENT_CERT_HEADER: ofPortal({
    type: types.oneOf(CLIENT_CERT_HEADERS, 'deve ser "rfc9440" ou "nginx".'),
    help: "como o proxy repassa o certificado do navegador: rfc9440 ou nginx",
    requiredWith: "HABILITA_CERTIFICATE_ORIGIN",
  }),
  HABILITA_TRUSTED_PROXIES: ofPortal({
    type: types.addresses,
    help: "os endereços do proxy, como 127.0.0.1, 10.1.0.0/16; também quando ele só termina o " +
      "TLS, para que as tentativas sejam contadas por navegador",
  }),
  HABILITA_PROXY_SECRET: ofPortal({
    type: types.secret,
    help: "um texto aleatório de 32 caracteres ou mais, que o proxy envia em " +
      "Habilita-Proxy-Secret, no lugar dos endereços ou além deles",
    secret: true,
  }),
  HABILITA_CERTIFICATE_ORIGIN: ofPortal({
    type: types.origin,
    help: "outro endereço do portal, o único em que o proxy pede certificados",
  }),
  HABILITA_CRL_HOSTS: {
    type: types.domains,
    help:
      "outros domínios, com vírgulas, em que se buscam listas de certificados revogados, além " +
      "dos da ICP-Brasil",
    tasks: WITH_CRLS,
  },
  HABILITA_STALE_CRL_HOURS: {
    type: types.hours(0, 30 * 24),
    help: "por quantas horas uma lista de revogados vencida ainda vale quando não há outra",
    tasks: WITH_CRLS,
    default: "0",
  },
  HABILITA_REMIND_HOURS: ofPortal({
    type: types.hours(1, 9999),
    help: "depois de quantas horas os administradores são lembrados de uma solicitação",
    default: String(DEFAULT_TIMES.remindHours),
  }),
  HABILITA_ESCALATE_HOURS: ofPortal({
    type: types.hours(1, 9999),
    help: "depois de quantas horas o representante legal é avisado de que ninguém decide",
    default: String(DEFAULT_TIMES.escalateHours),
  }),
  HABILITA_EXPIRE_HOURS: ofPortal({
    type: types.hours(1, 9999),
    help: "depois de quantas horas uma solicitação expira",
    default: String(DEFAULT_TIMES.expireHours),
  }),
  HABILITA_SYSTEMS: ofPortal({
    type: systems,
    help: "os sistemas em que as pessoas podem ser habilitadas, em JSON (docs/integration.md)",
    default: JSON.stringify(DEFAULT_SYSTEMS),
    defaultName: "os da ANS e o CadSUS Web",
    secret: true,
  }),
  HABILITA_ALERT_TO: ofPortal({
    type: types.alertReceivers,
    help:
      "quem é avisado quando uma parte do portal falha e quando ela volta: endereços de e-mail " +
      "e conversas do robô, como operacao@exemplo.br, telegram:123456789",
  }),
  TLS_CERT: {
    type: types.text,
    help: "o arquivo PEM do certificado do servidor, com a cadeia",
    tasks: ["start:mtls"],
    requiredBy: ["start:mtls"],
  },
  TLS_KEY: {
    type: types.text,
    help: "o arquivo PEM da chave do servidor, sem senha",
    tasks: ["start:mtls"],
    requiredBy: ["start:mtls"],
  },
  OTEL_DENO: {
    type: types.oneOf(["true", "false"], 'deve ser "true" ou "false".'),
    help: "true envia as medidas e o registro do portal a um coletor OpenTelemetry (as outras " +
      "variáveis OTEL_ são as do Deno)",
    tasks: PORTAL,
  },
  OTEL_DENO_TRACING: {
    type: types.oneOf(
      ["false"],
      'deve ser "false": os rastros levariam o token do robô e o que ' +
        "as pessoas digitam nos endereços.",
    ),
    help: "sempre false, porque os rastros levariam o token do robô e endereços inteiros",
    tasks: PORTAL,
    requiredWith: "OTEL_DENO",
  },
  HABILITA_SENHA: {
    type: types.verbatim,
    help: "a senha do arquivo A1, quando o comando não a diz",
    tasks: ["cert:check"],
    secret: true,
  },
} as const satisfies Record<string, Setting>;

type Settings = typeof SETTINGS;
export type SettingName = keyof Settings;

/** Null when it may be absent: it has no default, and the task starts without it. */
type Value<N extends SettingName, T extends Task> =
  | v.InferOutput<Settings[N]["type"]>
  | (Settings[N] extends { default: string } ? never
    : Settings[N] extends { requiredBy: readonly (infer R)[] } ? (T extends R ? never : null)
    : null);

/** What a task reads, by the names of the variables. */
export type SettingValues<T extends Task> = {
  [N in SettingName as T extends Settings[N]["tasks"][number] ? N : never]: Value<N, T>;
};

/** What `PORTAL` tasks read, wherever they keep it; the bot may be absent. */
export type PortalSettings = Pick<SettingValues<"start">, keyof SettingValues<"bot:webhook">>;

/** What says where the store is. */
export type StoreSettings = Pick<
  SettingValues<"outbox">,
  "HABILITA_DATA" | "HABILITA_KV" | "HABILITA_STORE_ID" | "DENO_DEPLOYMENT_ID"
>;
