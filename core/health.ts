import { log } from "./log/mod.ts";
import { countBlocked, getTelegramState } from "./account/telegram/reach.ts";
import { EXPIRY_WARNING, loadTrust } from "./certificate/trust.ts";
import type { Deps } from "./deps.ts";
import { currentEdition } from "./registry/operadora.ts";
import { keys } from "./store/keys.ts";
import { list } from "./store/read.ts";

/** How one part of the portal is. The detail is for anybody to read: no names, no addresses. */
export interface Finding {
  part: string;
  state: "ok" | "warning" | "failing";
  /** In Portuguese. */
  detail: string;
}

const DAY = 24 * 60 * 60_000;
/** CADOP is published about once a month. */
const OLD_EDITION = 60 * DAY;
/** A message that waits longer has failed a few times. */
const OLD_MESSAGE = 10 * 60_000;
/** Enough to say "many"; counting further would read the whole outbox. */
const COUNTED = 100;

/** Looks at every part; one that cannot be looked at is failing, the others are told all the same. */
export async function checkHealth(deps: Deps): Promise<Finding[]> {
  const checks: [part: string, check: (deps: Deps) => Promise<Omit<Finding, "part">>][] = [
    ["Cadastro da ANS (CADOP)", checkCadop],
    ["Autoridades da ICP-Brasil", checkTrust],
    ["Mensagens a enviar", checkOutbox],
    ["Mensagens não entregues", checkDeadLetters],
    ["E-mail e Telegram", checkChannels],
    ["Robô do Telegram", checkBot],
  ];
  return await Promise.all(checks.map(async ([part, check]) => {
    try {
      return { part, ...await check(deps) };
    } catch (error) {
      log("error", "health_not_checked", { part }, error);
      return { part, state: "failing" as const, detail: "Não foi possível verificar." };
    }
  }));
}

async function checkCadop(deps: Deps): Promise<Omit<Finding, "part">> {
  const edition = await currentEdition(deps);
  if (!edition) {
    return { state: "failing", detail: "Nenhuma edição importada: use deno task import:cadop." };
  }
  const days = Math.floor((deps.now() - edition.importedAt) / DAY);
  const old = deps.now() - edition.importedAt > OLD_EDITION;
  return {
    state: old ? "warning" : "ok",
    detail: `${edition.rows} operadoras, edição importada há ${days} dias.`,
  };
}

async function checkTrust(deps: Deps): Promise<Omit<Finding, "part">> {
  // The copy that logins use: this page is for anybody, and must not read the whole store each time.
  const { anchors, intermediates } = await loadTrust(deps);
  if (anchors.length === 0) {
    return {
      state: "failing",
      detail: "Nenhuma raiz: a entrada com certificado está fechada. Use deno task trust:import.",
    };
  }
  const authorities = [...anchors, ...intermediates];
  const limit = deps.now() + EXPIRY_WARNING;
  const expiring = authorities.filter(({ notAfter }) => notAfter < limit);
  return expiring.length > 0
    ? {
      state: "warning",
      detail: `${expiring.length} de ${authorities.length} vencidas ou a vencer em 60 dias.`,
    }
    : { state: "ok", detail: `${authorities.length} autoridades carregadas.` };
}

async function checkOutbox(deps: Deps): Promise<Omit<Finding, "part">> {
  let waiting = 0;
  let oldest = deps.now();
  for await (const { value } of list(deps.kv, keys.outbox.under(), { limit: COUNTED })) {
    waiting++;
    oldest = Math.min(oldest, value.createdAt);
  }
  const late = deps.now() - oldest > OLD_MESSAGE;
  const hours = Math.floor((deps.now() - oldest) / (60 * 60_000));
  const since = hours > 0 ? `, a mais antiga há ${hours} h` : "";
  return { state: late ? "warning" : "ok", detail: `${count(waiting)} esperando${since}.` };
}

async function checkDeadLetters(deps: Deps): Promise<Omit<Finding, "part">> {
  const letters = list(deps.kv, keys.outboxDead.under(), { limit: COUNTED });
  const dead = (await Array.fromAsync(letters)).length;
  return { state: dead > 0 ? "warning" : "ok", detail: `${count(dead)} guardadas.` };
}

function checkChannels({ config }: Deps): Promise<Omit<Finding, "part">> {
  const missing = [...config.mail ? [] : ["e-mail"], ...config.telegram ? [] : ["Telegram"]];
  return Promise.resolve(
    missing.length > 0
      ? { state: "warning", detail: `Sem configuração: ${missing.join(" e ")}.` }
      : { state: "ok", detail: "Configurados." },
  );
}

/** The bot polls about twice a minute; with the webhook it is looked at every five minutes. */
const SILENCE = { polling: 3 * 60_000, webhook: 15 * 60_000 };

async function checkBot(deps: Deps): Promise<Omit<Finding, "part">> {
  if (!deps.config.telegram) return { state: "ok", detail: "Não está configurado." };
  const [state, blocked] = await Promise.all([
    getTelegramState(deps),
    countBlocked(deps, COUNTED),
  ]);
  const links = blocked > 0 ? ` Bloqueado por ${count(blocked)}.` : "";
  if (!state?.okAt) {
    const why = state?.failure ? `: ${state.failure.what}` : "";
    return { state: "failing", detail: `Ainda não falou com o Telegram${why}.${links}` };
  }
  const { mode, okAt, failure, pending } = state;
  const how = mode === "polling" ? "por consulta" : "por webhook";
  const minutes = Math.floor((deps.now() - okAt) / 60_000);
  const waiting = pending > 0 ? `, ${pending} à espera no Telegram` : "";
  const trouble = failure ? `, ${failure.what}` : "";
  const silent = deps.now() - okAt > SILENCE[mode];
  return {
    state: silent ? "failing" : failure ? "warning" : "ok",
    detail: `Contato ${how} há ${minutes} min${trouble}${waiting}.${links}`,
  };
}

function count(found: number): string {
  return found >= COUNTED ? `${COUNTED} ou mais` : String(found);
}
