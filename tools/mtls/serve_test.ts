import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { ConfigError } from "@/core/config/mod.ts";
import { readForm } from "@/http/form.ts";
import { makeDoors } from "@/tests/doors/world.ts";
import { serveMtls } from "./serve.ts";

const { clients, root, server: files } = await makeDoors();
const hostname = "127.0.0.1";
const handler = (request: Request) => new Response(`${request.method} ${request.url}`);

const WRONG: [what: string, files: { cert: string; key: string }][] = [
  ["the key of another certificate", { cert: files.cert, key: clients.company.key }],
  ["key and certificate changed over", { cert: files.key, key: files.cert }],
  ["two certificates", { cert: files.cert, key: files.cert }],
  ["empty files", { cert: "", key: "" }],
  ["a damaged key", { cert: files.cert, key: files.key.replace("MII", "AAA") }],
];

for (const [what, wrong] of WRONG) {
  Deno.test(`the start is refused: ${what}`, async () => {
    const error = await assertRejects(
      () => serveMtls(handler, { ...wrong, port: 0, hostname }),
      ConfigError,
    );
    assertStringIncludes(error.message, "TLS_CERT");
  });
}

Deno.test("the start is refused: the port is taken", async () => {
  await using server = await serveMtls(handler, { ...files, port: 0, hostname });
  const { port } = server;
  const error = await assertRejects(
    () => serveMtls(handler, { ...files, port, hostname }),
    ConfigError,
  );
  assertStringIncludes(error.message, String(port));
});

Deno.test("forms are read as on the runtime's own server", async () => {
  const read = async (request: Request) => new Response((await readForm(request)).text("nome"));
  await using server = await serveMtls(read, { ...files, port: 0, hostname });
  using client = Deno.createHttpClient({ caCerts: [root] });
  const data = new FormData();
  data.append("nome", "Íris");
  data.append("arquivo", new File(["x"], "x.txt"));
  for (const body of [data, new URLSearchParams({ nome: "Íris" })]) {
    const request: RequestInit & { client: Deno.HttpClient } = { client, method: "POST", body };
    const response = await fetch(`https://localhost:${server.port}/`, request);
    assertEquals([response.status, await response.text()], [200, "Íris"]);
  }
});

Deno.test("the handler gets the request and the connection", async () => {
  const seen: Deno.ServeHandlerInfo[] = [];
  await using server = await serveMtls(async (request, info) => {
    seen.push(info);
    return new Response(`${request.method} ${request.url} ${await request.text()}`, {
      status: 201,
    });
  }, { ...files, port: 0, hostname });
  using client = Deno.createHttpClient({ caCerts: [root] });
  const request: RequestInit & { client: Deno.HttpClient } = {
    client,
    method: "POST",
    body: "olá",
  };
  const response = await fetch(`https://localhost:${server.port}/a?b=1`, request);
  const url = `https://localhost:${server.port}/a?b=1`;
  assertEquals([response.status, await response.text()], [201, `POST ${url} olá`]);
  const [info] = seen as [Deno.ServeHandlerInfo<Deno.NetAddr>];
  assertEquals(info.remoteAddr.hostname, "127.0.0.1");
  assertEquals("clientCertificate" in info && info.clientCertificate, null);
  await info.completed;
});
