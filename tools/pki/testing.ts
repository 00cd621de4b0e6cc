import { importTrust } from "@/core/certificate/trust_import.ts";
import { fingerprint } from "@/core/certificate/trust.ts";
import { type TestDeps, testDeps } from "@/tests/fixtures/deps.ts";
import type { CompanyOptions } from "./company.ts";
import { createPki, type Pki } from "./pki.ts";

/** A synthetic company and person with valid check digits. */
export const EXAMPLE_COMPANY = {
  cnpj: "12ABC34501DE35",
  companyName: "Operadora de Exemplo Ltda",
  responsible: { name: "MARIA DE EXEMPLO SILVA", cpf: "52998224725", birthDate: "1970-02-28" },
  notBefore: new Date("2026-01-01T00:00:00Z"),
  notAfter: new Date("2027-01-01T00:00:00Z"),
} as const satisfies CompanyOptions;

let shared: Promise<Pki> | undefined;

/** One PKI for all tests of a file: its keys take a second to make. */
export function testPki(): Promise<Pki> {
  return shared ??= createPki();
}

/** A test portal that trusts the given PKI and nothing else. */
export async function trustingPortal(pki: Pki): Promise<TestDeps> {
  const deps = await testDeps({ anchors: [await fingerprint(pki.root.certificate)] });
  const authorities = [pki.root, pki.secretaria, pki.issuing];
  await importTrust(deps, authorities.map(({ certificate }) => certificate));
  return deps;
}
