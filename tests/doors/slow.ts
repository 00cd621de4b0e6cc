import { assert, assertEquals } from "@std/assert";
import { connect } from "node:tls";
import { TlsVisitor } from "./visitor.ts";
import type { Doors } from "./world.ts";

const GET = "GET / HTTP/1.1\r\nHost: localhost\r\n";
const FORM = "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 100\r\n";
const KINDS = {
  "slow headers": GET,
  "a slow body": `POST /entrar HTTP/1.1\r\nHost: localhost\r\n${FORM}\r\ncpf=`,
  "idle after an answer": `${GET}\r\n`,
};

/** Seconds: what the files promise, and what a busy machine adds. */
const MOST = 50;

/** Seconds until a server closes a connection on which no more than this is sent. */
function untilClosed(port: number, text: string): Promise<number> {
  const started = performance.now();
  return new Promise((resolve) => {
    const socket = connect({
      port,
      host: "127.0.0.1",
      servername: "localhost",
      rejectUnauthorized: false,
    });
    const timer = setTimeout(() => socket.destroy(), (MOST + 10) * 1_000);
    socket.on("data", () => {});
    socket.on("error", () => {});
    socket.write(text);
    // One who drops a letter now and then must not be borne longer than one who is silent.
    const drops = text.endsWith("\r\n") && !text.endsWith("\r\n\r\n")
      ? setInterval(() => socket.write("x"), 2_000)
      : undefined;
    socket.on("close", () => {
      clearTimeout(timer);
      clearInterval(drops);
      resolve((performance.now() - started) / 1_000);
    });
  });
}

/** Twenty connections of each kind that give nothing: all closed in time, others served meanwhile. */
export async function trySlow(t: Deno.TestContext, doors: Doors, port: number): Promise<void> {
  await t.step("connections that give nothing are closed, others are served", async () => {
    const kinds = Object.entries(KINDS).map(async ([kind, text]) => {
      const all = await Promise.all(Array.from({ length: 20 }, () => untilClosed(port, text)));
      return [kind, Math.max(...all)] as const;
    });
    using visitor = new TlsVisitor(doors, `https://localhost:${port}`);
    assertEquals((await visitor.get("/", "")).status, 200);
    for (const [kind, seconds] of await Promise.all(kinds)) {
      console.log(`    ${kind}: closed after ${seconds.toFixed(1)} s`);
      assert(seconds < MOST, `${kind}: ${seconds} s`);
    }
  });
}
