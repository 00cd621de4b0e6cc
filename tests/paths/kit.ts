import { extension, name } from "@/tests/support/pki/certificate.ts";
import { type Bytes, integer } from "@/tests/support/pki/der.ts";
import { companyExtensions, companySubject } from "@/tests/support/pki/company.ts";
import { EXAMPLE_COMPANY } from "@/tools/pki/testing.ts";
import { at, CA_LEVELS, type ChainPlan, goodList, type Level, LEVELS, type Plan } from "./chain.ts";

/** Keys that all chains share: making them takes longer than everything else. */
export interface Kit {
  ec: Record<Level, CryptoKeyPair>;
  rsa: Record<Level, CryptoKeyPair>;
  stranger: CryptoKeyPair;
  sha1: CryptoKeyPair;
  short: CryptoKeyPair;
  pss: CryptoKeyPair;
  p384: CryptoKeyPair;
}

export async function createKit(): Promise<Kit> {
  const each = async (make: () => Promise<CryptoKeyPair>) => {
    const [root, ca, sub, leaf] = await Promise.all(LEVELS.map(make));
    return { root: root!, ca: ca!, sub: sub!, leaf: leaf! };
  };
  return {
    ec: await each(() => ecKeys("P-256")),
    rsa: await each(() => rsaKeys("SHA-256")),
    stranger: await ecKeys("P-256"),
    sha1: await rsaKeys("SHA-1"),
    short: await rsaKeys("SHA-256", 1024),
    pss: await rsaKeys("SHA-256", 2048, "RSA-PSS"),
    p384: await ecKeys("P-384"),
  };
}

function ecKeys(namedCurve: string): Promise<CryptoKeyPair> {
  return crypto.subtle.generateKey({ name: "ECDSA", namedCurve }, true, ["sign", "verify"]);
}

function rsaKeys(hash: string, modulusLength = 2048, scheme = "RSASSA-PKCS1-v1_5") {
  const publicExponent = new Uint8Array([1, 0, 1]);
  const algorithm = { name: scheme, hash, modulusLength, publicExponent };
  return crypto.subtle.generateKey(algorithm, true, ["sign", "verify"]) as Promise<CryptoKeyPair>;
}

export const caName = (level: string): Bytes =>
  name([["C", "BR"], ["O", "ICP-Brasil"], ["CN", `AC ${level} de Exemplo`]]);

/** A chain with nothing wrong, three authorities above an e-CNPJ as in ICP-Brasil. */
export function goodChain(keys: Record<Level, CryptoKeyPair>): ChainPlan {
  const plan = (level: Level): Plan => ({
    keys: keys[level],
    name: level === "leaf" ? companySubject(EXAMPLE_COMPANY) : caName(level),
    serial: integer(100 + LEVELS.indexOf(level)),
    notBefore: at("2026-01-01T00:00:00Z"),
    notAfter: at("2027-01-01T00:00:00Z"),
    version: 3,
    extensions: new Map(
      (level === "leaf"
        ? companyExtensions(EXAMPLE_COMPANY)
        : [extension.basicConstraints(true), extension.keyUsage(5, 6)]).map((
          one,
        ) => [one.oid, one]),
    ),
    more: [],
    finish: (der) => der,
  });
  return {
    plans: { root: plan("root"), ca: plan("ca"), sub: plan("sub"), leaf: plan("leaf") },
    revocation: false,
    lists: Object.fromEntries(
      CA_LEVELS.map((level) => [level, [{ spec: goodList() }]]),
    ) as unknown as ChainPlan["lists"],
    pool: ({ ca, sub }) => [sub, ca],
    anchors: ({ root }) => [root],
  };
}
