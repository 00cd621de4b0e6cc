import { assertEquals } from "@std/assert";
import { HalfSent } from "../tests/support/half_sent.ts";
import type { StoppingInfo } from "@/http/limits.ts";
import { drainable } from "./drain.ts";

Deno.test("a body that is half received is received to its end before the listener closes", async () => {
  const got: string[] = [];
  const begun = Promise.withResolvers<void>();
  const { handler, drain } = drainable(async (request, info) => {
    if ((info as StoppingInfo).stopping) return new Response(null, { status: 503 });
    begun.resolve();
    got.push(await request.text());
    return new Response("feito");
  });
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, handler);
  const origin = `http://127.0.0.1:${server.addr.port}`;
  const first = await HalfSent.post(origin, "/", "a=1");
  await begun.promise;
  const stopped = drain().then(() => server.shutdown());
  const second = await fetch(origin, { method: "POST", body: "b=2" });
  assertEquals(second.status, 503);
  await second.body?.cancel();
  await first.finish();
  assertEquals((await first.answer()).endsWith("feito"), true);
  await stopped;
  assertEquals(got, ["a=1"]);
});

Deno.test("who breaks off or fails is not waited for", async () => {
  const begun = Promise.withResolvers<void>();
  const { handler, drain } = drainable(async (request) => {
    if (new URL(request.url).pathname === "/falha") throw new Error("falha");
    if (request.method === "GET") {
      const endless = new ReadableStream({ pull: (c) => c.enqueue(new Uint8Array(1_000)) });
      return new Response(endless);
    }
    begun.resolve();
    return new Response(await request.text());
  });
  const onError = () => new Response(null, { status: 500 });
  const options = { hostname: "127.0.0.1", port: 0, onListen: () => {}, onError };
  const server = Deno.serve(options, handler);
  const origin = `http://127.0.0.1:${server.addr.port}`;
  await (await fetch(`${origin}/falha`)).body?.cancel();
  const first = await HalfSent.post(origin, "/", "a=1");
  await begun.promise;
  const stream = (await fetch(origin)).body!.getReader();
  await stream.read();
  const drained = drain();
  first.close();
  await stream.cancel();
  await drained;
  await server.shutdown();
});
