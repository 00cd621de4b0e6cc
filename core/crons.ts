import { log } from "./log/mod.ts";
import { MaintenanceError } from "./store/transact.ts";

/** What the portal does by the clock. A stop ends it: nothing is begun any more, what runs is finished. */
export class Crons {
  readonly #stopping: AbortSignal;
  readonly #running = new Set<Promise<void>>();

  /** @param stopping is aborted when the stop begins */
  constructor(stopping: AbortSignal) {
    this.#stopping = stopping;
  }

  /**
   * Has `work` done at set times; what fails is logged and done again at its next time. On Deno Deploy
   * this is called while the main module is loaded, or not heard.
   *
   * @param schedule as in a crontab, in UTC
   * @example crons.add("outbox", "* * * * *", () => outbox.run());
   */
  add(name: string, schedule: string, work: () => Promise<unknown>): void {
    void Deno.cron(name, schedule, { signal: this.#stopping }, () => this.run(name, work));
  }

  /**
   * Does something now that the stop waits for. Never rejects: what `work` throws is logged here, for the
   * runtime would write it past the log. In maintenance, and in a stop, that is no fault.
   */
  run(name: string, work: () => Promise<unknown>): Promise<void> {
    const run: Promise<void> = this.#attempt(name, work).finally(() => this.#running.delete(run));
    this.#running.add(run);
    return run;
  }

  async #attempt(name: string, work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (error instanceof MaintenanceError || this.#stopping.aborted) return;
      log("error", "cron_failed", { name }, error);
    }
  }

  /** Resolves when nothing runs any more. */
  async idle(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running);
  }
}
