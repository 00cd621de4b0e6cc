import forge from "node-forge";
import type { Bytes } from "@/core/certificate/der.ts";

/** `rc2-40` is what Windows wrote for decades: certificates in RC2-40, the key in 3DES. */
export type Pkcs12Scheme = "aes-256" | "3des" | "rc2-40";

export interface Pkcs12Options {
  /** Extractable. */
  privateKey: CryptoKey;
  /** DER, the one that belongs to the key first. */
  certificates: readonly Uint8Array[];
  password: string;
  scheme?: Pkcs12Scheme;
  iterations?: number;
}

const { asn1, md, pkcs12, pki, random, util } = forge;
const { Class, Type } = asn1;
type Node = forge.asn1.Asn1;

const node = (type: forge.asn1.Type, value: string | Node[]): Node =>
  asn1.create(Class.UNIVERSAL, type, Array.isArray(value), value);
const sequence = (...parts: Node[]): Node => node(Type.SEQUENCE, parts);
const octets = (value: string): Node => node(Type.OCTETSTRING, value);
const integer = (value: number): Node => node(Type.INTEGER, asn1.integerToDer(value).getBytes());
const oid = (name: string): Node => node(Type.OID, asn1.oidToDer(pki.oids[name]!).getBytes());
/** `[0] EXPLICIT`. */
const explicit = (part: Node): Node => asn1.create(Class.CONTEXT_SPECIFIC, 0, true, [part]);
const toDer = (part: Node): string => asn1.toDer(part).getBytes();
const binary = (bytes: Uint8Array): string => util.binary.raw.encode(bytes);

/**
 * Writes a PKCS#12 file (RFC 7292) as OpenSSL 3 does: certificates encrypted and accented passwords
 * taken right, neither of which node-forge's own writer of whole files does.
 *
 * @returns DER
 */
export async function encodePkcs12(options: Pkcs12Options): Promise<Bytes> {
  const { certificates, password, privateKey, scheme = "aes-256", iterations = 2048 } = options;
  const seal = { password, scheme, iterations };
  const key = new Uint8Array(await crypto.subtle.exportKey("pkcs8", privateKey));
  const keyId = await crypto.subtle.digest("SHA-1", new Uint8Array(certificates[0]!));
  const attributes = node(Type.SET, [
    attribute("friendlyName", node(Type.BMPSTRING, "Certificado de desenvolvimento")),
    attribute("localKeyId", octets(binary(new Uint8Array(keyId)))),
  ]);
  const bags = certificates.map((der, i) =>
    sequence(
      oid("certBag"),
      explicit(sequence(oid("x509Certificate"), explicit(octets(binary(der))))),
      ...(i === 0 ? [attributes] : []),
    )
  );
  const [algorithm, sealed] = scheme === "rc2-40"
    ? encryptRc2(sequence(...bags), seal)
    : encryptPart(sequence(...bags), seal);
  const shrouded = sequence(...encryptPart(asn1.fromDer(binary(key)), seal));
  const safe = toDer(sequence(
    sequence(
      oid("encryptedData"),
      explicit(sequence(
        integer(0),
        sequence(
          oid("data"),
          algorithm,
          asn1.create(Class.CONTEXT_SPECIFIC, 0, false, sealed.value),
        ),
      )),
    ),
    data(toDer(sequence(sequence(oid("pkcs8ShroudedKeyBag"), explicit(shrouded), attributes)))),
  ));
  const pfx = toDer(sequence(integer(3), data(safe), mac(safe, seal)));
  return new Uint8Array(util.binary.raw.decode(pfx));
}

type Seal = Required<Pick<Pkcs12Options, "password" | "scheme" | "iterations">>;

const attribute = (name: string, value: Node): Node => sequence(oid(name), node(Type.SET, [value]));
const data = (content: string): Node => sequence(oid("data"), explicit(octets(content)));

/** The algorithm's identifier and the ciphertext: PBES2 with AES-256, or PKCS#12's own with 3DES. */
function encryptPart(part: Node, { iterations, password, scheme }: Seal): [Node, Node] {
  const aes = scheme === "aes-256";
  const sealed = pki.encryptPrivateKeyInfo(part, aes ? util.encodeUtf8(password) : password, {
    algorithm: aes ? "aes256" : "3des",
    prfAlgorithm: "sha256",
    count: iterations,
  });
  return sealed.value as [Node, Node];
}

/** pbeWithSHAAnd40BitRC2-CBC (RFC 7292, appendix C), which node-forge reads but does not write. */
function encryptRc2(part: Node, { iterations, password }: Seal): [Node, Node] {
  const salt = random.getBytesSync(8);
  const derive = (purpose: 1 | 2, length: number) =>
    pkcs12.generateKey(password, util.createBuffer(salt), purpose, iterations, length);
  const cipher = forge.rc2.createEncryptionCipher(derive(1, 5), 40);
  cipher.start(derive(2, 8));
  cipher.update(asn1.toDer(part));
  cipher.finish();
  const algorithm = oid("pbewithSHAAnd40BitRC2-CBC");
  return [
    sequence(algorithm, sequence(octets(salt), integer(iterations))),
    octets(cipher.output.getBytes()),
  ];
}

function mac(content: string, { iterations, password, scheme }: Seal): Node {
  const [name, length] = scheme === "aes-256" ? ["sha256", 32] as const : ["sha1", 20] as const;
  const salt = util.createBuffer(random.getBytesSync(8));
  const hmac = forge.hmac.create();
  hmac.start(name, pkcs12.generateKey(password, salt, 3, iterations, length, md[name].create()));
  hmac.update(content);
  return sequence(
    sequence(sequence(oid(name), node(Type.NULL, "")), octets(hmac.getMac().getBytes())),
    octets(salt.bytes()),
    integer(iterations),
  );
}
