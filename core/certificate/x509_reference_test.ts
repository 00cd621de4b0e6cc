import { assertEquals } from "@std/assert";
import { encodeHex } from "@std/encoding";
import { join } from "@std/path";
import { openssl, openSslVersion } from "@/tests/support/openssl.ts";
import { root } from "@/tests/support/portal.ts";
import { readPem } from "@/core/certificate/pem.ts";
import {
  BasicConstraintsExtension,
  CertificatePolicyExtension,
  ExtendedKeyUsageExtension,
  KeyUsagesExtension,
  SubjectKeyIdentifierExtension,
  X509Certificate,
} from "@/tools/pki/x509.ts";
import { readBundle } from "@/tools/trust/bundle.ts";
import type { Bytes } from "./der.ts";
import { ATTRIBUTE } from "./name.ts";
import { parseCertificate } from "./x509.ts";

const CNPJ = "12ABC34501DE35";
const CONFIG = (strings: string) => `
[req]
distinguished_name = subject
prompt = no
utf8 = yes
string_mask = ${strings}
[subject]
C = BR
O = ICP-Brasil
0.OU = Órgão
1.OU = Área B, nº 2
CN = SAÚDE & VIDA LTDA:${CNPJ}
[company]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature, nonRepudiation
extendedKeyUsage = clientAuth, emailProtection
certificatePolicies = 2.16.76.1.2.1.9999, 2.16.76.1.2.3.1
subjectKeyIdentifier = hash
subjectAltName = @names
[names]
otherName.0 = 2.16.76.1.3.3;FORMAT:ASCII,OCT:${CNPJ}
email.0 = contato@operadora.example
[authority]
basicConstraints = critical, CA:TRUE, pathlen:3
keyUsage = critical, keyCertSign, cRLSign, decipherOnly
subjectKeyIdentifier = hash
[bare]
`;

/** String types, key, and what else OpenSSL is told: one certificate each. */
const KINDS: [strings: string, key: string, ...options: string[]][] = [
  ["utf8only", "rsa:2048", "-extensions", "company", "-days", "365"],
  ["pkix", "rsa:2048", "-extensions", "company", "-days", "9500"],
  ["nombstr", "ec:P-256", "-extensions", "authority", "-set_serial", "0x00ff00000000000001"],
  ["utf8only", "ec:P-384", "-extensions", "company", "-sha384", "-set_serial", "1"],
  ["utf8only", "rsa:2048", "-extensions", "authority", "-sigopt", "rsa_padding_mode:pss"],
  ["utf8only", "rsa:1024", "-extensions", "bare", "-sha1"],
];

/** Certificates of OpenSSL's making. */
async function makeCertificates(): Promise<Bytes[]> {
  const folder = await Deno.makeTempDir();
  try {
    return await Promise.all(KINDS.map(async ([strings, key, ...options], i) => {
      const config = join(folder, `${i}.cnf`);
      await Deno.writeTextFile(config, CONFIG(strings));
      const [type, size] = key.split(":") as [string, string];
      const pem = await openssl(
        ...["req", "-x509", "-nodes", "-config", config, "-keyout", join(folder, `${i}.key`)],
        ...(type === "ec"
          ? ["-newkey", "ec", "-pkeyopt", `ec_paramgen_curve:${size}`]
          : ["-newkey", key]),
        ...options,
      );
      return readPem(pem)[0]!;
    }));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** The authorities of ICP-Brasil, where a copy of ITI's bundle lies beside the checkout. */
async function authorities(): Promise<Uint8Array[]> {
  const found = await readBundle(join(root, "../shared/data/icp-brasil/ca")).catch(() => []);
  return found.map(({ der }) => der);
}

/** What both readers say of a certificate, in the same words. */
function ours(der: Uint8Array) {
  const { extensions, issuer, notAfter, notBefore, serial, signature, spki, subject } =
    parseCertificate(der);
  const values = (name: typeof subject) =>
    COMPARED.map((oid) =>
      name.attributes.filter((one) => one.oid === oid).map(({ value }) => value)
    );
  const { basicConstraints, extendedKeyUsage, keyUsage, policies, subjectKeyId } = extensions;
  return {
    serial,
    validity: [new Date(notBefore), new Date(notAfter)],
    spki: encodeHex(spki),
    signature: encodeHex(signature),
    names: [values(subject), values(issuer)],
    ca: basicConstraints && [basicConstraints.ca, basicConstraints.pathLength],
    keyUsage: keyUsage && [...keyUsage].reduce((bits, bit) => bits | 1 << bit, 0),
    extendedKeyUsage,
    policies,
    subjectKeyId,
  };
}

const COMPARED = [ATTRIBUTE.commonName, ATTRIBUTE.organization, "2.5.4.11", "2.5.4.6"];

function theirs(der: Uint8Array): ReturnType<typeof ours> {
  const certificate = new X509Certificate(new Uint8Array(der));
  const { issuerName, notAfter, notBefore, publicKey, serialNumber, signature, subjectName } =
    certificate;
  const values = (name: typeof subjectName) => COMPARED.map((oid) => name.getField(oid));
  const constraints = certificate.getExtension(BasicConstraintsExtension);
  const uses = certificate.getExtension(ExtendedKeyUsageExtension)?.usages as string[] | undefined;
  return {
    serial: serialNumber.replace(/^(00)+/, ""),
    validity: [notBefore, notAfter],
    spki: encodeHex(new Uint8Array(publicKey.rawData)),
    signature: encodeHex(new Uint8Array(signature)),
    names: [values(subjectName), values(issuerName)],
    ca: constraints && [constraints.ca, constraints.pathLength ?? null],
    keyUsage: certificate.getExtension(KeyUsagesExtension)?.usages ?? null,
    extendedKeyUsage: uses ? [...uses] : null,
    policies: [...certificate.getExtension(CertificatePolicyExtension)?.policies ?? []],
    subjectKeyId: certificate.getExtension(SubjectKeyIdentifierExtension)?.keyId ?? null,
  };
}

Deno.test({
  name: "our reader sees in OpenSSL's certificates what @peculiar/x509 sees",
  ignore: await openSslVersion() === null,
  async fn() {
    const made = await makeCertificates();

    for (const der of [...made, ...await authorities()]) assertEquals(ours(der), theirs(der));
    const { extensions, subject } = parseCertificate(made[0]!);
    assertEquals(extensions.otherNames, [{ oid: "2.16.76.1.3.3", value: CNPJ }]);
    assertEquals(subject.attributes.at(-1)?.value, `SAÚDE & VIDA LTDA:${CNPJ}`);
  },
});
