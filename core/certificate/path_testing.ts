import {
  buildCertificate,
  type CertificateSpec,
  type Extension,
  extension,
  name,
} from "@/tests/support/pki/certificate.ts";
import { type PathInput, validatePath } from "./path.ts";

/**
 * For tests: a chain of root, CA and leaf on P-256 keys, valid at `TIME`, in which each test breaks
 * one thing.
 */
export const TIME = Date.parse("2026-11-03T12:00:00Z");
export const CLIENT_AUTH = "1.3.6.1.5.5.7.3.2";
const ECDSA = { name: "ECDSA", namedCurve: "P-256" };

export function keyPair(algorithm: AlgorithmIdentifier = ECDSA): Promise<CryptoKeyPair> {
  return crypto.subtle.generateKey(algorithm, true, ["sign", "verify"]) as Promise<CryptoKeyPair>;
}

export function rsaPair(hash: string, modulusLength = 2048, scheme = "RSASSA-PKCS1-v1_5") {
  const publicExponent = new Uint8Array([1, 0, 1]);
  return keyPair({ name: scheme, hash, modulusLength, publicExponent } as RsaHashedKeyGenParams);
}

export interface Node {
  der: Uint8Array<ArrayBuffer>;
  name: Uint8Array<ArrayBuffer>;
  keys: CryptoKeyPair;
}

export interface NodeOptions extends Partial<Omit<CertificateSpec, "issuer" | "subject">> {
  called?: string;
  issuerName?: Uint8Array;
  ownName?: Uint8Array<ArrayBuffer>;
  keys?: CryptoKeyPair;
  /** Key identifiers are added unless false, or already among the extensions. */
  identified?: boolean;
}

export async function issue(issuer: Node | null, options: NodeOptions = {}): Promise<Node> {
  const keys = options.keys ?? await keyPair();
  const own = options.ownName ?? name([["C", "BR"], ["CN", options.called ?? "RAIZ"]]);
  const der = await buildCertificate({
    issuer: options.issuerName ?? issuer?.name ?? own,
    subject: own,
    issuerKey: options.issuerKey ?? (issuer?.keys ?? keys).privateKey,
    publicKey: keys.publicKey,
    notBefore: options.notBefore ?? new Date("2026-01-01"),
    notAfter: options.notAfter ?? new Date("2027-01-01"),
    extensions: await identify(options, keys, issuer?.keys ?? null),
    ...(options.serial ? { serial: options.serial } : {}),
  });
  return { der, name: own, keys };
}

/** The extensions, with the key identifiers that every certificate has to carry. */
async function identify(
  { extensions = CA, identified = true }: NodeOptions,
  own: CryptoKeyPair,
  issuer: CryptoKeyPair | null,
): Promise<Extension[]> {
  if (!identified) return [...extensions];
  const identifiers = [
    await extension.subjectKeyId(own.publicKey),
    ...(issuer ? [await extension.authorityKeyId(issuer.publicKey)] : []),
  ];
  const given = new Set(extensions.map(({ oid }) => oid));
  return [...extensions, ...identifiers.filter(({ oid }) => !given.has(oid))];
}

export const CA = [extension.basicConstraints(true), extension.keyUsage(5, 6)];
export const LEAF = [
  extension.basicConstraints(false),
  extension.keyUsage(0),
  extension.extendedKeyUsage(CLIENT_AUTH),
];

export const caWith = (...more: Extension[]) => [...CA, ...more];
export const leafWith = (...more: Extension[]) => [...LEAF, ...more];

export const root = await issue(null);
export const ca = await issue(root, { called: "AC" });
export const newLeaf = (options: NodeOptions = {}, issuer = ca) =>
  issue(issuer, { called: "EMPRESA", extensions: LEAF, ...options });
export const leaf = await newLeaf();

export async function codeOf(input: Partial<PathInput> = {}): Promise<string> {
  const outcome = await validatePath({
    leaf: leaf.der,
    intermediates: [ca.der],
    anchors: [root.der],
    time: TIME,
    purpose: "clientAuth",
    ...input,
  });
  return outcome.ok ? "ok" : outcome.code;
}

/** The outcome for a leaf under a CA, each made with the given changes. */
export async function codeWith(
  { leafOptions = {}, caOptions = {} }: { leafOptions?: NodeOptions; caOptions?: NodeOptions },
): Promise<string> {
  const under = await issue(root, { called: "AC", ...caOptions });
  const end = await newLeaf(leafOptions, under);
  return await codeOf({ leaf: end.der, intermediates: [under.der] });
}

export const ofLeaf = (leafOptions: NodeOptions) => codeWith({ leafOptions });
export const ofCa = (caOptions: NodeOptions) => codeWith({ caOptions });
