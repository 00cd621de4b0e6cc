const PAUSE = 25;

/**
 * Waits long unless told: with faults in 30 % of calls one message in some 50,000 fails nine times
 * running, and is then left alone for three quarters of an hour of the portal's clock.
 *
 * @throws {Error} when the probe did not say yes in that time
 */
export async function until(
  probe: () => boolean | Promise<boolean>,
  seconds = 1_800,
): Promise<void> {
  for (const end = Date.now() + seconds * 1_000; !await probe();) {
    if (Date.now() > end) throw new Error(`not done within ${seconds} s`);
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
  }
}
