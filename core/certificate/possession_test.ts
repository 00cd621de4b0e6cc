import { assertEquals } from "@std/assert";
import { issue } from "@/tools/pki/authority.ts";
import { CHALLENGE_ALGORITHMS, type ChallengeAlgorithm, checkPossession } from "./signature.ts";
import { parseCertificate } from "./x509.ts";

const TEXT = new TextEncoder().encode("texto a assinar");

interface Signer {
  pair: CryptoKeyPair;
  parameters: AlgorithmIdentifier | RsaPssParams | EcdsaParams;
}

async function rsa(scheme: string, saltLength = 32): Promise<Signer> {
  const publicExponent = new Uint8Array([1, 0, 1]);
  const algorithm = { name: scheme, hash: "SHA-256", modulusLength: 2048, publicExponent };
  const pair = await crypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  return { pair: pair as CryptoKeyPair, parameters: { name: scheme, saltLength } };
}

async function ecdsa(namedCurve: string, hash: string): Promise<Signer> {
  const algorithm = { name: "ECDSA", namedCurve };
  const pair = await crypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  return { pair: pair as CryptoKeyPair, parameters: { name: "ECDSA", hash } };
}

const { pair: authority } = await ecdsa("P-256", "SHA-256");

/** The algorithms under which a signature by this key is taken for one. */
async function acceptedAs({ pair, parameters }: Signer): Promise<ChallengeAlgorithm[]> {
  const certificate = parseCertificate(
    await issue(null, authority.privateKey, {
      name: "CN=EMPRESA",
      publicKey: pair.publicKey,
      notBefore: new Date("2026-01-01"),
      notAfter: new Date("2027-01-01"),
      extensions: [],
    }),
  );
  const signature = new Uint8Array(await crypto.subtle.sign(parameters, pair.privateKey, TEXT));
  const accepted: ChallengeAlgorithm[] = [];
  for (const algorithm of CHALLENGE_ALGORITHMS) {
    if (await checkPossession(certificate, algorithm, signature, TEXT)) accepted.push(algorithm);
    const empty = new Uint8Array();
    assertEquals(await checkPossession(certificate, algorithm, empty, TEXT), false);
    assertEquals(await checkPossession(certificate, algorithm, signature, empty), false);
  }
  return accepted;
}

Deno.test("each kind of signature counts under its own name alone", async () => {
  assertEquals(await acceptedAs(await rsa("RSASSA-PKCS1-v1_5")), ["RS256"]);
  assertEquals(await acceptedAs(await rsa("RSA-PSS")), ["PS256"]);
  assertEquals(await acceptedAs(await ecdsa("P-256", "SHA-256")), ["ES256"]);
  assertEquals(await acceptedAs(await ecdsa("P-384", "SHA-384")), ["ES384"]);
});

Deno.test("other salts, hashes and curves count under none", async () => {
  assertEquals(await acceptedAs(await rsa("RSA-PSS", 20)), []);
  assertEquals(await acceptedAs(await ecdsa("P-256", "SHA-384")), []);
  assertEquals(await acceptedAs(await ecdsa("P-384", "SHA-256")), []);
});
