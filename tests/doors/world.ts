import { parseAddressList } from "@/core/address_list.ts";
import type { ProxyConfig } from "@/core/config/mod.ts";
import { ALFA, rosa, seedRegistries } from "@/tests/fixtures/mod.ts";
import * as fixtures from "@/tests/fixtures/pki.ts";
import { issueCertificate, issueCompanyCertificate } from "@/tools/pki/mod.ts";
import { toPem } from "@/tools/pki/pem.ts";
import { SubjectAlternativeNameExtension } from "@/tools/pki/x509.ts";
import { testApp } from "../support/app.ts";

export type Doors = Awaited<ReturnType<typeof makeDoors>>;
export type TlsFiles = Awaited<ReturnType<typeof toTlsFiles>>;

/** PEM of a certificate with its chain (DER), and of its key, as TLS programs read them. */
async function toTlsFiles(privateKey: CryptoKey, chain: Uint8Array[]) {
  const key = new Uint8Array(await crypto.subtle.exportKey("pkcs8", privateKey));
  const cert = chain.map((der) => toPem("CERTIFICATE", der)).join("");
  return { cert, key: toPem("PRIVATE KEY", key) };
}

/** What the tests of the TLS doors share; its keys take seconds to make. */
export async function makeDoors() {
  const pki = await fixtures.testPki();
  // Both the portal's clock, which stands still, and the machine's lie between these.
  const times = { notBefore: new Date("2020-02-01"), notAfter: new Date("2044-12-31") };
  const responsible = { ...rosa, birthDate: "1970-02-28" };
  const company = { ...fixtures.EXAMPLE_COMPANY, ...times, cnpj: ALFA, responsible };
  const ofCompany = async (notAfter = times.notAfter) => {
    const made = await issueCompanyCertificate(pki, { ...company, notAfter });
    return await toTlsFiles(made.privateKey, [made.certificate, ...made.chain]);
  };
  const names = ["localhost", "*.localhost"].map((value) => ({ type: "dns" as const, value }));
  const extensions = [new SubjectAlternativeNameExtension(names)];
  const server = await issueCertificate(pki, { ...times, name: "CN=localhost", extensions });
  const strange = await fixtures.issue(null, { ...times, called: "AC Estranha" });
  const stranger = await fixtures.newCompany(strange, company);
  return {
    pki,
    /** PEM of the root, which clients need for the server's certificate. */
    root: toPem("CERTIFICATE", pki.root.certificate),
    server: await toTlsFiles(server.privateKey, [server.certificate, ...server.chain]),
    clients: {
      company: await ofCompany(),
      expired: await ofCompany(new Date("2021-02-01")),
      // Says the same company; with its own root in the chain, at which TLS libraries find fault too.
      stranger: await toTlsFiles(stranger.privateKey, [stranger.der, strange.der]),
    },
  };
}

/** A portal with the operadora ALFA that trusts the PKI, with its app. */
export async function doorPortal({ pki }: Doors, proxy: ProxyConfig | null = null) {
  const deps = await fixtures.trustingPortal(pki, (config) => seedRegistries({ ...config, proxy }));
  return { ...deps, handle: await testApp(deps) };
}

export const PROXY_SECRET = "um-segredo-de-teste-com-32-caracteres";

export function proxyConfig(changes: Partial<ProxyConfig> = {}): ProxyConfig {
  const addresses = parseAddressList("127.0.0.1");
  return { header: "rfc9440", addresses, secret: PROXY_SECRET, origin: null, ...changes };
}
