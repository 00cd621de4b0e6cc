/// <reference lib="deno.worker" />
import { type BackupJob, makeBackup } from "./make.ts";
import { type BackupCode, BackupRefused } from "./messages.ts";
import type { BackupReport } from "./write.ts";

/** What the Worker of a backup tells. */
export type FromWorker =
  | { kind: "progress"; done: number; total: number | null }
  | { kind: "done"; report: BackupReport }
  | { kind: "refused"; code: BackupCode }
  | { kind: "failed"; message: string };

declare const self: DedicatedWorkerGlobalScope;

const tell = (message: FromWorker) => self.postMessage(message);

self.onmessage = async ({ data }: MessageEvent<BackupJob>) => {
  try {
    const report = await makeBackup(
      data,
      (done, total) => tell({ kind: "progress", done, total }),
    );
    tell({ kind: "done", report });
  } catch (error) {
    tell(
      error instanceof BackupRefused
        ? { kind: "refused", code: error.code }
        : { kind: "failed", message: error instanceof Error ? error.message : String(error) },
    );
  }
};
