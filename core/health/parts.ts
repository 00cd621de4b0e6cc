import { log } from "../log/mod.ts";
import type { Deps } from "../deps.ts";
import { keys } from "../store/keys.ts";
import { readMany } from "../store/read.ts";
import { within } from "../store/within.ts";
import { botPart } from "./bot_part.ts";
import { certificateParts } from "./certificate_parts.ts";
import { clockPart } from "./clock_part.ts";
import { messageParts } from "./message_parts.ts";
import type { Finding, HealthPart, Part } from "./part.ts";
import { networkPart } from "./network_part.ts";
import { registryParts } from "./registry_parts.ts";
import { shareForASecond } from "./share.ts";
import { storeParts } from "./store_parts.ts";

/** Everything that is looked at, in the order in which it is shown. */
export const PARTS: readonly Part[] = [
  ...storeParts,
  ...messageParts,
  botPart,
  ...certificateParts,
  ...registryParts,
  clockPart,
  networkPart,
];

/** A part that cannot be looked at in this time (ms) is failing. */
const LIMIT = 2_000;

/**
 * Looks at every part, all at once; one that cannot be looked at is failing, the others are told all the
 * same. Since when a part is not well it says itself where it can, else the store does (`trouble`).
 *
 * @example const parts = await checkParts(deps); // [{ id: "store", state: "ok", … }, …]
 */
export async function checkParts(
  deps: Deps,
  parts: readonly Part[] = PARTS,
): Promise<HealthPart[]> {
  const [findings, troubles] = await Promise.all([
    Promise.all(parts.map((part) => lookInTime(deps, part))),
    inTime(readMany(deps.kv, parts.map(({ id }) => keys.trouble(id)))).catch(() => []),
  ]);
  return parts.map(({ id, name }, i) => {
    const finding = findings[i]!;
    const known = troubles[i]?.endedAt === null ? troubles[i].since : null;
    const since = finding.state === "ok" ? null : finding.since ?? known;
    return { id, name, todo: null, detail: null, ...finding, since };
  });
}

/** Like `checkParts`, at most once a second, however many ask. */
export const checkPartsShared = shareForASecond((deps: Deps) => checkParts(deps));

/** The parts that could not be looked at the last time: strangers may ask as often as they like. */
const unchecked = new WeakMap<Deno.Kv, Set<string>>();

async function lookInTime(deps: Deps, part: Part): Promise<Finding> {
  const known = unchecked.get(deps.kv) ?? new Set();
  unchecked.set(deps.kv, known);
  try {
    const finding = await inTime(part.look(deps));
    known.delete(part.id);
    return finding;
  } catch (error) {
    if (!known.has(part.id)) log("error", "health_not_checked", { part: part.id }, error);
    known.add(part.id);
    return { state: "failing", text: "Não foi possível verificar." };
  }
}

function inTime<T>(work: Promise<T>): Promise<T> {
  return within(LIMIT, work, () => {
    throw new Error(`no answer within ${LIMIT} ms`);
  });
}
