/** Connections that hold `start:mtls`: each kind is closed, while others are served. */
import { assert, assertEquals } from "@std/assert";
import { connect as connectTcp } from "node:net";
import { connect as connectTls } from "node:tls";
import type { Duplex } from "node:stream";
import { readBody } from "@/http/body.ts";
import { serveMtls } from "@/tools/mtls/serve.ts";
import { makeDoors } from "./world.ts";

const doors = await makeDoors();
const bounds = {
  handshake: 600,
  headers: 800,
  request: 1_500,
  keepAlive: 700,
  connections: 8,
};

async function serve() {
  return await serveMtls(
    async (request) => new Response(String((await readBody(request)).ok)),
    { ...doors.server, port: 0, hostname: "127.0.0.1" },
    bounds,
  );
}

/** What comes until the server closes, and after how many milliseconds it does. */
async function untilClosed(stream: Duplex): Promise<{ text: string; ms: number }> {
  const started = performance.now();
  let text = "";
  stream.on("data", (bytes) => text += bytes);
  stream.on("error", () => {});
  await new Promise((resolve) => stream.once("close", resolve));
  return { text, ms: performance.now() - started };
}

const tls = (port: number) => connectTls({ port, host: "127.0.0.1", rejectUnauthorized: false });

const GET = "GET / HTTP/1.1\r\nHost: localhost\r\n";
const POST = "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\nabc";

const KINDS: [kind: string, open: (port: number) => Duplex, most: number][] = [
  [
    "a connection without a handshake",
    (port) => connectTcp(port, "127.0.0.1"),
    bounds.handshake,
  ],
  ["half of the headers", (port) => send(tls(port), GET), bounds.headers],
  ["half of a body", (port) => send(tls(port), POST), bounds.request],
  ["a connection that was answered", (port) => send(tls(port), `${GET}\r\n`), bounds.keepAlive],
];

function send(stream: Duplex, text: string): Duplex {
  stream.write(text);
  return stream;
}

for (const [kind, open, most] of KINDS) {
  Deno.test(`start:mtls closes in time: ${kind}`, async () => {
    await using server = await serve();
    const closed = await untilClosed(open(server.port));
    assert(closed.ms > most / 2 && closed.ms < most + 3_000, `${kind}: ${closed.ms} ms`);
  });
}

Deno.test("start:mtls: over the number of connections the next is closed at once, and later served", async () => {
  await using server = await serve();
  const held = Array.from(
    { length: bounds.connections },
    () => connectTcp(server.port, "127.0.0.1"),
  );
  const closings = held.map(untilClosed);
  await Promise.all(held.map((one) => new Promise((resolve) => one.once("connect", resolve))));
  const next = await untilClosed(tls(server.port));
  assert(next.ms < bounds.handshake / 2, `${next.ms} ms`);
  await Promise.all(closings);
  const { text } = await untilClosed(send(tls(server.port), `${GET}\r\n`));
  assertEquals(text.split("\r\n")[0], "HTTP/1.1 200 OK");
});
