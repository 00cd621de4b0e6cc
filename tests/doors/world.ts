import { ALFA, rosa, seedRegistries, type TestDeps } from "@/tests/fixtures/mod.ts";
import { fingerprint } from "@/core/certificate/trust.ts";
import { importTrust } from "@/core/certificate/trust_import.ts";
import type { ProxyConfig } from "@/core/config/mod.ts";
import { parseAddressList } from "@/core/address_list.ts";
import { issue } from "@/tools/pki/authority.ts";
import { companyExtensions, companySubject } from "@/tools/pki/company.ts";
import {
  createPki,
  issueCompanyCertificate,
  type IssuedCertificate,
  type Pki,
} from "@/tools/pki/mod.ts";
import { generateKey } from "@/tools/pki/pki.ts";
import { toPem } from "@/tools/pki/pem.ts";
import { issueServerCertificate, toTlsFiles } from "@/tools/pki/tls_testing.ts";
import { BasicConstraintsExtension, KeyUsageFlags, KeyUsagesExtension } from "@/tools/pki/x509.ts";
import { testApp } from "../support/app.ts";

/** PEM of a certificate with its chain, and of its key. */
export type TlsFiles = Awaited<ReturnType<typeof toTlsFiles>>;

/** What the tests of the TLS doors share; its keys take seconds to make. */
export interface Doors {
  pki: Pki;
  /** PEM of the root, which clients need for the server's certificate. */
  root: string;
  /** The server's certificate for localhost. */
  server: TlsFiles;
  clients: Record<ClientName, TlsFiles>;
}

/** `expired`: long ago. `stranger`: says the same company, under a root of its own. */
export type ClientName = "company" | "expired" | "stranger";

export async function makeDoors(): Promise<Doors> {
  const pki = await createPki();
  const issue = async (notAfter: string) =>
    await issueCompanyCertificate(pki, {
      cnpj: ALFA,
      companyName: "ALFABETA PLANOS LTDA",
      responsible: { name: rosa.name, cpf: rosa.cpf, birthDate: "1970-02-28" },
      // Both the portal's clock, which stands still, and the machine's lie between these.
      notBefore: new Date("2020-02-01"),
      notAfter: new Date(notAfter),
    });
  const [company, expired, server] = await Promise.all([
    issue("2044-12-31"),
    issue("2021-02-01"),
    issueServerCertificate(pki),
  ]);
  return {
    pki,
    root: toPem("CERTIFICATE", pki.root.certificate),
    server: await toTlsFiles(server),
    clients: {
      company: await toTlsFiles(company),
      expired: await toTlsFiles(expired),
      stranger: await toTlsFiles(await issueByStranger()),
    },
  };
}

/** With the stranger's own root in the chain, at which TLS libraries find fault too. */
async function issueByStranger(): Promise<IssuedCertificate> {
  const { privateKey, publicKey } = await generateKey();
  const company = { cnpj: ALFA, companyName: "ALFABETA PLANOS LTDA" };
  const times = { notBefore: new Date("2020-02-01"), notAfter: new Date("2044-12-31") };
  const root = await issue(null, privateKey, {
    ...times,
    name: "CN=AC Estranha",
    publicKey,
    extensions: [
      new BasicConstraintsExtension(true, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
    ],
  });
  const certificate = await issue(root, privateKey, {
    ...times,
    name: companySubject(company),
    publicKey,
    extensions: companyExtensions(company),
  });
  return { certificate, privateKey, publicKey, chain: [root] };
}

export interface DoorPortal extends AsyncDisposable {
  deps: TestDeps;
  handle: Awaited<ReturnType<typeof testApp>>;
}

/** A portal with the operadora ALFA that trusts the PKI, and its app. */
export async function doorPortal(
  { pki }: Doors,
  proxy: ProxyConfig | null = null,
): Promise<DoorPortal> {
  const deps = await seedRegistries({ anchors: [await fingerprint(pki.root.certificate)], proxy });
  const authorities = [pki.root, pki.secretaria, pki.issuing];
  await importTrust(deps, authorities.map(({ certificate }) => certificate));
  return {
    deps,
    handle: await testApp(deps),
    [Symbol.asyncDispose]: () => Promise.resolve(deps[Symbol.dispose]()),
  };
}

export const PROXY_SECRET = "um-segredo-de-teste-com-32-caracteres";

export function proxyConfig(changes: Partial<ProxyConfig> = {}): ProxyConfig {
  return {
    header: "rfc9440",
    addresses: parseAddressList("127.0.0.1"),
    secret: PROXY_SECRET,
    origin: null,
    ...changes,
  };
}
