import type { Deps } from "../deps.ts";
import { keys } from "../store/keys.ts";
import { list } from "../store/read.ts";
import type { ClockReading } from "../store/records/health.ts";
import { READING_KEPT } from "./clock.ts";
import { COUNTED, type Finding, MINUTE, type Part } from "./part.ts";

/** Differences (ms) that the `Date` header, which has whole seconds, can tell from none for sure. */
const NOTICED = 30_000;
/** Here codes, signatures and the answers of gov.br begin to be refused. */
const TOO_FAR = 2 * MINUTE;

/**
 * One that came back with a backup has no end of its own. Both by the clock that wrote it and by the one
 * that was asked: a machine that is hours ahead is seen by itself and by the others.
 */
function isOfNow({ at, aheadMs }: ClockReading, now: number): boolean {
  return [at, at - aheadMs].some((time) => Math.abs(now - time) < READING_KEPT);
}

async function lookAtClock(deps: Deps): Promise<Finding> {
  const entries = list(deps.kv, keys.clockReading.under(), { limit: COUNTED });
  const readings = (await Array.fromAsync(entries, ({ value }) => value))
    .filter((reading) => isOfNow(reading, deps.now()));
  const [first, ...rest] = readings;
  if (!first) return { state: "ok", text: "Não foi comparado." };
  const far = (aheadMs: number) => Math.abs(aheadMs);
  const worst = rest.reduce((a, b) => far(b.aheadMs) > far(a.aheadMs) ? b : a, first);
  const whose = worst.source === "telegram" ? "do Telegram" : "do gov.br";
  const side = worst.aheadMs < 0 ? "atrasado" : "adiantado";
  const detail = `${Math.round(far(worst.aheadMs) / 1_000)} s ${side} em relação ao ${whose}.`;
  if (far(worst.aheadMs) <= NOTICED) return { state: "ok", text: "Está certo.", detail };
  return {
    state: far(worst.aheadMs) > TOO_FAR ? "failing" : "warning",
    text: "O relógio da máquina não está certo.",
    todo: "Acerte o relógio e ligue a sincronização (NTP) da máquina.",
    detail,
  };
}

export const clockPart: Part = { id: "clock", name: "Relógio", look: lookAtClock };
