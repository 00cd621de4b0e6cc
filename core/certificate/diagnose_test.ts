import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import {
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
} from "@/tools/pki/x509.ts";
import { companyExtensions, companySubject } from "@/tools/pki/company.ts";
import { EXAMPLE_COMPANY, testPki, trustingPortal } from "@/tests/fixtures/pki.ts";
import {
  type CompanyOptions,
  createPki,
  issueCertificate,
  issueCompanyCertificate,
} from "@/tools/pki/mod.ts";
import { transact } from "../store/transact.ts";
import { explain } from "../messages.ts";
import { keys } from "../store/keys.ts";
import { testDeps } from "@/tests/fixtures/deps.ts";
import { diagnose, type Diagnosis } from "./diagnose.ts";
import { advice } from "./diagnose_messages.ts";
import { checkCertificate } from "./login.ts";

const pki = await testPki();
const company = (options: Partial<CompanyOptions> = {}) =>
  issueCompanyCertificate(pki, { ...EXAMPLE_COMPANY, ...options });
const good = await company();

/** Outcome of every check that has not passed, with the code that it gave. */
function troubles({ checks }: Diagnosis): Record<string, string> {
  return Object.fromEntries(
    checks.filter(({ outcome }) => outcome !== "passed")
      .map(({ check, outcome, reason }) => [check, reason?.code ?? outcome]),
  );
}

const USUAL = { revocation: "skipped", cadop: "diagnosis_not_in_cadop" };

async function diagnosed(der: Uint8Array): Promise<Diagnosis> {
  using deps = await trustingPortal(pki);
  const diagnosis = await diagnose(deps, [der]);
  // Whatever it says must be what the door does.
  const door = await checkCertificate(deps, { leaf: der, intermediates: [] });
  assertEquals(diagnosis.accepted, door.ok);
  return diagnosis;
}

Deno.test("a good certificate passes, and is described with the CPF masked", async () => {
  const diagnosis = await diagnosed(good.certificate);
  assertEquals(troubles(diagnosis), USUAL);
  const { presented } = diagnosis;
  assertEquals(presented?.cnpj, "12.ABC.345/01DE-35");
  assertEquals(presented?.validUntil, "31/12/2026");
  assertEquals(presented?.authorities.length, 3);
  assertEquals(presented?.responsible?.name, "MARIA DE EXEMPLO SILVA");
  assert(!JSON.stringify(diagnosis).includes(EXAMPLE_COMPANY.responsible.cpf));
  assertStringIncludes(advice(diagnosis), "ponto de atenção");
});

Deno.test("what is no certificate fails the first check, and nothing else is said", async () => {
  const diagnosis = await diagnosed(new Uint8Array([1, 2, 3]));
  assertEquals(troubles(diagnosis).format, "certificate_malformed");
  assertEquals(troubles(diagnosis).path, "skipped");
  assertEquals(diagnosis.presented, null);
  using deps = await trustingPortal(pki);
  assertEquals((await diagnose(deps, [])).accepted, false);
});

Deno.test("an expired certificate fails for its date alone", async () => {
  const notAfter = new Date("2026-10-01T12:00:00Z");
  const diagnosis = await diagnosed((await company({ notAfter })).certificate);
  assertEquals(troubles(diagnosis), { ...USUAL, validity: "certificate_expired" });
  const future = await company({
    notBefore: new Date("2026-12-01"),
    notAfter: new Date("2027-12-01"),
  });
  assertEquals(troubles(await diagnosed(future.certificate)), {
    ...USUAL,
    validity: "certificate_not_yet_valid",
  });
  assertStringIncludes(advice(diagnosis), "problema");
});

Deno.test("another authority's certificate has no path, its content is judged all the same", async () => {
  const stranger = await issueCompanyCertificate(await createPki(), EXAMPLE_COMPANY);
  const { path, key_usage, identity } = troubles(await diagnosed(stranger.certificate));
  assertEquals([path, key_usage, identity], ["issuer_unknown", "skipped", undefined]);
});

Deno.test("a key that may not sign is told apart from a path that does not hold", async () => {
  const [constraints, , ...rest] = companyExtensions(EXAMPLE_COMPANY);
  const { certificate } = await issueCertificate(pki, {
    name: companySubject(EXAMPLE_COMPANY),
    extensions: [
      constraints!,
      new KeyUsagesExtension(KeyUsageFlags.keyEncipherment, true),
      ...rest,
    ],
    notBefore: EXAMPLE_COMPANY.notBefore,
    notAfter: EXAMPLE_COMPANY.notAfter,
  });
  assertEquals(troubles(await diagnosed(certificate)), { ...USUAL, key_usage: "key_usage" });
});

Deno.test("a site's certificate and a wrong CNPJ are named", async () => {
  const { certificate } = await issueCertificate(pki, {
    name: "CN=exemplo.example",
    extensions: [
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
    ],
    notBefore: EXAMPLE_COMPANY.notBefore,
    notAfter: EXAMPLE_COMPANY.notAfter,
  });
  const site = await diagnosed(certificate);
  assertEquals(troubles(site).kind, "not_company_certificate");
  assertEquals(troubles(site).identity, "skipped");
  assertEquals(site.presented?.cnpj, null);
  const reason = site.checks.find(({ check }) => check === "kind")?.reason;
  assertStringIncludes(explain(reason!), "site ou equipamento");

  const wrong = await diagnosed((await company({ cnpj: "12ABC34501DE36" })).certificate);
  assertEquals(troubles(wrong).identity, "cnpj_invalid");
});

Deno.test("without authorities the portal says that it is the portal's fault", async () => {
  using deps = await testDeps();
  const diagnosis = await diagnose(deps, [good.certificate]);
  assertEquals(troubles(diagnosis).trust, "trust_store_empty");
  assertEquals(troubles(diagnosis).path, "skipped");
  assertEquals(diagnosis.accepted, false);
});

Deno.test("nothing is kept", async () => {
  using deps = await trustingPortal(pki);
  const count = async () => (await Array.fromAsync(deps.kv.list({ prefix: [] }))).length;
  const before = await count();
  await diagnose(deps, [good.certificate, ...good.chain]);
  assertEquals(await count(), before);
  await transact(deps.kv, (tx) => tx.set(keys.outboxPace(), 1));
  assertEquals(await count(), before + 1);
});

Deno.test("revocation that cannot be checked is a problem of its own", async () => {
  using open = await trustingPortal(pki);
  const crl = { ...open.config.crl, revocation: "require" as const, hosts: [] };
  const deps = { ...open, config: { ...open.config, crl } };
  const diagnosis = await diagnose(deps, [good.certificate]);
  assertEquals(troubles(diagnosis).revocation, "crl_host_not_allowed");
  assertEquals(diagnosis.accepted, false);
});
