import { assert, assertEquals } from "@std/assert";
import { showProgress } from "./progress.ts";

function recorder(terminal: boolean) {
  const written: string[] = [];
  return {
    written,
    isTerminal: () => terminal,
    writeSync(bytes: Uint8Array) {
      written.push(new TextDecoder().decode(bytes));
      return bytes.length;
    },
  };
}

Deno.test("without a terminal a few lines are written, without control characters", () => {
  const sink = recorder(false);
  const progress = showProgress("Lendo", 1000, sink);
  for (let done = 0; done <= 1000; done++) progress.update(done);
  assertEquals(sink.written, ["0%", "25%", "50%", "75%", "100%"].map((p) => `Lendo: ${p}\n`));
});

Deno.test("on a terminal one line is redrawn, and ended at 100 %", () => {
  const sink = recorder(true);
  const progress = showProgress("Lendo", 1000, sink);
  for (let done = 0; done <= 1000; done++) progress.update(done);
  assertEquals(sink.written.length, 101);
  assert(sink.written.every((text) => text.startsWith("\rLendo")));
  assertEquals(sink.written.filter((text) => text.endsWith("\n")).length, 1);
  assert(sink.written.at(-1)!.endsWith("100%\n"));
});

Deno.test("only an unfinished bar has a line to leave", () => {
  for (
    const [terminal, done, ends] of [[true, 5, 1], [true, 10, 0], [false, 5, 0]] as const
  ) {
    const sink = recorder(terminal);
    const progress = showProgress("A", 10, sink);
    progress.end();
    assertEquals(sink.written, []);
    progress.update(done);
    progress.end();
    assertEquals(sink.written.slice(1), Array(ends).fill("\n"));
  }
});

Deno.test("more than the total and a total of nothing are 100 %", () => {
  const sink = recorder(false);
  showProgress("A", 10, sink).update(11);
  showProgress("B", 0, sink).update(0);
  assertEquals(sink.written, ["A: 100%\n", "B: 100%\n"]);
});
