import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { encodeBase64 } from "@std/encoding";
import { issueCompanyCertificate } from "@/tools/pki/mod.ts";
import { toPem } from "@/tools/pki/pem.ts";
import { EXAMPLE_COMPANY, testPki, trustingPortal } from "@/tests/fixtures/pki.ts";
import { testApp } from "../support/app.ts";

const ORIGIN = "http://localhost:8000";
const PAGE = `${ORIGIN}/certificado/diagnostico`;
const pki = await testPki();
const good = await issueCompanyCertificate(pki, EXAMPLE_COMPANY);
const pem = toPem("CERTIFICATE", good.certificate);

async function withPage(
  test: (post: (form: Record<string, string>) => Promise<[number, string]>) => Promise<void>,
): Promise<void> {
  using deps = await trustingPortal(pki);
  const handle = await testApp(deps);
  await test(async (form) => {
    const body = new URLSearchParams(form);
    const headers = { origin: ORIGIN };
    const response = await handle(new Request(PAGE, { method: "POST", headers, body }));
    return [response.status, await response.text()];
  });
}

Deno.test("the diagnosis is open to everybody and linked from the door", async () => {
  using deps = await trustingPortal(pki);
  const handle = await testApp(deps);
  const response = await handle(new Request(PAGE));
  assertEquals(response.status, 200);
  assertEquals(response.headers.get("set-cookie"), null);
  await response.body?.cancel();
  const door = await (await handle(new Request(`${ORIGIN}/certificado`))).text();
  assertStringIncludes(door, 'href="/certificado/diagnostico"');
});

Deno.test("a pasted certificate is reported on, with the CPF masked", () =>
  withPage(async (post) => {
    const [status, body] = await post({ pem });
    assertEquals(status, 200);
    assertStringIncludes(body, "O certificado está em ordem");
    assertStringIncludes(body, "12.ABC.345/01DE-35");
    assert(!body.includes(EXAMPLE_COMPANY.responsible.cpf));
  }));

Deno.test("so are certificates as the island posts them", () =>
  withPage(async (post) => {
    const certificates = [good.certificate, ...good.chain].map((der) => encodeBase64(der)).join();
    const [, body] = await post({ certificates });
    assertStringIncludes(body, "O certificado está em ordem");
  }));

Deno.test("what is no certificate is reported on, never an error", () =>
  withPage(async (post) => {
    const attempts = [{}, { pem: "olá" }, { certificates: "///" }, { certificates: "A,,B" }, {
      pem: pem.replace("M", "N"),
    }];
    for (const form of attempts as Record<string, string>[]) {
      const [status, body] = await post(form);
      assertEquals(status, 200);
      assertStringIncludes(body, "O certificado não abre o portal");
      assertStringIncludes(body, "está danificado ou não é um certificado");
    }
  }));

Deno.test("one address asks 30 times in ten minutes", () =>
  withPage(async (post) => {
    for (let i = 0; i < 30; i++) assertEquals((await post({ pem: "" }))[0], 200);
    const [status, body] = await post({ pem });
    assertEquals(status, 429);
    assertStringIncludes(body, "Muitas tentativas");
    assert(!body.includes("12.ABC.345"));
  }));
