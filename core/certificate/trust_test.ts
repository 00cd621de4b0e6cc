import { keys } from "../store/keys.ts";
import type { TrustRecord } from "../store/records/certificate.ts";
import { assertEquals } from "@std/assert";
import { issue } from "@/tools/pki/authority.ts";
import { BasicConstraintsExtension, KeyUsageFlags, KeyUsagesExtension } from "@/tools/pki/x509.ts";
import { createPki, generateKey, type Pki } from "@/tools/pki/pki.ts";
import { testPki } from "@/tests/fixtures/pki.ts";
import { type TestDeps, testDeps } from "@/tests/fixtures/deps.ts";
import { fingerprint, loadTrust } from "./trust.ts";
import { importTrust } from "./trust_import.ts";
import { parseCertificate } from "./x509.ts";

const pki = await testPki();
const chain = [pki.root, pki.secretaria, pki.issuing].map(({ certificate }) => certificate);

/** A portal that pins the root and has imported nothing yet. */
async function pinning({ root }: Pki = pki): Promise<TestDeps> {
  return await testDeps({ anchors: [await fingerprint(root.certificate)] });
}

const subjects = async (deps: TestDeps) => {
  const { anchors, intermediates } = await loadTrust(deps);
  return {
    anchors: anchors.map(({ der }) => der),
    intermediates: new Set(intermediates.map(({ serial }) => serial)),
  };
};

const serials = (...ders: Uint8Array[]) => new Set(ders.map((der) => parseCertificate(der).serial));

Deno.test("a pinned root and what chains to it are taken, in any order, once", async () => {
  using deps = await pinning();
  const steps: number[] = [];
  const report = await importTrust(deps, chain.toReversed(), (done) => steps.push(done));
  assertEquals(report, { anchors: 1, intermediates: 2, added: 3, skipped: [] });
  assertEquals(steps, [1, 2, 3]);
  assertEquals(await subjects(deps), {
    anchors: [pki.root.certificate],
    intermediates: serials(...chain.slice(1)),
  });
  const again = await importTrust(deps, [...chain, ...chain]);
  assertEquals(again, { anchors: 1, intermediates: 2, added: 0, skipped: [] });
});

Deno.test("intermediates may come later than their root", async () => {
  using deps = await pinning();
  await importTrust(deps, [pki.root.certificate, pki.secretaria.certificate]);
  const report = await importTrust(deps, [pki.issuing.certificate]);
  assertEquals(report, { anchors: 0, intermediates: 1, added: 1, skipped: [] });
});

Deno.test("a root that is not pinned is skipped with all below it", async () => {
  using deps = await pinning();
  const foreign = await createPki();
  const ders = [foreign.root, foreign.secretaria].map(({ certificate }) => certificate);
  const report = await importTrust(deps, [...ders, pki.root.certificate]);
  assertEquals([report.anchors, report.intermediates, report.added], [1, 0, 1]);
  assertEquals(report.skipped.map(({ index, name }) => [index, name]), [
    [0, "AC Raiz Brasileira de Desenvolvimento"],
    [1, "AC Secretaria da Receita Federal de Desenvolvimento"],
  ]);
});

Deno.test("what is broken, expired or no authority is skipped with its reason", async () => {
  using deps = await pinning();
  const { publicKey } = await generateKey();
  const below = (notAfter: string, ca: boolean) =>
    issue(pki.root.certificate, pki.root.privateKey, {
      name: "CN=AC DE TESTE",
      publicKey,
      notBefore: new Date("2020-01-01"),
      notAfter: new Date(notAfter),
      extensions: [
        new BasicConstraintsExtension(ca, undefined, true),
        new KeyUsagesExtension(KeyUsageFlags.keyCertSign, true),
      ],
    });
  const report = await importTrust(deps, [
    new TextEncoder().encode("not a certificate"),
    await below("2021-01-01", true),
    await below("2030-01-01", false),
    pki.root.certificate,
  ]);
  assertEquals(report.skipped, [
    { index: 0, code: "certificate_malformed", name: "" },
    { index: 1, code: "certificate_expired", name: "AC DE TESTE" },
    { index: 2, code: "ca_not_a_ca", name: "AC DE TESTE" },
  ]);
});

Deno.test("without a root nothing is taken", async () => {
  using deps = await pinning();
  const report = await importTrust(deps, chain.slice(1));
  assertEquals([report.anchors, report.intermediates, report.added], [0, 0, 0]);
  assertEquals(await subjects(deps), { anchors: [], intermediates: new Set() });
});

Deno.test("a record cannot make itself an anchor", async () => {
  using deps = await pinning();
  const foreign = await createPki();
  const pinned = await fingerprint(pki.root.certificate);
  const record: TrustRecord = {
    der: foreign.root.certificate,
    subject: "",
    notAfter: 0,
    addedAt: 0,
  };
  await deps.kv.set(keys.trust(pinned), record);
  assertEquals((await subjects(deps)).anchors, []);
});

Deno.test("what another process imports is seen within a minute", async () => {
  using deps = await pinning();
  assertEquals((await loadTrust(deps)).anchors.length, 0);
  const [der] = chain;
  const record: TrustRecord = { der: der!, subject: "", notAfter: 0, addedAt: 0 };
  await deps.kv.set(keys.trust(await fingerprint(der!)), record);
  deps.advance(59_999);
  assertEquals((await loadTrust(deps)).anchors.length, 0);
  deps.advance(1);
  assertEquals((await loadTrust(deps)).anchors.length, 1);
});

Deno.test("requests at the same time share one reading", async () => {
  using deps = await pinning();
  await importTrust(deps, chain);
  const [a, b] = await Promise.all([loadTrust(deps), loadTrust(deps)]);
  assertEquals(a === b, true);
});
