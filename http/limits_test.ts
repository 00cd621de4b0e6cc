import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { App } from "fresh";
import { Overloaded, type OverloadKind } from "@/core/overloaded.ts";
import { readBody } from "./body.ts";
import { MaintenanceError } from "@/core/store/transact.ts";
import { limits, type RequestBounds, type StoppingInfo } from "./limits.ts";
import type { State } from "./state.ts";
import { asSent } from "./testing.ts";

/** An app with a page that ends when it is told, one that reads a body, and one that finds no room. */
function appWith(bounds: RequestBounds) {
  const ends: (() => void)[] = [];
  const handle = new App<State>()
    .use(limits(bounds))
    // As routes/_error.tsx: without a page of errors the framework logs what is thrown.
    .onError("*", () => new Response("error", { status: 500 }))
    .all("/lento", async () => {
      await new Promise<void>((resolve) => ends.push(resolve));
      return new Response("done");
    })
    .post("/corpo", async ({ req }) => {
      const { ok } = await readBody(req, { patience: 300 });
      return new Response(null, { status: ok ? 200 : 408 });
    })
    .all("/api/cheio", () => {
      throw new Overloaded("passwords");
    })
    .all("/saude/vivo", () => new Response("vivo"))
    .all("/api/manutencao", () => {
      throw new MaintenanceError();
    })
    .all("/cheio/:kind", ({ params }) => {
      throw new Overloaded(params.kind as OverloadKind);
    })
    .handler();
  const ask = async (path: string, init?: RequestInit) =>
    await handle(await asSent(new Request(`http://localhost${path}`, init)));
  return { ask, handle, end: () => ends.splice(0).forEach((one) => one()), ends };
}

async function isTurnedAway(response: Response, text: string): Promise<void> {
  assertEquals(response.status, 503);
  assert(Number(response.headers.get("retry-after")) > 0);
  assertEquals(response.headers.get("cache-control"), "no-store");
  const html = await response.text();
  assertStringIncludes(html, "O portal está ocupado");
  assertStringIncludes(html, text);
}

Deno.test("requests beyond those that may be in the portal: 503 at once, until one ends", async () => {
  const app = appWith({ most: 2 });
  const first = [app.ask("/lento"), app.ask("/lento")];
  while (app.ends.length < 2) await new Promise((resolve) => setTimeout(resolve, 1));
  await isTurnedAway(await app.ask("/lento"), "pedidos demais");
  app.end();
  for (const response of await Promise.all(first)) assertEquals(await response.text(), "done");
  const next = app.ask("/lento");
  while (app.ends.length < 1) await new Promise((resolve) => setTimeout(resolve, 1));
  app.end();
  assertEquals((await next).status, 200);
});

Deno.test("work that is late: 503, and its place is free only when it ends", async () => {
  const app = appWith({ most: 1, deadline: 50 });
  await isTurnedAway(await app.ask("/lento"), "confira antes de repetir");
  await isTurnedAway(await app.ask("/lento"), "pedidos demais");
  app.end();
  await new Promise((resolve) => setTimeout(resolve, 1));
  await isTurnedAway(await app.ask("/lento"), "não terminou a tempo");
  app.end();
});

Deno.test("a body that is waited for takes no place and no time of the work", async () => {
  const app = appWith({ most: 1, deadline: 100 });
  const slow = Array.from({ length: 5 }, () => {
    const body = new ReadableStream();
    const headers = { "content-length": "5" };
    return app.handle(new Request("http://localhost/corpo", { method: "POST", headers, body }));
  });
  await new Promise((resolve) => setTimeout(resolve, 10));
  assertEquals((await app.ask("/corpo", { method: "POST", body: "a" })).status, 200);
  for (const response of await Promise.all(slow)) assertEquals(response.status, 408);
});

/** Waits for a body that does not come. @returns milliseconds until it was given up */
async function waitInVain(patience: number): Promise<number> {
  const started = performance.now();
  const headers = { "content-length": "5" };
  const body = new ReadableStream();
  const request = new Request("http://localhost/", { method: "POST", headers, body });
  const read = await readBody(request, { patience });
  assert(!read.ok && read.status === 408);
  return performance.now() - started;
}

Deno.test("in a crowd of bodies that do not come the one waited for longest is given up", async () => {
  const crowd = Array.from({ length: 256 }, () => waitInVain(4_000));
  await new Promise((resolve) => setTimeout(resolve, 2_100));
  const later = [waitInVain(500), waitInVain(500)];
  const given = (await Promise.all(crowd)).map((ms) => ms < 3_900);
  assertEquals(given.map((early, i) => early ? i : -1).filter((i) => i >= 0), [0, 1]);
  for (const ms of await Promise.all(later)) assert(ms >= 499);
});

Deno.test("bodies that all come at once are no such crowd, up to 1,024", async () => {
  const all = await Promise.all(Array.from({ length: 1_026 }, () => waitInVain(1_000)));
  assertEquals(all.filter((ms) => ms < 900).length, 2);
});

Deno.test("what finds no room further in is turned away with its own words, a script in JSON", async () => {
  const app = appWith({});
  await isTurnedAway(await app.ask("/cheio/passwords"), "entrando ao mesmo tempo");
  await isTurnedAway(await app.ask("/cheio/store"), "ler ou guardar os dados");
  const response = await app.ask("/api/cheio", { method: "POST" });
  assertEquals([response.status, response.headers.get("retry-after")], [503, "5"]);
  const { code, message } = await response.json();
  assertEquals(code, "overloaded");
  assertStringIncludes(message, "entrando ao mesmo tempo");
});

Deno.test("what comes during a stop is not worked on, except whether the process lives", async () => {
  const app = appWith({ most: 0 });
  const remoteAddr = { transport: "tcp", hostname: "127.0.0.1", port: 1 } as const;
  const info: StoppingInfo = { remoteAddr, completed: Promise.resolve(), stopping: true };
  const ask = (path: string) => app.handle(new Request(`http://localhost${path}`), info);
  const page = await ask("/lento");
  const { headers } = page;
  assertEquals(
    [page.status, headers.get("retry-after"), headers.get("connection")],
    [503, "5", "close"],
  );
  assertStringIncludes(await page.text(), "<h1>O portal está reiniciando</h1>");
  assertEquals((await (await ask("/api/cheio")).json()).code, "stopping");
  assertEquals((await ask("/saude/vivo")).status, 200);
});

Deno.test("in maintenance a script is told so in JSON", async () => {
  const response = await appWith({}).ask("/api/manutencao", { method: "POST" });
  assertEquals([response.status, response.headers.get("retry-after")], [503, "120"]);
  const { code, message } = await response.json();
  assertEquals(code, "maintenance");
  assertStringIncludes(message, "não foi gravado");
});
