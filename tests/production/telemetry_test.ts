import { assert, assertEquals, assertMatch } from "@std/assert";
import { people } from "@/tools/sample/people.ts";
import { freePort, root, untilAnswers } from "../support/portal.ts";

const { cpf, email } = people.fabio;

/** What an OpenTelemetry collector is sent over HTTP: the path and the JSON of each call. */
function startCollector():
  & { port: number; calls: [path: string, body: string][] }
  & AsyncDisposable {
  const calls: [string, string][] = [];
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, async (request) => {
    calls.push([new URL(request.url).pathname, await request.text()]);
    return Response.json({});
  });
  return { port: server.addr.port, calls, [Symbol.asyncDispose]: () => server.shutdown() };
}

Deno.test("the log and what a collector is sent: routes, times and trips, no data of a person", async () => {
  await using collector = startCollector();
  const data = await Deno.makeTempDir({ prefix: "habilita-telemetry-" });
  const port = freePort();
  const secret = crypto.randomUUID();
  const child = new Deno.Command(Deno.execPath(), {
    args: ["task", "--quiet", "start"],
    cwd: root,
    env: {
      PORT: String(port),
      HABILITA_DATA: data,
      HABILITA_ORIGIN: `http://localhost:${port}`,
      HABILITA_SECRET: secret,
      OTEL_DENO: "true",
      OTEL_DENO_TRACING: "false",
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${collector.port}`,
      OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
      OTEL_METRIC_EXPORT_INTERVAL: "500",
    },
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const output = child.output();
  const origin = `http://localhost:${port}`;
  try {
    await untilAnswers(`${origin}/entrar`);
    const headers = { origin, "x-request-id": "balancer-00042" };
    const body = new URLSearchParams({ login: cpf, senha: "Errada#2026" });
    const answer = await fetch(`${origin}/entrar?de=/${cpf}`, { method: "POST", headers, body });
    await answer.body?.cancel();
    assertEquals(answer.headers.get("x-request-id"), "balancer-00042");
    for (const path of [`/desfazer-email?e=${email}`, `/${cpf}`]) {
      await (await fetch(origin + path)).body?.cancel();
    }
    const deadline = Date.now() + 20_000;
    const sent = () => collector.calls.map(([, text]) => text).join("\n");
    while (!sent().includes("habilita.store.trips") && Date.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    assert(/"http\.server\.request\.duration"/.test(sent()), "no durations");
    assert(sent().includes("habilita.store.trips"), "no trips");
  } finally {
    child.kill("SIGTERM");
    await child.status;
    await Deno.remove(data, { recursive: true });
  }
  const { stdout, stderr } = await output;
  const [out, err] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes)) as [
    string,
    string,
  ];
  const entries = out.split("\n").filter((line) => line.startsWith("{")).map((line) =>
    JSON.parse(line)
  );
  const post = entries.find(({ request }) => request === "balancer-00042");
  const { event, method, route, status, ms, trips } = post;
  assertEquals([event, method, route, status], ["request", "POST", "/entrar", 422]);
  assert(ms > 0 && trips > 0, JSON.stringify(post));
  const missing = entries.filter(({ status }) => status === 404);
  assertEquals(missing.map(({ route }) => route), [null]);
  assertMatch(out, /"route":"\/desfazer-email"/);
  assertEquals(
    collector.calls.map(([path]) => path).filter((path) => !/^\/v1\/(metrics|logs)$/.test(path)),
    [],
  );
  for (const text of [out, err, ...collector.calls.map(([, text]) => text)]) {
    for (const secretText of [cpf, email, secret, "Errada"]) {
      assert(!text.includes(secretText), text.slice(0, 3_000));
    }
  }
});
