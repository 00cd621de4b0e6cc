/**
 * What `work` gives within `ms` milliseconds, else what `onLate` gives, or throws. The work itself goes on;
 * how it ends is then not told.
 *
 * @example const answer = await within(1_000, ask(), () => null);
 */
export async function within<T, L>(ms: number, work: Promise<T>, onLate: () => L): Promise<T | L> {
  const late = Promise.withResolvers<void>();
  const timer = setTimeout(late.resolve, ms);
  try {
    return await Promise.race([work, late.promise.then(onLate)]);
  } finally {
    clearTimeout(timer);
  }
}
