import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { ConfigError } from "./mod.ts";
import { readConfig } from "./testing.ts";

const BASE = {
  HABILITA_ORIGIN: "https://portal.example.br",
  HABILITA_SECRET: crypto.randomUUID(),
};
const CNS = { HABILITA_CNS_URL: "https://cns.example.br/qualidade", HABILITA_CNS_TOKEN: "t" };

function cnsOf(settings: Record<string, string>) {
  const env: Record<string, string> = { ...BASE, ...settings };
  return readConfig(env).cns;
}

Deno.test("without an address nobody is asked", () => {
  assertEquals(cnsOf({}), null);
  assertEquals(cnsOf({ ...CNS, HABILITA_CNS_URL: "" }), null);
});

Deno.test("an address with TLS, or one of this machine", () => {
  assertEquals(cnsOf(CNS), { url: CNS.HABILITA_CNS_URL, token: "t" });
  const local = "http://127.0.0.1:8100/q";
  assertEquals(cnsOf({ ...CNS, HABILITA_CNS_URL: local })?.url, local);
});

Deno.test("what is wrong stops the start, and is named", () => {
  const addresses = [
    "cns.example.br",
    "http://cns.example.br/",
    "ftp://localhost/",
    "https://portal:senha@cns.example.br/",
  ];
  const wrong = addresses.map((url) => ({ ...CNS, HABILITA_CNS_URL: url }));
  for (const settings of wrong) {
    const error = assertThrows(() => cnsOf(settings), ConfigError);
    assertStringIncludes((error as Error).message, "HABILITA_CNS_URL");
  }
  const error = assertThrows(() => cnsOf({ ...CNS, HABILITA_CNS_TOKEN: "" }), ConfigError);
  assertStringIncludes((error as Error).message, "HABILITA_CNS_TOKEN");
});
