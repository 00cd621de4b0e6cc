import { assertEquals, assertThrows } from "@std/assert";
import { isAllowedHost } from "../certificate/crl/fetch.ts";
import { ConfigError } from "./mod.ts";
import { readConfig } from "./testing.ts";

function readCrl(settings: Record<string, string> = {}) {
  const all: Record<string, string> = {
    HABILITA_ORIGIN: "https://portal.example.br",
    HABILITA_SECRET: crypto.randomUUID(),
    ...settings,
  };
  return readConfig(all).crl;
}

Deno.test("without settings revocation is required, from fresh lists of ICP-Brasil's hosts", () => {
  const { hosts, maxBytes, revocation, staleHours, standIns } = readCrl();
  assertEquals([revocation, staleHours, standIns], ["require", 0, {}]);
  assertEquals(maxBytes, 10 * 1024 * 1024);
  for (const host of ["acraiz.icpbrasil.gov.br", "www.receita.fazenda.gov.br"]) {
    assertEquals(isAllowedHost(host, hosts), true);
  }
  for (const host of ["example.com.br", "gov.br", "fazenda.gov.br"]) {
    assertEquals(isAllowedHost(host, hosts), false);
  }
});

Deno.test("hosts can be added, not taken away", () => {
  const { hosts } = readCrl({ HABILITA_CRL_HOSTS: " LCR.AcExemplo.com.br, ac.example ," });
  for (const host of ["lcr.acexemplo.com.br", "www.ac.example", "acraiz.icpbrasil.gov.br"]) {
    assertEquals(isAllowedHost(host, hosts), true);
  }
});

Deno.test("what is no domain, or too much, is refused", () => {
  for (const hosts of ["br", "*.example.br", "127.0.0.1", "http://ac.example", "ac.example:80"]) {
    assertThrows(() => readCrl({ HABILITA_CRL_HOSTS: hosts }), ConfigError, "HABILITA_CRL_HOSTS");
  }
});

Deno.test("a stale list can be allowed for a bounded number of hours", () => {
  assertEquals(readCrl({ HABILITA_STALE_CRL_HOURS: "48" }).staleHours, 48);
  for (const hours of ["-1", "1.5", "721", "sempre", "1e3", "Infinity"]) {
    assertThrows(
      () => readCrl({ HABILITA_STALE_CRL_HOURS: hours }),
      ConfigError,
      "HABILITA_STALE_CRL_HOURS",
    );
  }
});
