/** Bodies of requests as a server gets them: over HTTP, in the pieces that the sender chose. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { handleWebhook } from "@/bot/webhook.ts";
import { testDeps } from "@/tests/fixtures/deps.ts";
import { readForm } from "@/http/form.ts";
import { testApp } from "../support/app.ts";

const FORM = "Content-Type: application/x-www-form-urlencoded";
const SECRET = "segredo-do-webhook_1";
/** Of an HTTP/1.1 message, before its body. */
const head = (path: string, ...headers: string[]) =>
  [`POST ${path} HTTP/1.1`, "Host: localhost", ...headers, "", ""].join("\r\n");

/** The app on a port, with a page that waits 100 ms for a form. */
async function serveApp() {
  const deps = await testDeps();
  const handle = await testApp(deps, {
    // Updates do not get as far as the bot here.
    telegramWebhook: handleWebhook({} as Parameters<typeof handleWebhook>[0], SECRET),
    extend: (app) =>
      app.post("/lento", async ({ req }) => {
        return new Response((await readForm(req, { patience: 100 })).text("a"));
      }),
  });
  const server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen: () => {} },
    (request, info) => handle(request, info),
  );
  const { port } = server.addr;
  return {
    port,
    origin: `http://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      await server.shutdown();
      deps[Symbol.dispose]();
    },
  };
}

/** Sends these bytes and reads on until the answer's first 4 KiB; the rest may stay unsent. */
async function answerTo(port: number, ...parts: string[]): Promise<string> {
  using connection = await Deno.connect({ port, hostname: "127.0.0.1" });
  const sending = (async () => {
    for (const part of parts) await connection.write(new TextEncoder().encode(part));
  })().catch(() => {});
  const buffer = new Uint8Array(4_096);
  const read = await connection.read(buffer);
  await Promise.race([sending, new Promise((resolve) => setTimeout(resolve, 0))]);
  return new TextDecoder().decode(buffer.subarray(0, read ?? 0));
}

const statusOf = (answer: string) => Number(answer.split(" ")[1]);

Deno.test("20,000 chunks of one byte on each of 10 connections: 411 at once, and the next is served", async () => {
  await using app = await serveApp();
  const chunks = "1\r\na\r\n".repeat(20_000);
  const started = performance.now();
  for (
    const [path, type] of [
      ["/entrar", FORM],
      ["/api/handoff/redeem", FORM],
      ["/api/telegram", `X-Telegram-Bot-Api-Secret-Token: ${SECRET}`],
    ] as const
  ) {
    const request = head(path, type, "Transfer-Encoding: chunked") + chunks;
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => answerTo(app.port, request)),
    );
    assertEquals(answers.map(statusOf), Array(10).fill(411), path);
    const next = await fetch(`${app.origin}/icon.svg`);
    await next.body?.cancel();
    assertEquals(next.status, 200);
  }
  assert(performance.now() - started < 10_000);
});

const REFUSED: [name: string, status: number, title: string, parts: string[]][] = [
  ["no length", 411, "Envio sem tamanho", [
    head("/entrar", FORM, "Transfer-Encoding: chunked"),
    "3\r\na=b\r\n0\r\n\r\n",
  ]],
  ["too long, by what it says", 413, "Envio grande demais", [
    head("/entrar", FORM, "Content-Length: 262145"),
  ]],
  ["slow", 408, "Envio lento demais", [head("/lento", FORM, "Content-Length: 10"), "a=b"]],
];

for (const [name, status, title, parts] of REFUSED) {
  Deno.test(`a body that is refused, ${name}: ${status}, in Portuguese and with every header`, async () => {
    await using app = await serveApp();
    const answer = await answerTo(app.port, ...parts);
    assertEquals(statusOf(answer), status);
    assertStringIncludes(answer, title);
    for (const header of ["content-security-policy: ", "x-frame-options: deny", "no-store"]) {
      assertStringIncludes(answer.toLowerCase(), header);
    }
  });
}

Deno.test("a body of the greatest length is read, in whatever pieces it comes", async () => {
  await using app = await serveApp();
  const value = "x".repeat(256 * 1024 - 2);
  const response = await fetch(`${app.origin}/lento`, {
    method: "POST",
    body: new URLSearchParams({ a: value }),
  });
  assertEquals([response.status, (await response.text()).length], [200, value.length]);
  const bytes = [..."a=b"];
  const answer = await answerTo(app.port, head("/lento", FORM, "Content-Length: 3"), ...bytes);
  assertEquals(statusOf(answer), 200);
});

Deno.test("a sender that breaks off leaves the server as it was", async () => {
  await using app = await serveApp();
  const connection = await Deno.connect({ port: app.port, hostname: "127.0.0.1" });
  const broken = head("/entrar", FORM, "Content-Length: 10") + "a=b";
  await connection.write(new TextEncoder().encode(broken));
  connection.close();
  const next = await fetch(`${app.origin}/icon.svg`);
  await next.body?.cancel();
  assertEquals(next.status, 200);
});
