/**
 * A load generator for one machine: few connections, requests in batches (HTTP/1.1 pipelining), and
 * no more parsing than counting answers, so that the server is what is measured.
 */
const CONNECTIONS = 8;
const BATCH = 16;

/** Answers a second of `GET path` at a server on this machine, over `ms` milliseconds. */
export async function requestsPerSecond(port: number, path: string, ms: number): Promise<number> {
  const started = performance.now();
  const until = started + ms;
  const counts = await Promise.all(
    Array.from({ length: CONNECTIONS }, () => hammer(port, path, until)),
  );
  const seconds = (performance.now() - started) / 1_000;
  return counts.reduce((sum, count) => sum + count, 0) / seconds;
}

async function hammer(port: number, path: string, until: number): Promise<number> {
  using connection = await Deno.connect({ hostname: "127.0.0.1", port });
  const request = `GET ${path} HTTP/1.1\r\nHost: localhost:${port}\r\n\r\n`;
  const batch = new TextEncoder().encode(request.repeat(BATCH));
  const buffer = new Uint8Array(256 * 1024);
  const text = new TextDecoder("latin1");
  let answered = 0;
  let tail = "";
  while (performance.now() < until) {
    await connection.write(batch);
    for (let waiting = BATCH; waiting > 0;) {
      const read = await connection.read(buffer);
      if (read === null) throw new Error("the server closed the connection");
      const chunk = tail + text.decode(buffer.subarray(0, read));
      const found = chunk.split("HTTP/1.1 200 OK").length - 1;
      if (/HTTP\/1\.1 [345]/.test(chunk)) throw new Error(`${path} does not answer with 200`);
      waiting -= found;
      answered += found;
      // A status line may be cut in two by the border of a read.
      tail = chunk.slice(-"HTTP/1.1 200 OK".length + 1);
    }
    // The rest of the last answer's body is read with the next batch.
  }
  return answered;
}
