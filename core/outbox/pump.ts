import type { Portal } from "../portal.ts";
import { drainOutbox, type Send } from "./drain.ts";

/** Drains the outbox whenever it is told that there may be something in it. */
export interface Pump {
  /** Returns at once; calls while a drain runs lead to one more drain after it. */
  kick(): void;
  /** Like `kick`, and resolves when the outbox has been gone through. */
  drain(): Promise<void>;
}

export function createPump(
  portal: Portal,
  send: Send,
  onError: (error: unknown) => void = (error) => console.error("outbox:", error),
): Pump {
  let running: Promise<void> | null = null;
  let again = false;

  async function run(): Promise<void> {
    do {
      again = false;
      try {
        // A message sent may itself be the cause of another one.
        while (await drainOutbox(portal, send) > 0);
      } catch (error) {
        onError(error);
      }
    } while (again);
    running = null;
  }

  function drain(): Promise<void> {
    if (running) again = true;
    else running = run();
    return running!;
  }

  return { kick: () => void drain(), drain };
}
