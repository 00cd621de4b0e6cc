import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { ConfigError } from "./mod.ts";
import { readConfig } from "./testing.ts";

const BASE = {
  HABILITA_ORIGIN: "https://portal.example.br",
  HABILITA_SECRET: crypto.randomUUID(),
};
const HEADER = { HABILITA_CLIENT_CERT_HEADER: "rfc9440" };
const TRUSTED = { HABILITA_TRUSTED_PROXIES: "127.0.0.1" };
const SECRET = { HABILITA_PROXY_SECRET: crypto.randomUUID() };

function proxyOf(settings: Record<string, string>) {
  const env: Record<string, string> = { ...BASE, ...settings };
  return readConfig(env).proxy;
}

Deno.test("no setting, no proxy", () => {
  assertEquals(proxyOf({}), null);
  assertEquals(proxyOf({ HABILITA_CLIENT_CERT_HEADER: "", HABILITA_PROXY_SECRET: "" }), null);
});

Deno.test("a proxy is known by its address, by a secret, or by both", () => {
  const byAddress = proxyOf({ ...HEADER, ...TRUSTED })!;
  assertEquals([byAddress.addresses!.has("127.0.0.1"), byAddress.secret], [true, null]);
  const bySecret = proxyOf({ HABILITA_CLIENT_CERT_HEADER: "nginx", ...SECRET })!;
  assertEquals([bySecret.header, bySecret.addresses, bySecret.secret], [
    "nginx",
    null,
    SECRET.HABILITA_PROXY_SECRET,
  ]);
  const byBoth = proxyOf({ ...HEADER, ...TRUSTED, ...SECRET })!;
  assertEquals([byBoth.addresses !== null, byBoth.secret !== null], [true, true]);
});

Deno.test("a proxy that only ends TLS is known for the address it hands on", () => {
  for (const settings of [TRUSTED, SECRET]) assertEquals(proxyOf(settings)!.header, null);
});

Deno.test("the proxy may ask for certificates at another address", () => {
  const origin = "https://certificado.portal.example.br";
  const settings = { ...HEADER, ...TRUSTED, HABILITA_CERTIFICATE_ORIGIN: origin };
  assertEquals(proxyOf(settings)!.origin, origin);
});

const WRONG: [what: string, settings: Record<string, string>, named: string][] = [
  ["a header without a way to know the proxy", HEADER, "HABILITA_TRUSTED_PROXIES"],
  ["another header", { HABILITA_CLIENT_CERT_HEADER: "x-cert", ...TRUSTED }, "CLIENT_CERT_HEADER"],
  [
    "another address for certificates without a header",
    { ...TRUSTED, HABILITA_CERTIFICATE_ORIGIN: "https://certificado.portal.example.br" },
    "HABILITA_CLIENT_CERT_HEADER",
  ],
  ["a name for an address", { ...HEADER, HABILITA_TRUSTED_PROXIES: "proxy" }, "TRUSTED_PROXIES"],
  ["every address", { ...HEADER, HABILITA_TRUSTED_PROXIES: "0.0.0.0/0" }, "TRUSTED_PROXIES"],
  ["a short secret", { ...HEADER, HABILITA_PROXY_SECRET: "s".repeat(31) }, "PROXY_SECRET"],
  [
    "wrong addresses beside a secret",
    { ...HEADER, ...SECRET, HABILITA_TRUSTED_PROXIES: "x" },
    "TRUSTED_PROXIES",
  ],
  [
    "another address without TLS",
    { ...HEADER, ...TRUSTED, HABILITA_CERTIFICATE_ORIGIN: "http://certificado.example.br" },
    "HABILITA_CERTIFICATE_ORIGIN",
  ],
];

for (const [what, settings, named] of WRONG) {
  Deno.test(`the start is refused: ${what}`, () => {
    const error = assertThrows(() => proxyOf(settings), ConfigError);
    assertStringIncludes(error.message, named);
  });
}
