import { extension, name } from "@/tests/support/pki/certificate.ts";
import { type Bytes, integer } from "@/tests/support/pki/der.ts";
import { companyExtensions, companySubject } from "@/tests/support/pki/company.ts";
import { EXAMPLE_COMPANY, keyPair, rsaPair } from "@/tests/fixtures/pki.ts";
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
    ec: await each(() => keyPair()),
    rsa: await each(() => rsaPair("SHA-256")),
    stranger: await keyPair(),
    sha1: await rsaPair("SHA-1"),
    short: await rsaPair("SHA-256", 1024),
    pss: await rsaPair("SHA-256", 2048, "RSA-PSS"),
    p384: await keyPair({ name: "ECDSA", namedCurve: "P-384" }),
  };
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
