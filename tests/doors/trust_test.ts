import { assertEquals, assertStringIncludes } from "@std/assert";
import { parseAddressList } from "@/core/address_list.ts";
import { certificateMessages } from "@/core/certificate/messages.ts";
import type { ProxyConfig } from "@/core/config/mod.ts";
import type { TlsServeInfo } from "@/http/certificate.ts";
import { BUTTON, forgedHeaders } from "./attacks.ts";
import { doorPortal, makeDoors, PROXY_SECRET, proxyConfig } from "./world.ts";

const doors = await makeDoors();
/** As a proxy writes them, or somebody who would like to be one. */
const headers = forgedHeaders(doors);
const without = (...names: string[]) => headers.filter(([name]) => !names.includes(name));
const secretIs = (value: string) =>
  [...without("habilita-proxy-secret"), ["habilita-proxy-secret", value]] as typeof headers;

const peer = (hostname: string): Deno.ServeHandlerInfo => ({
  remoteAddr: { transport: "tcp", hostname, port: 1 },
  completed: Promise.resolve(),
});
const LOCAL = peer("127.0.0.1");

interface Attempt {
  proxy: ProxyConfig | null;
  info?: Deno.ServeHandlerInfo;
  headers?: [string, string][];
  host?: string;
}

/** Opens the certificate door and posts the button: is it offered, and what comes of it? */
async function attempt({ proxy, info = LOCAL, headers: sent = headers, host }: Attempt) {
  using app = await doorPortal(doors, proxy);
  const base = `http://${host ?? "localhost:8000"}`;
  const page = await app.handle(new Request(`${base}/certificado`, { headers: sent }), info);
  const cookie = page.headers.get("set-cookie")!.split(";")[0]!;
  const html = await page.text();
  const answer = await app.handle(
    new Request(`${base}/certificado/navegador`, {
      method: "POST",
      headers: [...sent, ["cookie", cookie]],
    }),
    info,
  );
  const error = /role="alert">([^<]*)</.exec(await answer.text())?.[1]?.trim() ?? null;
  return { html, offered: html.includes(BUTTON), error, location: answer.headers.get("location") };
}

async function assertEnters(request: Attempt): Promise<void> {
  const { error, location, offered } = await attempt(request);
  assertEquals({ error, location, offered }, {
    error: null,
    location: "/primeiro-acesso",
    offered: true,
  });
}

async function assertRefused(
  request: Attempt,
  code: keyof typeof certificateMessages,
): Promise<void> {
  const { error, location, offered } = await attempt(request);
  assertEquals({ error, location }, { error: certificateMessages[code], location: null });
  assertEquals(offered, code !== "client_cert_door_closed");
}

const byAddress = proxyConfig({ secret: null });
const bySecret = proxyConfig({ addresses: null });
const both = proxyConfig();

Deno.test("the header of a known proxy is believed", async () => {
  await assertEnters({ proxy: byAddress, headers: without("habilita-proxy-secret") });
  await assertEnters({ proxy: byAddress, info: peer("::ffff:127.0.0.1") });
  await assertEnters({ proxy: bySecret, info: peer("203.0.113.9") });
  await assertEnters({ proxy: both });
  await assertEnters({ proxy: proxyConfig({ header: "nginx" }) });
});

const UNKNOWN: [what: string, Attempt][] = [
  ["no proxy is configured", { proxy: null }],
  ["another address", { proxy: byAddress, info: peer("127.0.0.2") }],
  ["another address with the secret", { proxy: both, info: peer("203.0.113.9") }],
  ["a socket file", {
    proxy: byAddress,
    info: { ...LOCAL, remoteAddr: { transport: "unix", path: "/run/x" } as Deno.UnixAddr },
  }],
  ["no secret", { proxy: bySecret, headers: without("habilita-proxy-secret") }],
  ["an empty secret", { proxy: bySecret, headers: secretIs("") }],
  ["another secret", { proxy: bySecret, headers: secretIs(PROXY_SECRET.replace("u", "U")) }],
  ["a part of the secret", { proxy: bySecret, headers: secretIs(PROXY_SECRET.slice(0, -1)) }],
  ["more than the secret", { proxy: bySecret, headers: secretIs(PROXY_SECRET + "x") }],
  ["the secret twice", {
    proxy: bySecret,
    headers: [...headers, ["habilita-proxy-secret", PROXY_SECRET]],
  }],
  ["the address without the secret", { proxy: both, headers: without("habilita-proxy-secret") }],
];

for (const [what, request] of UNKNOWN) {
  Deno.test(`the headers are ignored: ${what}`, async () => {
    await assertRefused(request, "client_cert_door_closed");
  });
}

Deno.test("over a real connection, a peer that is not the proxy is ignored", async () => {
  const elsewhere = proxyConfig({ addresses: parseAddressList("127.0.0.2, ::2") });
  using app = await doorPortal(doors, elsewhere);
  await using server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen: () => {} },
    app.handle,
  );
  const base = `http://127.0.0.1:${server.addr.port}`;
  const page = await fetch(`${base}/certificado`, { headers });
  assertEquals((await page.text()).includes(BUTTON), false);
  const cookie = page.headers.get("set-cookie")!.split(";")[0]!;
  const answer = await fetch(`${base}/certificado/navegador`, {
    method: "POST",
    headers: [...headers, ["cookie", cookie]],
  });
  assertEquals(answer.status, 422);
  assertStringIncludes(await answer.text(), certificateMessages.client_cert_door_closed);
});

Deno.test("of a known proxy only the configured header counts", async () => {
  await assertRefused(
    { proxy: both, headers: without("client-cert", "client-cert-chain") },
    "client_cert_missing",
  );
  const nginx = proxyConfig({ header: "nginx" });
  await assertRefused({ proxy: nginx, headers: without("ssl-client-cert") }, "client_cert_missing");
});

Deno.test("what is wrong with the header of a known proxy is said", async () => {
  const rest = without("client-cert", "client-cert-chain");
  const cases: [string, keyof typeof certificateMessages][] = [
    ["::", "client_cert_empty"],
    ["MIIB", "client_cert_not_bytes"],
    [":MI%B:", "client_cert_not_base64"],
    [":MIIB:", "client_cert_not_certificate"],
    [":MIIB:, :MIIB:", "client_cert_repeated"],
  ];
  for (const [value, code] of cases) {
    await assertRefused({ proxy: both, headers: [...rest, ["client-cert", value]] }, code);
  }
});

Deno.test("a server that ends TLS itself hears no header", async () => {
  const info: TlsServeInfo = { ...LOCAL, clientCertificate: null };
  await assertRefused({ proxy: both, info }, "client_cert_missing");
  await assertRefused({ proxy: null, info }, "client_cert_missing");
});

Deno.test("certificates are asked for at another address: a link leads there", async () => {
  const proxy = proxyConfig({ origin: "https://certificado.portal.example.br" });
  const { html } = await attempt({ proxy });
  assertStringIncludes(html, 'href="https://certificado.portal.example.br/certificado"');
  assertEquals(html.includes('action="/certificado/navegador"'), false);
  const there = { proxy, host: "certificado.portal.example.br" };
  assertStringIncludes((await attempt(there)).html, 'action="/certificado/navegador"');
  await assertEnters(there);
});
