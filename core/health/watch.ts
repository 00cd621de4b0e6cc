import { log as writeLog } from "../log/mod.ts";
import type { Deps } from "../deps.ts";
import type { AlertNews } from "../mails/alert_mails.ts";
import { newId } from "../ids.ts";
import { renderAddressed } from "../mails/mod.ts";
import { partitionOf } from "../outbox/enqueue.ts";
import { messageId } from "../outbox/message_id.ts";
import type { Send } from "../outbox/send.ts";
import { keys } from "../store/keys.ts";
import { read } from "../store/read.ts";
import { alertMessages, recordTroubles } from "./alerts.ts";
import { noteClock } from "./clock.ts";
import type { HealthPart } from "./part.ts";
import { checkParts } from "./parts.ts";
import { probeStore } from "./store_parts.ts";

/** Looks at every part from time to time and has the operators told of what changed. */
export interface HealthWatch {
  /** For a cron, every five minutes. Never rejects. */
  run(): Promise<void>;
}

export interface HealthWatchOptions {
  /** Sends one message past the outbox: it is in the store, which may be what fails. */
  send: Send;
  /** Told when the outbox has something to send. */
  notify: () => void;
  /** Told in one line what began or ended. */
  log?: (line: string) => void;
}

/** @example const watch = watchHealth(deps, { send, notify: outbox.notify }); await watch.run(); */
export function watchHealth(
  deps: Deps,
  { send, notify, log = (line) => writeLog("warning", "health_changed", { line }) }:
    HealthWatchOptions,
): HealthWatch {
  /** Since when this process finds that the store fails. */
  let storeFails: number | null = null;
  let told = false;

  async function run(): Promise<void> {
    const { ok } = await probeStore(deps);
    const maintenance = ok && await read(deps.kv, keys.maintenance());
    if (ok && !maintenance) {
      await noteClock(deps).catch(() => log("health: clock: the difference could not be noted"));
    }
    const parts = await checkParts(deps);
    const store = parts.find(({ id }) => id === "store")!;
    if (store.state === "failing") {
      // Nothing can be written down: each process tells it once by itself. Not at the first look: the
      // nightly compaction, or a copy that another program makes, keeps the store for a while.
      const again = storeFails !== null;
      storeFails ??= deps.now();
      if (!again || told) return;
      told = true;
      return await tellNow("begun", store);
    }
    if (told) await tellNow("ended", store);
    told = false;
    storeFails = null;
    // In maintenance nothing is written: what changes meanwhile is told afterwards.
    if (maintenance) return;
    if (await recordTroubles(deps, parts, log)) notify();
  }

  async function tellNow(kind: "begun" | "ended", part: HealthPart): Promise<void> {
    const { name, text, todo, detail } = part;
    const endedAt = kind === "ended" ? deps.now() : null;
    const news: AlertNews = { kind, name, since: storeFails!, endedAt, text, todo, detail };
    log(`health: ${part.id}: ${kind === "begun" ? `${text} ${detail}` : "voltou ao normal"}`);
    const messages = (["mail", "chat"] as const).flatMap((one) => alertMessages(deps, one, [news]));
    const sent = await Promise.all(messages.map(async (message) => {
      const createdAt = deps.now();
      const record = { id: newId(createdAt), createdAt };
      const id = messageId(partitionOf(deps, message), record, deps.config.origin);
      const outgoing = message.channel === "mail" ? renderAddressed(message)! : message;
      return await send(outgoing, 1, id).then(({ outcome }) => outcome === "sent", () => false);
    }));
    if (sent.includes(false)) log("health: store: the alert could not be sent to everybody");
  }

  return {
    async run() {
      try {
        await run();
      } catch (error) {
        log(`health: ${error instanceof Error ? error.message : error}`);
      }
    },
  };
}
