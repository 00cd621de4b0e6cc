/** What the portal does by the clock. A stop ends it: nothing is begun any more, what runs is finished. */
export class Crons {
  readonly #stopping: AbortSignal;
  readonly #running = new Set<Promise<void>>();

  /** @param stopping is aborted when the stop begins */
  constructor(stopping: AbortSignal) {
    this.#stopping = stopping;
  }

  /**
   * Has `work` done at set times; the runtime tries it again when it fails. On Deno Deploy this is called
   * while the main module is loaded, or not heard.
   *
   * @param schedule as in a crontab, in UTC
   * @example crons.add("outbox", "* * * * *", () => outbox.run());
   */
  add(name: string, schedule: string, work: () => Promise<void>): void {
    void Deno.cron(name, schedule, { signal: this.#stopping }, () => this.run(work));
  }

  /** Does something now that the stop waits for. */
  run(work: () => Promise<void>): Promise<void> {
    const run = work();
    const settled: Promise<void> = run.catch(() => {}).finally(() => this.#running.delete(settled));
    this.#running.add(settled);
    return run;
  }

  /** Resolves when nothing runs any more. */
  async idle(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running);
  }
}
