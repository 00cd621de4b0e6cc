import { assertEquals } from "@std/assert";
import { encodeBase64 } from "@std/encoding";
import { DEFAULT_CRL } from "../config/mod.ts";
import type { Deps } from "../deps.ts";
import {
  createPki,
  issueCompanyCertificate,
  type IssuedCertificate,
  issuePersonCertificate,
} from "@/tools/pki/mod.ts";
import { codeOf, testDeps } from "@/tests/fixtures/deps.ts";
import { EXAMPLE_COMPANY, testPki, trustingPortal } from "@/tests/fixtures/pki.ts";
import {
  type ChallengePurpose,
  checkCertificate,
  checkPersonCertificate,
  createChallenge,
  identifyByCertificate,
  identifyPerson,
  type SignedLogin,
} from "./login.ts";

const pki = await testPki();
const { notAfter, notBefore, responsible } = EXAMPLE_COMPANY;
const PERSON = { ...responsible, notAfter, notBefore };
const person = await issuePersonCertificate(pki, PERSON);
const company = await issueCompanyCertificate(pki, EXAMPLE_COMPANY);
const sessionId = "session-1";

async function signed(
  deps: Deps,
  { certificate, privateKey }: IssuedCertificate,
  asked: ChallengePurpose = "prove_cpf",
): Promise<SignedLogin> {
  const challenge = await createChallenge(deps, { purpose: asked, sessionId });
  const data = new TextEncoder().encode(challenge.text);
  const signature = await crypto.subtle.sign("RSASSA-PKCS1-v1_5", privateKey, data);
  return {
    challenge: challenge.id,
    certificates: encodeBase64(certificate),
    signature: encodeBase64(signature),
    algorithm: "RS256",
    sessionId,
    purpose: "prove_cpf",
  };
}

Deno.test("a signed challenge identifies the holder of an e-CPF, and the type of its key", async () => {
  using deps = await trustingPortal(pki);
  for (const type of ["A1", "A3"] as const) {
    const issued = await issuePersonCertificate(pki, { ...PERSON, type });
    const found = await identifyPerson(deps, await signed(deps, issued));
    assertEquals(found.ok && [found.data.holder, found.data.type, found.data.notAfter], [
      responsible,
      type,
      notAfter.getTime(),
    ]);
    const leaf = { leaf: issued.certificate, intermediates: [] };
    const shown = await checkPersonCertificate(deps, leaf);
    assertEquals(shown, found);
  }
});

Deno.test("an e-CPF is no company's certificate, and a company's is no e-CPF", async () => {
  using deps = await trustingPortal(pki);
  const ecnpj = { ok: false, code: "not_person_certificate", detail: { apresentado: "um e-CNPJ" } };
  assertEquals(await identifyPerson(deps, await signed(deps, company)) as unknown, ecnpj);
  const presented = (leaf: typeof person.certificate) => ({ leaf, intermediates: [] });
  const [ofPerson, ofCompany] = [presented(person.certificate), presented(company.certificate)];
  assertEquals(await checkPersonCertificate(deps, ofCompany) as unknown, ecnpj);
  assertEquals(codeOf(await checkCertificate(deps, ofPerson)), "person_certificate");
  const login = { ...await signed(deps, person, "login"), purpose: "login" } as const;
  assertEquals(codeOf(await identifyByCertificate(deps, login)), "person_certificate");
});

Deno.test("the checks are those of a company's certificate", async () => {
  using deps = await trustingPortal(pki);
  const once = await signed(deps, person);
  assertEquals(codeOf(await identifyPerson(deps, once)), "ok");
  assertEquals(codeOf(await identifyPerson(deps, once)), "challenge_replayed");
  const elsewhere = { ...await signed(deps, person), sessionId: "session-2" };
  assertEquals(codeOf(await identifyPerson(deps, elsewhere)), "challenge_other_session");
  // Signed to enter with: good for nothing else.
  const other = await signed(deps, person, "login");
  assertEquals(codeOf(await identifyPerson(deps, other)), "challenge_other_purpose");
  const borrowed = await signed(deps, { ...person, privateKey: company.privateKey });
  assertEquals(codeOf(await identifyPerson(deps, borrowed)), "signature_mismatch");
  const stranger = await issuePersonCertificate(await createPki(), PERSON);
  assertEquals(
    codeOf(await identifyPerson(deps, await signed(deps, stranger))),
    "issuer_unknown",
  );
  deps.advance(notAfter.getTime() - deps.now() + 1);
  assertEquals(
    codeOf(await identifyPerson(deps, await signed(deps, person))),
    "certificate_expired",
  );
});

Deno.test("an e-CPF of which it cannot be known that it was not revoked is refused", async () => {
  using deps = await trustingPortal(pki, (config) => testDeps({ ...config, crl: DEFAULT_CRL }));
  const found = await identifyPerson(deps, await signed(deps, person));
  assertEquals(found.ok ? "ok" : found.code.split("_")[0], "crl");
});
