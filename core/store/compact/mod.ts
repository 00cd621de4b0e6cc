import { log } from "../../log/mod.ts";
import { delay } from "../delay.ts";
import { fileOf, type StoreFile } from "../file.ts";
import { keys } from "../keys.ts";
import { freeBytes, LEAST_FREE } from "../probe.ts";
import { read } from "../read.ts";
import { transact } from "../transact.ts";
import { storeBusy, StoreUnavailable } from "../unavailable.ts";
import type { Done, Task } from "./worker.ts";

/** Sizes of the file (bytes) and how long it took (ms), or why it was not done (Portuguese, one line). */
export type Compaction =
  | { ok: true; before: number; after: number; ms: number }
  | { ok: false; reason: "elsewhere" | "room" | "busy" | "failing"; text: string };

export interface CompactOptions {
  /** Makes the file smaller too, in less than half the time; needs a process with all permissions. */
  vacuum?: boolean;
  /** How long to wait for other writers, and for readers (ms); 20 s unless told. */
  patience?: number;
  /** Told how far it is, from 0 to 1. */
  onProgress?: (part: number) => void;
  /** Ends it; the file is then as it was. */
  signal?: AbortSignal;
}

const PATIENCE = 20_000;
/** How often progress is looked at (ms). */
const LOOK = 200;
/** Between two nightly runs on one store, by whichever process (ms). */
const NIGHT = 12 * 60 * 60_000;

interface Deps {
  kv: Deno.Kv;
  now(): number;
}

/**
 * Takes what was erased out of the file of the store and of its log: SQLite leaves deleted values in free
 * pages, and between the rows of others, until something is written there. Readers go on meanwhile;
 * writers wait, and give up after `transact`'s patience as under any lock.
 *
 * Needs three times the size of the file on the disk, with `vacuum` twice: for its log, and for the records
 * that SQLite sets aside, in the folder `SQLITE_TMPDIR` of the environment, which the tasks set to that
 * of the store.
 *
 * @example const done = await compactStore(deps); // { ok: true, before: 51_200_000, after: 48_500_000, ms }
 */
export async function compactStore(
  { kv, now }: Deps,
  { vacuum = false, patience = PATIENCE, onProgress, signal }: CompactOptions = {},
): Promise<Compaction> {
  const file = fileOf(kv);
  if (!file) {
    const text = "O banco não está em uma pasta desta máquina: quem o hospeda apaga o que foi " +
      "excluído.";
    return { ok: false, reason: "elsewhere", text };
  }
  const before = (await Deno.stat(file.path)).size;
  const lacking = await lackOfRoom(file, (vacuum ? 2 : 3) * before);
  if (lacking) return lacking;
  const begun = performance.now();
  const task = { path: file.path, vacuum, patience };
  const done = await file.turns.run(patience, async () => {
    const working = work(task, signal);
    if (onProgress) await follow(file, before, working, onProgress);
    return await working;
  }, storeBusy).catch((error): Done => {
    if (!(error instanceof StoreUnavailable)) throw error;
    return { ok: false, busy: true, error: error.message };
  });
  if (!done.ok) return notDone(done);
  const after = (await Deno.stat(file.path)).size;
  const record = { at: now(), before, after };
  await transact(kv, (tx) => tx.set(keys.storeCompaction(), record), { inMaintenance: true });
  return { ok: true, before, after, ms: performance.now() - begun };
}

/** What the cron of the portal does; says on the error output what did not go. */
export async function compactNightly(deps: Deps, signal?: AbortSignal): Promise<void> {
  const last = await read(deps.kv, keys.storeCompaction());
  // The distance, whichever way the clock was set meanwhile.
  if (last && Math.abs(deps.now() - last.at) < NIGHT) return;
  const done = await compactStore(deps, { signal });
  if (!done.ok && done.reason !== "elsewhere") {
    log("error", "store_not_compacted", { text: done.text });
  }
}

async function lackOfRoom({ folder }: StoreFile, room: number): Promise<Compaction | null> {
  const needed = room + LEAST_FREE;
  const free = await freeBytes(folder);
  if (free === null || free >= needed) return null;
  const text = `Falta espaço no disco de HABILITA_DATA: são precisos ${megabytes(needed)} e há ` +
    `${megabytes(free)}. Libere espaço e tente de novo.`;
  return { ok: false, reason: "room", text };
}

function megabytes(bytes: number): string {
  return `${Math.ceil(bytes / 1024 / 1024)} MB`;
}

async function work(task: Task, signal?: AbortSignal): Promise<Done> {
  signal?.throwIfAborted();
  const worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
  return await new Promise<Done>((resolve, reject) => {
    signal?.addEventListener("abort", () => reject(signal.reason), { once: true });
    worker.onmessage = ({ data }) => resolve(data);
    worker.onerror = (event) => {
      event.preventDefault();
      resolve({ ok: false, busy: false, error: event.message });
    };
    worker.postMessage(task);
  }).finally(() => worker.terminate());
}

/** The log grows to the size of the file while it is written anew. */
async function follow(
  { path }: StoreFile,
  size: number,
  working: Promise<Done>,
  onProgress: (part: number) => void,
): Promise<void> {
  let running = true;
  working.catch(() => {}).finally(() => running = false);
  while (running) {
    const written = (await Deno.stat(`${path}-wal`).catch(() => null))?.size ?? 0;
    onProgress(Math.min(0.99, written / Math.max(1, size)));
    await Promise.race([working.catch(() => {}), delay(LOOK)]);
  }
}

function notDone({ busy, error }: Done & { ok: false }): Compaction {
  return busy
    ? {
      ok: false,
      reason: "busy",
      text:
        "O banco está ocupado: outro processo grava, ou lê há muito tempo. O que foi excluído " +
        "ainda pode estar no arquivo; tente de novo mais tarde.",
    }
    : {
      ok: false,
      reason: /full/i.test(error) ? "room" : "failing",
      text: `O arquivo do banco não pôde ser reescrito (${error}) e ficou como estava: confira o ` +
        "disco de HABILITA_DATA.",
    };
}
