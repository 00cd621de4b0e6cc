const WIDTH = 30;
/** Where there is no terminal to redraw a line on, a line is written for every so many percent. */
const PLAIN_STEP = 25;

export interface Progress {
  update(done: number): void;
  /** Leaves the line of an unfinished bar, so that what is written next has its own. */
  end(): void;
}

interface Sink {
  isTerminal(): boolean;
  writeSync(bytes: Uint8Array): number;
}

/**
 * Shows how far a long command is: a bar on a terminal, a few lines of percentages elsewhere.
 *
 * @param label what is being done, e.g. `Lendo`
 * @param total the value of `done` that means 100 %
 */
export function showProgress(label: string, total: number, sink: Sink = Deno.stderr): Progress {
  const terminal = sink.isTerminal();
  const encoder = new TextEncoder();
  let shown = -1;
  return {
    update(done) {
      const percent = total > 0 ? Math.min(100, Math.floor(100 * done / total)) : 100;
      const step = terminal ? 1 : PLAIN_STEP;
      const next = percent - percent % step;
      if (next <= shown) return;
      shown = next;
      const text = terminal ? bar(label, next) : `${label}: ${next}%\n`;
      sink.writeSync(encoder.encode(text));
    },
    end() {
      if (terminal && shown >= 0 && shown < 100) sink.writeSync(encoder.encode("\n"));
    },
  };
}

/** Shows how far a long command is whose end is not known: how much is done. */
export function showCount(label: string, sink: Sink = Deno.stderr): Progress {
  const terminal = sink.isTerminal();
  const encoder = new TextEncoder();
  const step = terminal ? 1_000 : 100_000;
  let shown = 0;
  return {
    update(done) {
      const next = done - done % step;
      if (next <= shown) return;
      shown = next;
      sink.writeSync(
        encoder.encode(`${terminal ? "\r" : ""}${label}: ${next}${terminal ? "" : "\n"}`),
      );
    },
    end() {
      if (terminal && shown > 0) sink.writeSync(encoder.encode("\n"));
    },
  };
}

function bar(label: string, percent: number): string {
  const filled = Math.round(WIDTH * percent / 100);
  const drawn = "█".repeat(filled) + "░".repeat(WIDTH - filled);
  return `\r${label.padEnd(10)} ${drawn} ${String(percent).padStart(3)}%${
    percent === 100 ? "\n" : ""
  }`;
}
