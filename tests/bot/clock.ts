export interface WorkerOptions {
  /** File of the store. */
  store: string;
  apiRoot: string;
  token: string;
  /** File that takes a line for each mail: address, subject and portal time, with tabs between. */
  mails: string;
  /** When the common clock was started, in real milliseconds. */
  base: number;
  /** How much faster than the real one that clock goes. */
  speed: number;
  /** Where the webhook is served; null for long polling. */
  port: number | null;
  /** Keep to the pace that Telegram asks for? */
  paced: boolean;
}

export const WEBHOOK_SECRET = "segredo-do-webhook_1";

/** A clock that all processes of a run share. */
export function clockFrom({ base, speed }: Pick<WorkerOptions, "base" | "speed">): () => number {
  return () => Math.floor(base + (Date.now() - base) * speed);
}
