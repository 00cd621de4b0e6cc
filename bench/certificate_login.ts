import { encodeBase64 } from "@std/encoding";
import {
  createChallenge,
  identifyByCertificate,
  type SignedLogin,
} from "@/core/certificate/login.ts";
import { forgetTrust } from "@/core/certificate/trust.ts";
import { tryParseCertificate } from "@/core/certificate/x509.ts";
import { DEFAULT_CRL } from "@/core/config/mod.ts";
import type { Deps } from "@/core/deps.ts";
import { testDeps } from "@/tests/fixtures/deps.ts";
import {
  createCrl,
  createPki,
  CRL_HOST,
  issueCompanyCertificate,
  type IssuedCertificate,
  type Pki,
} from "@/tools/pki/mod.ts";
import { EXAMPLE_COMPANY, trustingPortal } from "@/tests/fixtures/pki.ts";

const RUNS = 200;
const WARM_UP = 20;
const SESSION = "bench";
const TIME = Date.parse("2026-06-01T12:00:00Z");
const RSA = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };

/**
 * Server time of one login with a certificate: the challenge used up, a path of three authorities, its
 * revocation looked up in stored lists, possession of the key, the identity read. The reference is
 * what no implementation can leave out of a first login: WebCrypto importing four keys and verifying
 * four signatures. At most twice that is demanded.
 */
export async function benchCertificateLogin(): Promise<void> {
  const pki = await createPki();
  const issued = await issueCompanyCertificate(pki, EXAMPLE_COMPANY);
  await using lists = serveLists(pki);
  const crl = { ...DEFAULT_CRL, hosts: [CRL_HOST], standIns: { [CRL_HOST]: lists.place } };
  using deps = await trustingPortal(pki, (config) => testDeps({ ...config, crl }, TIME));

  const logins: SignedLogin[] = [];
  for (let i = 0; i < 2 * (RUNS + WARM_UP); i++) logins.push(await prepare(deps, issued));
  const next = async () => {
    const outcome = await identifyByCertificate(deps, logins.pop()!);
    if (!outcome.ok) throw new Error(outcome.code);
  };
  const [reference, login, cold] = await measure([
    await bareOperations(pki, issued),
    next,
    () => {
      forgetTrust(deps);
      return next();
    },
  ]);
  const line = (what: string, ms: number) =>
    console.log(
      `  ${what.padEnd(44)} ${ms.toFixed(2).padStart(6)} ms  ${(ms / reference!).toFixed(2)} times`,
    );
  line("bare: 4 keys imported, 4 signatures verified", reference!);
  line("a login, authorities known", login!);
  line("a login that reads the authorities anew", cold!);
}

/**
 * Milliseconds of each, run in turns so that all feel the same of what else the machine does; the
 * mean of the fastest quarter.
 */
async function measure(runs: readonly (() => Promise<void>)[]): Promise<number[]> {
  const times = runs.map((): number[] => []);
  for (let i = 0; i < WARM_UP + RUNS; i++) {
    for (const [which, run] of runs.entries()) {
      const started = performance.now();
      await run();
      if (i >= WARM_UP) times[which]!.push(performance.now() - started);
    }
  }
  return times.map((all) => {
    const fastest = all.sort((a, b) => a - b).slice(0, RUNS / 4);
    return fastest.reduce((sum, ms) => sum + ms, 0) / fastest.length;
  });
}

async function prepare(
  deps: Deps,
  { certificate, chain, privateKey }: IssuedCertificate,
): Promise<SignedLogin> {
  const purpose = "login";
  const { id, text } = createChallenge(deps, { purpose, sessionId: SESSION });
  const signature = await crypto.subtle.sign(RSA.name, privateKey, new TextEncoder().encode(text));
  return {
    challenge: id,
    certificates: [certificate, ...chain].map((der) => encodeBase64(der)).join(),
    signature: encodeBase64(signature),
    algorithm: "RS256",
    sessionId: SESSION,
    purpose,
  };
}

/** The signatures on the three certificates below the root, and one by the company's key. */
async function bareOperations(
  { issuing, root, secretaria }: Pki,
  { certificate, privateKey }: IssuedCertificate,
): Promise<() => Promise<void>> {
  const [leaf, lower, upper, anchor] = [
    certificate,
    ...[issuing, secretaria, root].map((one) => one.certificate),
  ].map((der) => tryParseCertificate(der)!);
  const data = crypto.getRandomValues(new Uint8Array(200));
  const signature = new Uint8Array(await crypto.subtle.sign(RSA.name, privateKey, data));
  const checks = [
    { spki: leaf!.spki, signature, data },
    { spki: lower!.spki, signature: leaf!.signature, data: leaf!.tbs },
    { spki: upper!.spki, signature: lower!.signature, data: lower!.tbs },
    { spki: anchor!.spki, signature: upper!.signature, data: upper!.tbs },
  ];
  return async () => {
    for (const { data, signature, spki } of checks) {
      const key = await crypto.subtle.importKey("spki", spki, RSA, false, ["verify"]);
      if (!await crypto.subtle.verify(RSA.name, key, signature, data)) throw new Error("signature");
    }
  };
}

/** The revocation lists of the three authorities, as their addresses in the certificates say. */
function serveLists(pki: Pki) {
  const authorities: Record<string, keyof Pki> = {
    "/raiz.crl": "root",
    "/secretaria.crl": "secretaria",
    "/emissora.crl": "issuing",
  };
  const server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen: () => {} },
    async (request) => {
      const level = authorities[new URL(request.url).pathname];
      if (!level) return new Response(null, { status: 404 });
      const hour = 60 * 60_000;
      return new Response(
        await createCrl(pki[level], {
          number: 1,
          thisUpdate: new Date(TIME - hour),
          nextUpdate: new Date(TIME + hour),
          entries: Array.from({ length: 1_000 }, (_, i) => ({
            serialNumber: new Uint8Array([0x7f, i >> 8, i & 0xff]).toHex(),
            revocationDate: new Date(TIME - hour),
            reason: 1,
          })),
        }),
      );
    },
  );
  return {
    place: { address: "127.0.0.1", port: server.addr.port },
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}
