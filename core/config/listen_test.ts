import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { ConfigError, readSettings } from "./mod.ts";

const BASE = {
  HABILITA_ORIGIN: "https://portal.example.br",
  HABILITA_SECRET: crypto.randomUUID(),
  TLS_CERT: "a.crt",
  TLS_KEY: "a.key",
};
const read = (task: "start" | "start:mtls" | "dev", more: Record<string, string> = {}) =>
  readSettings(task, { ...BASE, ...more }).HABILITA_LISTEN;

Deno.test("without the setting the portal is open to this machine alone", () => {
  for (const task of ["start", "start:mtls", "dev"] as const) {
    assertEquals(read(task), "127.0.0.1", task);
  }
});

const OPEN = ["0.0.0.0", "::", "192.0.2.1", "10.0.0.5", "2001:db8::1"];

Deno.test("open to other machines in plain HTTP: only behind a proxy that is declared", () => {
  for (const HABILITA_LISTEN of OPEN) {
    const error = assertThrows(() => read("start", { HABILITA_LISTEN }), ConfigError);
    for (
      const named of [
        `HABILITA_LISTEN (${HABILITA_LISTEN}) `,
        "HABILITA_TRUSTED_PROXIES",
        "HABILITA_PROXY_SECRET",
        "start:mtls",
      ]
    ) {
      assertStringIncludes(error.message, named);
    }
    assertEquals(error.message.includes("\n"), false);
    const declared: [name: string, value: string][] = [
      ["HABILITA_TRUSTED_PROXIES", "10.0.0.1"],
      ["HABILITA_PROXY_SECRET", crypto.randomUUID()],
      ["DENO_DEPLOYMENT_ID", "d1"],
    ];
    for (const [name, value] of declared) {
      assertEquals(read("start", { HABILITA_LISTEN, [name]: value }), HABILITA_LISTEN, name);
    }
    assertEquals(read("start:mtls", { HABILITA_LISTEN }), HABILITA_LISTEN);
  }
  for (const HABILITA_LISTEN of ["127.0.0.1", "127.0.0.2", "::1"]) {
    assertEquals(read("start", { HABILITA_LISTEN }), HABILITA_LISTEN);
  }
});

Deno.test("what is no address is refused", () => {
  for (const HABILITA_LISTEN of ["localhost", "0", "127.1", "0.0.0.0:8000", "[::]", "*"]) {
    assertThrows(
      () => read("start:mtls", { HABILITA_LISTEN }),
      ConfigError,
      "HABILITA_LISTEN deve",
    );
  }
});
