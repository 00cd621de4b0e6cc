/**
 * Passes bytes on and tells how many there have been, once each piece has been dealt with. `onBytes`
 * is waited for, so that whoever shows the progress sets the pace.
 */
export async function* counted(
  bytes: AsyncIterable<Uint8Array>,
  onBytes: (count: number) => Promise<void> | void,
): AsyncGenerator<Uint8Array, void, void> {
  let count = 0;
  for await (const chunk of bytes) {
    yield chunk;
    count += chunk.length;
    await onBytes(count);
  }
}
