import des from "node-forge/lib/des.js";
import rc2 from "node-forge/lib/rc2.js";
import util from "node-forge/lib/util.js";
import { bmpPassword, deriveBytes, type HashName, KDF_PURPOSE } from "@/core/certificate/a1/kdf.ts";
import {
  bmp,
  type Bytes,
  explicit,
  implicit,
  integer,
  latin1,
  nothing,
  octetString,
  oid,
  sequence,
  set,
} from "./der.ts";

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

const DATA = "1.2.840.113549.1.7.1";
const ENCRYPTED_DATA = "1.2.840.113549.1.7.6";
const SHROUDED_KEY_BAG = "1.2.840.113549.1.12.10.1.2";
const CERTIFICATE_BAG = "1.2.840.113549.1.12.10.1.3";
const X509_CERTIFICATE = "1.2.840.113549.1.9.22.1";
const FRIENDLY_NAME = "1.2.840.113549.1.9.20";
const LOCAL_KEY_ID = "1.2.840.113549.1.9.21";
const SHA1 = "1.3.14.3.2.26";
const SHA256 = "2.16.840.1.101.3.4.2.1";

/** Writes a PKCS#12 file (RFC 7292) as OpenSSL 3 does: accented passwords included. */
export async function encodePkcs12(options: Pkcs12Options): Promise<Bytes> {
  const { certificates, password, privateKey, scheme = "aes-256", iterations = 2048 } = options;
  const key = new Uint8Array(await crypto.subtle.exportKey("pkcs8", privateKey));
  const encrypt = scheme === "aes-256" ? encryptAes : encryptLegacy(scheme);

  const keyId = new Uint8Array(await crypto.subtle.digest("SHA-1", certificates[0]!.slice()));
  const certificateBags = certificates.map((der, i) =>
    bag(
      CERTIFICATE_BAG,
      sequence(oid(X509_CERTIFICATE), explicit(0, octetString(der))),
      i === 0 ? attributes(keyId) : [],
    )
  );
  const shrouded = await encrypt(key, password, iterations, "key");
  const keyBag = bag(
    SHROUDED_KEY_BAG,
    sequence(shrouded.algorithm, octetString(shrouded.content)),
    attributes(keyId),
  );
  const sealed = await encrypt(sequence(...certificateBags), password, iterations, "certificates");
  const encrypted = sequence(
    integer(0),
    sequence(oid(DATA), sealed.algorithm, implicit(0, sealed.content)),
  );
  const safe = sequence(
    sequence(oid(ENCRYPTED_DATA), explicit(0, encrypted)),
    sequence(oid(DATA), explicit(0, octetString(sequence(keyBag)))),
  );
  return sequence(
    integer(3),
    sequence(oid(DATA), explicit(0, octetString(safe))),
    await mac(safe, password, iterations, scheme === "aes-256" ? "SHA-256" : "SHA-1"),
  );
}

function bag(id: string, value: Bytes, attributes: Bytes[]): Bytes {
  return sequence(oid(id), explicit(0, value), ...attributes);
}

function attributes(keyId: Bytes): Bytes[] {
  return [set(
    sequence(oid(FRIENDLY_NAME), set(bmp("Certificado de desenvolvimento"))),
    sequence(oid(LOCAL_KEY_ID), set(octetString(keyId))),
  )];
}

interface Encrypted {
  algorithm: Bytes;
  content: Bytes;
}

type Encrypt = (
  data: Bytes,
  password: string,
  iterations: number,
  what: "key" | "certificates",
) => Promise<Encrypted>;

/** PBES2: PBKDF2 with HMAC-SHA-256 over the password in UTF-8, AES-256-CBC. */
const encryptAes: Encrypt = async (data, password, iterations) => {
  const salt = random(16);
  const iv = random(16);
  const secret = new TextEncoder().encode(password);
  const base = await crypto.subtle.importKey("raw", secret, "PBKDF2", false, ["deriveKey"]);
  const key = await crypto.subtle.deriveKey(
    { name: "PBKDF2", hash: "SHA-256", salt, iterations },
    base,
    { name: "AES-CBC", length: 256 },
    false,
    ["encrypt"],
  );
  const content = await crypto.subtle.encrypt({ name: "AES-CBC", iv }, key, data);
  const prf = sequence(oid("1.2.840.113549.2.9"), nothing());
  const algorithm = sequence(
    oid("1.2.840.113549.1.5.13"),
    sequence(
      sequence(
        oid("1.2.840.113549.1.5.12"),
        sequence(octetString(salt), integer(iterations), prf),
      ),
      sequence(oid("2.16.840.1.101.3.4.1.42"), octetString(iv)),
    ),
  );
  return { algorithm, content: new Uint8Array(content) };
};

/** pbeWithSHAAnd3-KeyTripleDES-CBC and pbeWithSHAAnd40BitRC2-CBC (RFC 7292, appendix C). */
function encryptLegacy(scheme: "3des" | "rc2-40"): Encrypt {
  return (data, password, iterations, what) => {
    const isRc2 = scheme === "rc2-40" && what === "certificates";
    const salt = random(8);
    const derive = (purpose: 1 | 2, length: number) =>
      binary(
        deriveBytes(bmpPassword(password), { hash: "SHA-1", salt, iterations, purpose, length }),
      );
    const key = derive(KDF_PURPOSE.key, isRc2 ? 5 : 24);
    const iv = derive(KDF_PURPOSE.iv, 8);
    const cipher = isRc2
      ? rc2.createEncryptionCipher(key, 40)
      : des.createEncryptionCipher(key, "CBC");
    cipher.start(iv);
    cipher.update(util.createBuffer(binary(data)));
    cipher.finish();
    const algorithm = sequence(
      oid(isRc2 ? "1.2.840.113549.1.12.1.6" : "1.2.840.113549.1.12.1.3"),
      sequence(octetString(salt), integer(iterations)),
    );
    return Promise.resolve({ algorithm, content: latin1(cipher.output.getBytes()) });
  };
}

async function mac(
  data: Bytes,
  password: string,
  iterations: number,
  hash: HashName,
): Promise<Bytes> {
  const salt = random(8);
  const length = hash === "SHA-1" ? 20 : 32;
  const purpose = KDF_PURPOSE.mac;
  const secret = deriveBytes(bmpPassword(password), { hash, salt, iterations, purpose, length });
  const key = await crypto.subtle.importKey("raw", secret, { name: "HMAC", hash }, false, ["sign"]);
  const digest = new Uint8Array(await crypto.subtle.sign("HMAC", key, data));
  const algorithm = sequence(oid(hash === "SHA-1" ? SHA1 : SHA256), nothing());
  return sequence(sequence(algorithm, octetString(digest)), octetString(salt), integer(iterations));
}

function random(length: number): Bytes {
  return crypto.getRandomValues(new Uint8Array(length));
}

function binary(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}
