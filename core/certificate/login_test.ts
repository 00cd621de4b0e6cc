import { assertEquals } from "@std/assert";
import { encodeBase64 } from "@std/encoding";
import {
  issueCertificate,
  issueCompanyCertificate,
  type IssuedCertificate,
} from "@/tools/pki/mod.ts";
import { CertificatePolicyExtension, KeyUsageFlags, KeyUsagesExtension } from "@/tools/pki/x509.ts";
import { createPki } from "@/tools/pki/pki.ts";
import {
  EXAMPLE_COMPANY,
  issue,
  newCompany,
  testPki,
  trustingPortal,
} from "@/tests/fixtures/pki.ts";
import { type Challenge, CHALLENGE_LIFETIME } from "../challenge.ts";
import type { Deps } from "../deps.ts";
import { testDeps } from "@/tests/fixtures/deps.ts";
import { createChallenge } from "./login.ts";
import { checkCertificate, identifyByCertificate, type SignedLogin } from "./login.ts";

const pki = await testPki();
const company = await issueCompanyCertificate(pki, EXAMPLE_COMPANY);
const stranger = await issueCompanyCertificate(pki, {
  ...EXAMPLE_COMPANY,
  cnpj: "11222333000181",
});

async function sign(text: string, key: CryptoKey): Promise<string> {
  const data = new TextEncoder().encode(text);
  return encodeBase64(await crypto.subtle.sign("RSASSA-PKCS1-v1_5", key, data));
}

async function answer(
  challenge: Challenge,
  { certificate, chain, privateKey }: IssuedCertificate,
): Promise<SignedLogin> {
  return {
    challenge: challenge.id,
    certificates: [certificate, ...chain].map((der) => encodeBase64(der)).join(),
    signature: await sign(challenge.text, privateKey),
    algorithm: "RS256",
    sessionId: "session-1",
    purpose: "login",
  };
}

const newChallenge = (deps: Deps) =>
  createChallenge(deps, { purpose: "login", sessionId: "session-1" });

async function attempt(
  change: (
    login: SignedLogin,
    deps: Deps,
  ) => Partial<SignedLogin> | Promise<Partial<SignedLogin>>,
): Promise<string> {
  using deps = await trustingPortal(pki);
  const login = await answer(await newChallenge(deps), company);
  const outcome = await identifyByCertificate(deps, { ...login, ...await change(login, deps) });
  return outcome.ok ? "ok" : outcome.code;
}

Deno.test("a signed challenge identifies the company", async () => {
  using deps = await trustingPortal(pki);
  const outcome = await identifyByCertificate(
    deps,
    await answer(await newChallenge(deps), company),
  );
  assertEquals(outcome.ok && outcome.data.cnpj, EXAMPLE_COMPANY.cnpj);
  assertEquals(outcome.ok && outcome.data.kind, "e-CNPJ");
  assertEquals(outcome.ok && outcome.data.companyName, "OPERADORA DE EXEMPLO LTDA");
  assertEquals(outcome.ok && outcome.data.responsible, EXAMPLE_COMPANY.responsible);
});

Deno.test("the company's certificate alone is enough: the portal holds the authorities", async () => {
  assertEquals(
    await attempt(({ certificates }) => ({ certificates: certificates.split(",")[0] })),
    "ok",
  );
});

Deno.test("a challenge works once, also when two answers race", async () => {
  using deps = await trustingPortal(pki);
  const login = await answer(await newChallenge(deps), company);
  const outcomes = await Promise.all([
    identifyByCertificate(deps, login),
    identifyByCertificate(deps, login),
    identifyByCertificate(deps, login),
  ]);
  assertEquals(outcomes.filter(({ ok }) => ok).length, 1);
  const codes = outcomes.flatMap((outcome) => outcome.ok ? [] : [outcome.code]);
  assertEquals(codes, ["challenge_replayed", "challenge_replayed"]);
});

Deno.test("a failed attempt uses the challenge up", async () => {
  using deps = await trustingPortal(pki);
  const login = await answer(await newChallenge(deps), company);
  await identifyByCertificate(deps, { ...login, signature: "" });
  const outcome = await identifyByCertificate(deps, login);
  assertEquals(outcome.ok || outcome.code, "challenge_replayed");
});

Deno.test("an attempt in another session, or for another purpose, does not", async () => {
  using deps = await trustingPortal(pki);
  const login = await answer(await newChallenge(deps), company);
  await identifyByCertificate(deps, { ...login, sessionId: "session-2" });
  await identifyByCertificate(deps, { ...login, purpose: "register" });
  assertEquals((await identifyByCertificate(deps, login)).ok, true);
});

Deno.test("a challenge expires", async () => {
  using deps = await trustingPortal(pki);
  const [inTime, late] = [await newChallenge(deps), await newChallenge(deps)];
  deps.advance(CHALLENGE_LIFETIME - 1);
  assertEquals((await identifyByCertificate(deps, await answer(inTime, company))).ok, true);
  deps.advance(1);
  const outcome = await identifyByCertificate(deps, await answer(late, company));
  assertEquals(outcome.ok || outcome.code, "challenge_expired");
});

Deno.test("a challenge of another session, purpose or address is refused", async () => {
  assertEquals(await attempt(() => ({ sessionId: "session-2" })), "challenge_other_session");
  assertEquals(await attempt(() => ({ purpose: "register" })), "challenge_other_purpose");
  using deps = await trustingPortal(pki);
  const login = await answer(await newChallenge(deps), company);
  const moved = { ...deps, config: { ...deps.config, origin: "https://outro.example" } };
  const outcome = await identifyByCertificate(moved, login);
  assertEquals(outcome.ok || outcome.code, "challenge_other_origin");
});

Deno.test("a challenge nobody made is refused", async () => {
  assertEquals(await attempt(() => ({ challenge: "A".repeat(22) })), "challenge_unknown");
  assertEquals(await attempt(() => ({ challenge: "" })), "challenge_unknown");
});

Deno.test("the signature of another challenge is refused", async () => {
  assertEquals(
    await attempt(async (_, deps) => ({
      signature: await sign((await newChallenge(deps)).text, company.privateKey),
    })),
    "signature_mismatch",
  );
});

Deno.test("someone else's key is refused", async () => {
  assertEquals(
    await attempt(async (_, deps) => ({
      signature: await sign((await newChallenge(deps)).text, stranger.privateKey),
    })),
    "signature_mismatch",
  );
});

Deno.test("someone else's certificate with one's own key is refused", async () => {
  using deps = await trustingPortal(pki);
  const login = await answer(await newChallenge(deps), {
    ...company,
    privateKey: stranger.privateKey,
  });
  const outcome = await identifyByCertificate(deps, login);
  assertEquals(outcome.ok || outcome.code, "signature_mismatch");
});

Deno.test("a signature that is none is refused", async () => {
  assertEquals(await attempt(() => ({ signature: "not base64" })), "signature_malformed");
  assertEquals(await attempt(() => ({ signature: "" })), "signature_mismatch");
  assertEquals(await attempt(() => ({ algorithm: "none" })), "signature_malformed");
  assertEquals(await attempt(() => ({ algorithm: "PS256" })), "signature_mismatch");
  assertEquals(await attempt(() => ({ algorithm: "ES256" })), "signature_mismatch");
});

Deno.test("certificates that are none are refused", async () => {
  assertEquals(await attempt(() => ({ certificates: "" })), "certificate_malformed");
  assertEquals(await attempt(() => ({ certificates: "AAAA" })), "certificate_malformed");
  assertEquals(await attempt(() => ({ certificates: "*" })), "certificate_malformed");
  assertEquals(
    await attempt(({ certificates }) => ({ certificates: Array(9).fill(certificates).join() })),
    "certificate_malformed",
  );
});

Deno.test("an expired certificate and one not yet valid are refused with the day", async () => {
  using deps = await trustingPortal(pki);
  const check = async (notBefore: string, notAfter: string) => {
    const { certificate: leaf } = await issueCompanyCertificate(pki, {
      ...EXAMPLE_COMPANY,
      notBefore: new Date(notBefore),
      notAfter: new Date(notAfter),
    });
    return await checkCertificate(deps, { leaf, intermediates: [] });
  };
  assertEquals(
    await check("2025-11-01T12:00:00Z", "2026-11-01T12:00:00Z"),
    { ok: false, code: "certificate_expired", detail: { data: "01/11/2026" } },
  );
  assertEquals(
    await check("2026-12-01T12:00:00Z", "2027-11-01T12:00:00Z"),
    { ok: false, code: "certificate_not_yet_valid", detail: { data: "01/12/2026" } },
  );
});

Deno.test("an unknown authority is refused, also under the name of a known one", async () => {
  using deps = await trustingPortal(pki);
  const impostor = await createPki();
  const same = await issueCompanyCertificate(impostor, EXAMPLE_COMPANY);
  const intermediates = [...same.chain, impostor.root.certificate];
  const outcome = await checkCertificate(deps, { leaf: same.certificate, intermediates });
  assertEquals(outcome.ok || outcome.code, "signature_invalid");

  const { der: leaf } = await newCompany(await issue(null, { called: "AC Desconhecida" }));
  assertEquals(await checkCertificate(deps, { leaf, intermediates }), {
    ok: false,
    code: "issuer_unknown",
    detail: { emissor: "AC Desconhecida" },
  });
});

Deno.test("an empty trust store closes the door", async () => {
  using deps = await testDeps();
  const outcome = await checkCertificate(deps, {
    leaf: company.certificate,
    intermediates: [...company.chain, pki.root.certificate],
  });
  assertEquals(outcome.ok || outcome.code, "trust_store_empty");
});

Deno.test("a certificate that is no company's is refused with what it is", async () => {
  using deps = await trustingPortal(pki);
  const { notAfter, notBefore } = EXAMPLE_COMPANY;
  const { certificate: leaf } = await issueCertificate(pki, {
    name: "CN=MARIA DE EXEMPLO SILVA:52998224725",
    extensions: [
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      new CertificatePolicyExtension(["2.16.76.1.2.1.9999"]),
    ],
    notBefore,
    notAfter,
  });
  assertEquals(await checkCertificate(deps, { leaf, intermediates: [] }), {
    ok: false,
    code: "not_company_certificate",
    detail: { apresentado: "de um tipo que o portal não reconhece" },
  });
});

Deno.test("seals open the door", async () => {
  using deps = await trustingPortal(pki);
  for (const kind of ["SE-S", "SE-H"] as const) {
    const options = { ...EXAMPLE_COMPANY, kind, responsible: undefined };
    const { certificate: leaf } = await issueCompanyCertificate(pki, options);
    const outcome = await checkCertificate(deps, { leaf, intermediates: [] });
    assertEquals(outcome.ok && [outcome.data.kind, outcome.data.cnpj], [
      kind,
      EXAMPLE_COMPANY.cnpj,
    ]);
    assertEquals(outcome.ok && outcome.data.responsible, null);
  }
});
