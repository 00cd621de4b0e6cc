import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { readBody } from "@/http/body.ts";
import { listen } from "@/tools/listen/mod.ts";

// Here, where no other tests run beside it in the process: its connections are counted by the descriptors.

const SOON = { look: 50, need: { crowdPatience: 300, fewPatience: 400, fewAtMost: 1_000 } };

/**
 * Answers with whether the body was read, the status that `readBody` refuses it with otherwise; below
 * `/sem-ler/` without reading it.
 */
async function handler(request: Request): Promise<Response> {
  const { pathname } = new URL(request.url);
  if (pathname === "/lento") await new Promise((resolve) => setTimeout(resolve, 1_500));
  const unread = /^\/sem-ler\/(\d+)$/.exec(pathname);
  if (unread) return new Response("a page", { status: Number(unread[1]) });
  const body = await readBody(request, { patience: 200 });
  return new Response("a page", { status: body.ok ? 200 : body.status });
}

function serve() {
  const listener = listen({ port: 0, hostname: "127.0.0.1", handler, ...SOON });
  return { ...listener, [Symbol.asyncDispose]: () => listener.shutdown() };
}

/** Opens a connection, sends the beginning and reads until the server closes it. */
async function hold(port: number, beginning: string): Promise<{ text: string; ms: number }> {
  using connection = await Deno.connect({ port, hostname: "127.0.0.1" });
  const started = performance.now();
  const sending = connection.write(new TextEncoder().encode(beginning)).catch(() => {});
  let text = "";
  try {
    const buffer = new Uint8Array(4_096);
    for (let read; (read = await connection.read(buffer)) !== null;) {
      text += new TextDecoder().decode(buffer.subarray(0, read));
    }
  } catch {
    // Reset: closed too.
  }
  await sending;
  return { text, ms: performance.now() - started };
}

const GET = "GET / HTTP/1.1\r\nHost: localhost\r\n";
const post = (header: string, path = "/") =>
  `POST ${path} HTTP/1.1\r\nHost: localhost\r\n${header}\r\n\r\n`;
/** Half of a body that is answered without reading it. */
const half = (status: number) => post("Content-Length: 1000", `/sem-ler/${status}`) + "abc";

const KINDS: [kind: string, beginning: string, status: string][] = [
  ["nothing sent", " ".slice(1), ""],
  ["half of the headers", GET, ""],
  ["idle after an answer", `${GET}\r\n`, "200"],
  ["half of a body", post("Content-Length: 10") + "abc", "408"],
  ["a body without a length", post("Transfer-Encoding: chunked") + "1\r\na\r\n".repeat(2e4), "411"],
  ["a body that is too long", post("Content-Length: 900000") + "a".repeat(5_000), "413"],
  ["half of a body that a GET has", `${GET}Content-Length: 10\r\n\r\nabc`, "200"],
  ...[403, 404, 405, 503].map((status): [string, string, string] => [
    `half of a body that is not read, ${status}`,
    half(status),
    String(status),
  ]),
];

for (const [kind, beginning, status] of KINDS) {
  Deno.test(`a connection is closed that gives nothing: ${kind}`, async () => {
    await using server = serve();
    const { text, ms } = await hold(server.port, beginning);
    assertEquals(text.split(" ")[1] ?? "", status);
    if (status !== "") assertStringIncludes(text, "a page");
    // The ends of both sides are of this process: one of them counts as idle at once.
    assert(ms < 15_000, `${ms} ms`);
  });
}

Deno.test("while connections are closed, and while a body is half there, others are served", async () => {
  await using server = serve();
  const held = Promise.all(
    Array.from({ length: 100 }, (_, i) => hold(server.port, i % 2 ? GET : KINDS[3]![1])),
  );
  let over = false;
  held.then(() => over = true);
  let answers = 0;
  while (!over) {
    const response = await fetch(`http://127.0.0.1:${server.port}/`);
    assertEquals(await response.text(), "a page");
    answers++;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  assert(answers > 10);
  assertEquals(server.inFlight(), 0);
});

Deno.test("a shutdown finishes what is in flight and takes nothing more", async () => {
  const server = serve();
  const { port } = server;
  const slow = fetch(`http://127.0.0.1:${port}/lento`);
  while (server.inFlight() === 0) await new Promise((resolve) => setTimeout(resolve, 10));
  const closed = server.shutdown();
  assertEquals(await (await slow).text(), "a page");
  await closed;
  await Deno.connect({ port, hostname: "127.0.0.1" }).then(
    (connection) => {
      connection.close();
      throw new Error("still open");
    },
    () => {},
  );
});

Deno.test("a port that is taken is refused, also when another of us has it", async () => {
  await using server = serve();
  const { port } = server;
  assertThrows(
    () => listen({ port, hostname: "127.0.0.1", handler }),
    Deno.errors.AddrInUse,
  );
});

Deno.test("a body that is there but not read: the page comes whole, and the connection goes on", async () => {
  await using server = serve();
  using connection = await Deno.connect({ port: server.port, hostname: "127.0.0.1" });
  for (let i = 0; i < 3; i++) {
    const request = post("Content-Length: 200000", "/sem-ler/404") + "a".repeat(200_000);
    const bytes = new TextEncoder().encode(request);
    for (let at = 0; at < bytes.length;) at += await connection.write(bytes.subarray(at));
    let answer = "";
    const buffer = new Uint8Array(4_096);
    while (!answer.endsWith("a page")) {
      const read = await connection.read(buffer) ?? 0;
      assert(read > 0, answer);
      answer += new TextDecoder().decode(buffer.subarray(0, read));
    }
    assertStringIncludes(answer.toLowerCase(), "content-length: 6");
  }
});

Deno.test("half-sent bodies that are not read do not hold a shutdown", async () => {
  const server = serve();
  const held = [403, 404, 405, 503].map((status) => hold(server.port, half(status)));
  await new Promise((resolve) => setTimeout(resolve, 300));
  const began = performance.now();
  await server.shutdown();
  const ms = performance.now() - began;
  assert(ms < 3_000, `${ms} ms`);
  await Promise.all(held);
});

Deno.test("a body given up, of which a byte still comes, is closed with the next change", async () => {
  const need = { fewPatience: 4_000, fewAtMost: 4_500 };
  const server = listen({ port: 0, hostname: "127.0.0.1", handler, look: 50, need });
  using connection = await Deno.connect({ port: server.port, hostname: "127.0.0.1" });
  const began = performance.now();
  const text = new Response(connection.readable).text().catch(() => "reset");
  const writer = connection.writable.getWriter();
  await writer.write(new TextEncoder().encode(half(404)));
  await new Promise((resolve) => setTimeout(resolve, 2_500));
  await writer.write(new TextEncoder().encode("d"));
  assertStringIncludes(await text, "404");
  const ms = performance.now() - began;
  assert(ms > 3_000 && ms < 15_000, `${ms} ms`);
  await writer.abort().catch(() => {});
  await server.shutdown();
});

Deno.test("with too many connections all go, also those of a server that was changed", async () => {
  const end = Promise.withResolvers<void>();
  const waits = () => end.promise.then(() => new Response("late"));
  const need = { ...SOON.need, most: 20 };
  const server = listen({ port: 0, hostname: "127.0.0.1", handler: waits, look: 50, need });
  let gone = false;
  const slow = hold(server.port, `${GET}\r\n`).then(() => gone = true);
  // Closed by a change of the server.
  await hold(server.port, "");
  assert(!gone);
  await Promise.all([slow, ...Array.from({ length: 20 }, () => hold(server.port, ""))]);
  end.resolve();
  await server.shutdown();
});
