/** A visitor who asks for the home page again and again, each time on a connection of its own. */
export interface Watch {
  /** Milliseconds of each answer. */
  answers: number[];
  /** The longest time without an answer that ended just now or earlier, in seconds. */
  silence(): number;
  stop(): Promise<void>;
}

/** Answers that take longer than this are not waited for: the visitor asks again. */
const PATIENCE = 120_000;

/** @param pause milliseconds between two requests */
export function watchHome(port: number, pause: number): Watch {
  const answers: number[] = [];
  let last = performance.now();
  let longest = 0;
  let on = true;
  const running = (async () => {
    while (on) {
      const asked = performance.now();
      if (await answersHome(port)) {
        const now = performance.now();
        answers.push(now - asked);
        longest = Math.max(longest, now - last);
        last = now;
      }
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  })();
  return {
    answers,
    silence: () => Math.max(longest, performance.now() - last) / 1_000,
    async stop() {
      on = false;
      await running;
    },
  };
}

async function answersHome(port: number): Promise<boolean> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  try {
    using connection = await Deno.connect({ port, hostname: "127.0.0.1" });
    timer = setTimeout(() => connection.close(), PATIENCE);
    const request = "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    await connection.write(new TextEncoder().encode(request));
    const buffer = new Uint8Array(16_384);
    const read = await connection.read(buffer);
    const start = new TextDecoder().decode(buffer.subarray(0, Math.min(read ?? 0, 15)));
    return start.startsWith("HTTP/1.1 200");
  } catch {
    return false;
  } finally {
    clearTimeout(timer);
  }
}

/** The middle one of some numbers; NaN of none. */
export function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? NaN;
}
