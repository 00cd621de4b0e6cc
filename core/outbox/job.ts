import { monotonicUlid } from "@std/ulid";
import type { Deps } from "../deps.ts";
import type { JobMessage, OutboxRecord } from "../store/records/outbox.ts";
import type { Transaction } from "../store/transact.ts";
import { schedule } from "./enqueue.ts";
import { sealJob } from "./sealed_mail.ts";
import type { Delivery } from "./send.ts";

/** What does each kind of job, by its name. Done again when the process ended in the middle. */
export type Jobs = Readonly<Record<string, (deps: Deps, given: never) => Promise<void>>>;

/**
 * Leaves work to be done after the commit, in the turn of a mail: who is to be told, for instance, where
 * a request must not look for them. What it is given is kept sealed.
 *
 * @param given what JSON can hold
 * @param life until when it is of use, `wait` when it is begun (ms from now)
 */
export function enqueueJob(
  deps: Deps,
  tx: Transaction,
  job: string,
  given: unknown,
  { life, wait }: { life: number; wait: number },
): void {
  const id = monotonicUlid(deps.now());
  const record: OutboxRecord = {
    id,
    message: sealJob(deps, id, { job, given, life }),
    createdAt: deps.now(),
    attempts: 0,
    lastError: null,
  };
  // In a partition of its own: it waits for no other.
  schedule(tx, `mail:job:${id}`, record, wait);
}

/** Does the jobs that come to be sent. What fails is tried again, like a mail. */
export function jobRunner(
  deps: Deps,
  jobs: Jobs,
): (message: JobMessage) => Promise<Delivery> {
  return async ({ job, given }) => {
    const work = Object.hasOwn(jobs, job) ? jobs[job] : undefined;
    if (!work) return { outcome: "later", error: `this version of the portal has no job ${job}` };
    await work(deps, given as never);
    return { outcome: "sent" };
  };
}
