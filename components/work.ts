import { useState } from "preact/hooks";

/** For islands that work step by step: one step at a time, and what went wrong in the last one. */
export function useWork() {
  const [error, setError] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);

  /**
   * Runs a step of work, which answers what is wrong, or null. `failure` is what is said when it
   * breaks off unexpectedly.
   */
  async function work(failure: string, step: () => Promise<string | null>) {
    if (busy) return;
    setBusy(true);
    setError(null);
    try {
      setError(await step());
    } catch (cause) {
      console.error(cause);
      setError(failure);
    }
    setBusy(false);
  }

  return { busy, error, setError, work };
}

export type Work = ReturnType<typeof useWork>;
