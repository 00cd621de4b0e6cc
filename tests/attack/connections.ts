/** Connections of an attacker, in a worker of its own: what it does must not delay who watches. */

/** What is sent on each connection, and nothing more after it. */
export interface Connections {
  port: number;
  count: number;
  /** Sent at once. */
  head: string;
  /** Sent one by one, each as a packet of its own. */
  drops?: number;
  /** Seconds between two drops; 0: as fast as they go. */
  every?: number;
}

/** How many are open now, and when the last one was closed by the server (seconds after opening). */
export interface Seen {
  opened: number;
  open: number;
  lastClosed: number;
}

interface WorkerScope {
  onmessage: (event: MessageEvent<Connections>) => void;
  postMessage(message: Seen): void;
}

if ("WorkerGlobalScope" in globalThis) {
  const scope = globalThis as unknown as WorkerScope;
  scope.onmessage = ({ data }) => attack(data, (seen) => scope.postMessage(seen));
}

function attack({ port, count, head, drops = 0, every = 0 }: Connections, tell: (s: Seen) => void) {
  const seen: Seen = { opened: 0, open: 0, lastClosed: 0 };
  const drop = new TextEncoder().encode("a");
  const first = new TextEncoder().encode(head);
  for (let i = 0; i < count; i++) one();
  setInterval(() => tell(seen), 200);

  async function one() {
    let started = performance.now();
    try {
      const connection = await Deno.connect({ port, hostname: "127.0.0.1" });
      connection.setNoDelay(true);
      started = performance.now();
      seen.opened++;
      seen.open++;
      send(connection).catch(() => {});
      const buffer = new Uint8Array(4_096);
      while (await connection.read(buffer) !== null);
      connection.close();
    } catch {
      // Refused or reset: closed too.
    }
    if (seen.open > 0) seen.open--;
    seen.lastClosed = Math.max(seen.lastClosed, (performance.now() - started) / 1_000);
  }

  async function send(connection: Deno.Conn) {
    if (first.length > 0) await connection.write(first);
    for (let i = 0; i < drops; i++) {
      if (every > 0) await new Promise((resolve) => setTimeout(resolve, every * 1_000));
      await connection.write(drop);
    }
  }
}
