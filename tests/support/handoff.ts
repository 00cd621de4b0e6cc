import { seedRegistries, systemsAt, type TestDeps } from "@/tests/fixtures/mod.ts";
import { createOutboxWorker } from "@/core/outbox/worker.ts";
import { type CadsusServer, startCadsus } from "@/tools/dev/cadsus.ts";
import { testApp } from "./app.ts";

/** The portal and a target system, each a server of its own, with the clock of the portal. */
export interface TwoOrigins extends AsyncDisposable {
  deps: TestDeps;
  cadsus: CadsusServer;
  /** Another target system at yet another origin. */
  other: CadsusServer;
  /** Starts one that has not fetched the portal's keys yet. */
  start(): CadsusServer;
}

export async function startTwoOrigins(): Promise<TwoOrigins> {
  let handle: Deno.ServeHandler = () => new Response(null, { status: 503 });
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    (request, info) => handle(request, info),
  );
  const origin = `http://127.0.0.1:${server.addr.port}`;
  const started: CadsusServer[] = [];
  const start = (now = () => deps.now()) => {
    const one = startCadsus(origin, now);
    started.push(one);
    return one;
  };
  const cadsus = start();
  const deps: TestDeps = await seedRegistries({ origin, systems: systemsAt(cadsus.address) });
  const outbox = createOutboxWorker(
    deps,
    () => Promise.resolve({ outcome: "later", error: "test" }),
  );
  handle = await testApp(deps, { outbox });
  return {
    deps,
    cadsus,
    other: start(),
    start,
    async [Symbol.asyncDispose]() {
      await Promise.all([...started.map((one) => one.close()), server.shutdown()]);
      await outbox.close();
      deps[Symbol.dispose]();
    },
  };
}

/** What a target system does with a form: `in`, or the code of its refusal. */
export async function arrive(
  { address }: CadsusServer,
  form: Record<string, string>,
  origin: string | null = null,
): Promise<string> {
  const response = await fetch(address, {
    method: "POST",
    body: new URLSearchParams(form),
    headers: origin === null ? {} : { origin },
    redirect: "manual",
  });
  const text = await response.text();
  if (response.status === 303) return "in";
  return /<code>(\w+)<\/code>/.exec(text)?.[1] ?? `status ${response.status}`;
}
