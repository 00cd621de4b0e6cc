const PAUSE = 25;

/** @throws {Error} when the probe did not say yes in that time */
export async function until(
  probe: () => boolean | Promise<boolean>,
  seconds = 900,
): Promise<void> {
  for (const end = Date.now() + seconds * 1_000; !await probe();) {
    if (Date.now() > end) throw new Error(`not done within ${seconds} s`);
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
  }
}
