import { statfs } from "node:fs/promises";
import { randomToken } from "../ids.ts";
import { assertInPlace, fileOf } from "./file.ts";
import { identityOf } from "./identity.ts";
import { keys } from "./keys.ts";
import { readMany } from "./read.ts";
import { transact, type Transaction } from "./transact.ts";
import { StoreUnavailable } from "./unavailable.ts";
import { within } from "./within.ts";

/** Whether the store can be used; `text` (Portuguese, one line) is for whoever runs the portal. */
export type ProbeResult = { ok: true } | { ok: false; reason: ProbeFailure; text: string };

/**
 * - `gone`: the file is not in its folder any more
 * - `another`: the store has not the identity that it had when it was opened
 * - `full`: little room is left on the disk
 * - `slow`: no answer within a second; a lock of another process, or the network
 * - `failing`: a write or a read failed
 */
export type ProbeFailure = "gone" | "another" | "full" | "slow" | "failing";

/** A record is written and read within this time (ms). */
const PATIENCE = 1_000;
/** Free room below which the portal takes no more (bytes): the log of the store grows to 4 MB between two checkpoints. */
export const LEAST_FREE = 64 * 1024 * 1024;
/** A probe's record is of no use after this time (ms). */
const KEPT = 60 * 60_000;
/** Asked more often than this (ms), the answer is the same. */
const FRESH = 500;

const SLOW: ProbeResult = {
  ok: false,
  reason: "slow",
  text:
    "O banco não respondeu em um segundo: outro processo o ocupa, ou a rede falha. O portal volta " +
    "sozinho.",
};

/** Each process has a record of its own: two that probe at once do not read each other's. */
const process = randomToken(6);
const latest = new WeakMap<Deno.Kv, Attempt>();

interface Attempt {
  /** By the monotonic clock. */
  since: number;
  done: boolean;
  result: Promise<ProbeResult>;
}

/**
 * Writes a record into the store and reads it back within a second, and sees that it is the store that was
 * opened, in the folder where it was, with room on the disk. Under way once at a time, however often
 * it is asked.
 *
 * @param options `leastFree`: bytes of room below which it fails
 *
 * @example const result = await probe(deps); // { ok: false, reason: "full", text: "O disco …" }
 */
export async function probe(
  { kv }: { kv: Deno.Kv },
  { leastFree = LEAST_FREE }: { leastFree?: number } = {},
): Promise<ProbeResult> {
  const room = placeFailure(kv) ?? await roomFailure(kv, leastFree);
  if (room) return room;
  let attempt = latest.get(kv);
  if (!attempt || attempt.done && performance.now() - attempt.since > FRESH) {
    attempt = begin(kv);
    latest.set(kv, attempt);
  }
  return await within(PATIENCE, attempt.result, () => SLOW);
}

function begin(kv: Deno.Kv): Attempt {
  const result = tryStore(kv).finally(() => attempt.done = true);
  const attempt = { since: performance.now(), done: false, result };
  return attempt;
}

function placeFailure(kv: Deno.Kv): ProbeResult | null {
  try {
    assertInPlace(kv);
    return null;
  } catch (error) {
    return failed(error);
  }
}

async function roomFailure(kv: Deno.Kv, leastFree: number): Promise<ProbeResult | null> {
  const file = fileOf(kv);
  if (!file) return null;
  const free = await freeBytes(file.folder);
  if (free === null || free >= leastFree) return null;
  return {
    ok: false,
    reason: "full",
    text: `O disco de HABILITA_DATA está cheio: restam ${Math.floor(free / 1024 / 1024)} MB. ` +
      "Libere espaço; o portal volta sozinho.",
  };
}

/** Room that this user may still fill in a folder's file system (bytes); null when it cannot be asked. */
export async function freeBytes(folder: string): Promise<number | null> {
  try {
    const { bavail, bsize } = await statfs(folder);
    return Number(bavail) * Number(bsize);
  } catch {
    return null;
  }
}

async function tryStore(kv: Deno.Kv): Promise<ProbeResult> {
  try {
    const key = keys.storeProbe(process);
    const token = randomToken();
    const set = (tx: Transaction) => tx.set(key, { token, at: Date.now() }, { expireIn: KEPT });
    await transact(kv, set, { inMaintenance: true });
    const [written, identity] = await readMany(kv, [key, keys.storeIdentity()]);
    const known = identityOf(kv);
    if (known && identity?.id !== known.id) {
      return {
        ok: false,
        reason: "another",
        text: `O banco não é mais o ${known.id}: confira HABILITA_DATA ou HABILITA_KV e reinicie ` +
          "o portal.",
      };
    }
    if (written?.token === token) return { ok: true };
    return { ok: false, reason: "failing", text: "O banco não devolve o que foi gravado nele." };
  } catch (error) {
    return failed(error);
  }
}

function failed(error: unknown): ProbeResult {
  if (error instanceof StoreUnavailable) {
    return { ok: false, reason: error.reason === "busy" ? "slow" : "gone", text: error.message };
  }
  const why = (error instanceof Error ? error.message : String(error)).split("\n", 1)[0];
  return {
    ok: false,
    reason: /full/i.test(why!) ? "full" : "failing",
    text:
      `O banco não aceita gravações (${why}): confira o disco de HABILITA_DATA, ou HABILITA_KV.`,
  };
}
