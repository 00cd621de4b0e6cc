export interface WorkerOptions {
  /** File of the store. */
  store: string;
  apiRoot: string;
  token: string;
  /** File that takes a line for each mail: address, tab, subject. */
  mails: string;
  /** When the common clock was started, in real milliseconds. */
  base: number;
}

const SPEED = 20;

/** A clock that all processes of a run share. */
export function clockFrom(base: number): () => number {
  return () => Math.floor(base + (Date.now() - base) * SPEED);
}
