import { assertEquals } from "@std/assert";
import { RETRY_AFTER } from "@/core/certificate/crl/update.ts";
import { checkCertificate } from "@/core/certificate/login.ts";
import { DEFAULT_CRL } from "@/core/config/mod.ts";
import { keys } from "@/core/store/keys.ts";
import { testDeps } from "@/tests/fixtures/deps.ts";
import { CRL_HOST, issueCompanyCertificate } from "@/tools/pki/mod.ts";
import { EXAMPLE_COMPANY, testPki, trustingPortal } from "@/tests/fixtures/pki.ts";
import { startCrlServer } from "./crl_server.ts";

Deno.test("a development certificate opens the door with revocation on, while the server runs", async () => {
  const pki = await testPki();
  const server = startCrlServer(pki);
  const crl = { ...DEFAULT_CRL, hosts: [CRL_HOST], standIns: server.standIns };
  const { cnpj, companyName, responsible } = EXAMPLE_COMPANY;
  const company = { cnpj, companyName, responsible };
  const { certificate: leaf } = await issueCompanyCertificate(pki, company);

  using deps = await trustingPortal(
    pki,
    (config) => testDeps({ ...config, crl }, Date.now()),
  );
  const check = async () => {
    const outcome = await checkCertificate(deps, { leaf, intermediates: [] });
    return outcome.ok ? outcome.data.cnpj : outcome.code;
  };
  assertEquals(await check(), company.cnpj);
  const lists = await Array.fromAsync(deps.kv.list({ prefix: keys.crl.under() }));
  assertEquals(lists.length, 3, "of the issuing authority, the one above it and the root");

  await server.close();
  assertEquals(await check(), company.cnpj);
  deps.advance(7 * 60 * 60_000 + RETRY_AFTER);
  assertEquals(await check(), "crl_unreachable");
});
