import {
  bitString,
  boolean,
  type Bytes,
  explicit,
  ia5,
  implicit,
  integer,
  nothing,
  octetString,
  oid,
  printable,
  sequence,
  set,
  time,
  utf8,
} from "./der.ts";

export interface Extension {
  oid: string;
  critical?: boolean;
  /** DER of the extension's own type. */
  value: Uint8Array;
}

export interface CertificateSpec {
  /** Big-endian; random when left out. */
  serial?: Uint8Array;
  /** DER of the names. */
  issuer: Uint8Array;
  subject: Uint8Array;
  notBefore: Date;
  notAfter: Date;
  publicKey: CryptoKey;
  extensions: readonly Extension[];
  /** Its algorithm decides how is signed. */
  issuerKey: CryptoKey;
}

/** Also SHA-1, so that tests can make what must be refused. */
const RSA_SIGNATURES: Record<string, string> = {
  "SHA-1": "1.2.840.113549.1.1.5",
  "SHA-256": "1.2.840.113549.1.1.11",
  "SHA-384": "1.2.840.113549.1.1.12",
  "SHA-512": "1.2.840.113549.1.1.13",
};

const CURVES: Record<string, { oid: string; hash: string }> = {
  "P-256": { oid: "1.2.840.10045.4.3.2", hash: "SHA-256" },
  "P-384": { oid: "1.2.840.10045.4.3.3", hash: "SHA-384" },
};

/** Makes and signs an X.509 certificate; answers its DER. */
export async function buildCertificate(spec: CertificateSpec): Promise<Bytes> {
  const publicKey = new Uint8Array(await crypto.subtle.exportKey("spki", spec.publicKey));
  return await sign(spec.issuerKey, (algorithm) =>
    sequence(
      explicit(0, integer(2)),
      integer(spec.serial ?? randomSerial()),
      algorithm,
      spec.issuer,
      sequence(time(spec.notBefore), time(spec.notAfter)),
      spec.subject,
      publicKey,
      ...(spec.extensions.length
        ? [explicit(3, sequence(...spec.extensions.map(encodeExtension)))]
        : []),
    ));
}

/** Signs what `build` lays out around an AlgorithmIdentifier: a certificate, a revocation list. */
export async function sign(
  key: CryptoKey,
  build: (algorithm: Uint8Array) => Bytes,
): Promise<Bytes> {
  const algorithm = signatureAlgorithm(key);
  const tbs = build(algorithm.identifier);
  const raw = new Uint8Array(await crypto.subtle.sign(algorithm.parameters, key, tbs));
  const signature = algorithm.isEcdsa ? ecdsaToDer(raw) : raw;
  return sequence(tbs, algorithm.identifier, bitString(signature));
}

function signatureAlgorithm(key: CryptoKey) {
  const { name } = key.algorithm;
  if (name === "ECDSA") {
    const { hash, oid: id } = CURVES[(key.algorithm as EcKeyAlgorithm).namedCurve]!;
    return { identifier: sequence(oid(id)), parameters: { name, hash }, isEcdsa: true };
  }
  const { hash } = key.algorithm as RsaHashedKeyAlgorithm;
  if (name === "RSA-PSS") {
    return { identifier: pssIdentifier(), parameters: { name, saltLength: 32 }, isEcdsa: false };
  }
  const id = RSA_SIGNATURES[hash.name]!;
  return { identifier: sequence(oid(id), nothing()), parameters: { name }, isEcdsa: false };
}

/** RSASSA-PSS with SHA-256 throughout and a salt of 32 octets (RFC 4055, 3.1). */
function pssIdentifier(): Bytes {
  const sha256 = sequence(oid("2.16.840.1.101.3.4.2.1"), nothing());
  const mgf1 = sequence(oid("1.2.840.113549.1.1.8"), sha256);
  return sequence(
    oid("1.2.840.113549.1.1.10"),
    sequence(explicit(0, sha256), explicit(1, mgf1), explicit(2, integer(32))),
  );
}

function ecdsaToDer(raw: Bytes): Bytes {
  const half = raw.length / 2;
  return sequence(integer(raw.subarray(0, half)), integer(raw.subarray(half)));
}

function randomSerial(): Bytes {
  const serial = crypto.getRandomValues(new Uint8Array(12));
  serial[0] = serial[0]! & 0x7f | 0x40;
  return serial;
}

export function encodeExtension({ critical, oid: id, value }: Extension): Bytes {
  return sequence(oid(id), ...(critical ? [boolean(true)] : []), octetString(value));
}

const ATTRIBUTES: Record<string, string> = {
  CN: "2.5.4.3",
  serialNumber: "2.5.4.5",
  C: "2.5.4.6",
  L: "2.5.4.7",
  ST: "2.5.4.8",
  O: "2.5.4.10",
  OU: "2.5.4.11",
};

/** DER of a Name, e.g. `name([["C", "BR"], ["CN", "EMPRESA"]])`. */
export function name(
  attributes: readonly (readonly [string, string])[],
  text: (value: string) => Uint8Array = utf8,
): Bytes {
  return sequence(
    ...attributes.map(([type, value]) =>
      set(sequence(oid(ATTRIBUTES[type]!), type === "C" ? printable(value) : text(value)))
    ),
  );
}

/** The extensions of the profiles, each with the criticality ICP-Brasil gives it. */
export const extension = {
  basicConstraints(ca: boolean, pathLength?: number): Extension {
    const length = pathLength === undefined ? [] : [integer(pathLength)];
    return {
      oid: "2.5.29.19",
      critical: true,
      value: sequence(...(ca ? [boolean(true)] : []), ...length),
    };
  },
  /** Bit numbers of RFC 5280, 4.2.1.3, below 8. */
  keyUsage(...bits: number[]): Extension {
    const octet = bits.reduce((sum, bit) => sum | 0x80 >> bit, 0);
    return {
      oid: "2.5.29.15",
      critical: true,
      value: bitString(new Uint8Array([octet]), 7 - Math.max(...bits)),
    };
  },
  extendedKeyUsage(...oids: string[]): Extension {
    return { oid: "2.5.29.37", value: sequence(...oids.map(oid)) };
  },
  policies(...oids: string[]): Extension {
    return { oid: "2.5.29.32", value: sequence(...oids.map((id) => sequence(oid(id)))) };
  },
  crl(...urls: string[]): Extension {
    const point = (url: string) =>
      sequence(explicit(0, explicit(0, implicit(6, ia5(url).subarray(2)))));
    return { oid: "2.5.29.31", value: sequence(...urls.map(point)) };
  },
  async subjectKeyId(key: CryptoKey): Promise<Extension> {
    return { oid: "2.5.29.14", value: octetString(await keyId(key)) };
  },
  async authorityKeyId(key: CryptoKey): Promise<Extension> {
    return { oid: "2.5.29.35", value: sequence(implicit(0, await keyId(key))) };
  },
};

async function keyId(key: CryptoKey): Promise<Bytes> {
  const spki = await crypto.subtle.exportKey("spki", key);
  return new Uint8Array(await crypto.subtle.digest("SHA-256", spki)).slice(0, 20);
}
