import { accept, refuse, type Result } from "../../result.ts";
import { type Bytes, DerError } from "../der.ts";
import { type Certificate, tryParseCertificate } from "../x509.ts";
import { type A1Code, A1Failure } from "./failure.ts";
import { type PasswordForms, passwordForms } from "./kdf.ts";
import { type A1Key, belongsTo, importA1Key } from "./key.ts";
import { verifyMac } from "./mac.ts";
import { decryptSequence } from "./pbe.ts";
import { readItems, readPfx, readSafe, type SafeItem } from "./pfx.ts";

/** An opened A1 file. */
export interface A1 extends A1Key {
  /** DER; the first belongs to the key, each next one issued the one before it. */
  readonly certificates: readonly Uint8Array[];
}

/** Real files have 3 to 30 KB. */
const MAX_FILE_BYTES = 1024 * 1024;
/** As many as the portal takes. */
const MAX_CHAIN = 6;

/**
 * Opens a PKCS#12 file (.pfx, .p12) where it is: nothing leaves the browser, and the key in the
 * answer cannot be exported.
 *
 * Tells a wrong password from a damaged file: the MAC alone fails for both, so it is also tried
 * whether the password decrypts anything.
 */
export async function openA1(file: Uint8Array, password: string): Promise<Result<A1, A1Code>> {
  if (file.length > MAX_FILE_BYTES) return refuse("pfx_too_large");
  try {
    return accept(await open(new Uint8Array(file), passwordForms(password)));
  } catch (error) {
    if (error instanceof DerError) return refuse("pfx_damaged");
    if (error instanceof A1Failure) return refuse(error.code, error.detail);
    throw error;
  }
}

async function open(file: Bytes, forms: PasswordForms): Promise<A1> {
  const { content, macData } = readPfx(file);
  const isIntact = macData === null || await verifyMac(macData, content, forms);
  const opener = new Opener(forms);
  const items = await opener.open(content);
  // Right are a MAC that holds and a password that has opened a part: then the file is at fault.
  const isPasswordRight = opener.decrypted || (isIntact && macData !== null);
  if (!isIntact || opener.failed) {
    throw new A1Failure(isPasswordRight ? "pfx_damaged" : "pfx_wrong_password");
  }
  return await pair(items.keys, items.certificates);
}

/** Decrypts the parts of a safe and remembers whether the password worked for any and for all. */
class Opener {
  decrypted = false;
  failed = false;
  readonly #forms: PasswordForms;

  constructor(forms: PasswordForms) {
    this.#forms = forms;
  }

  /** Tries every part, also after one has failed, so that `decrypted` says whether any opens. */
  async open(content: Bytes): Promise<{ keys: Bytes[]; certificates: Certificate[] }> {
    const items: SafeItem[] = [];
    for (const { algorithm, data } of readSafe(content)) {
      const plain = await this.#decrypt(algorithm, data);
      if (plain) items.push(...readItems(plain));
    }
    const keys: Bytes[] = [];
    const certificates: Certificate[] = [];
    for (const item of items) {
      if (item.type === "key") {
        const plain = await this.#decrypt(item.algorithm, item.data);
        if (plain) keys.push(plain);
      } else {
        const certificate = tryParseCertificate(item.der);
        if (certificate) certificates.push(certificate);
      }
    }
    return { keys, certificates };
  }

  async #decrypt(algorithm: Bytes | null, data: Bytes): Promise<Bytes | null> {
    if (!algorithm) return data;
    const plain = await decryptSequence(algorithm, data, this.#forms);
    if (plain) this.decrypted = true;
    else this.failed = true;
    return plain;
  }
}

/** The first key that a certificate belongs to, with that certificate's chain. */
async function pair(keys: readonly Bytes[], certificates: readonly Certificate[]): Promise<A1> {
  if (keys.length === 0) throw new A1Failure("pfx_no_key");
  for (const pkcs8 of keys) {
    const key = await importA1Key(pkcs8);
    for (const certificate of certificates) {
      if (await belongsTo(key, certificate)) {
        return { ...key, certificates: chainOf(certificate, certificates).map(({ der }) => der) };
      }
    }
  }
  throw new A1Failure("pfx_no_certificate");
}

function chainOf(leaf: Certificate, certificates: readonly Certificate[]): Certificate[] {
  const chain = [leaf];
  while (chain.length < MAX_CHAIN) {
    const { issuer } = chain.at(-1)!;
    const next = certificates.find((other) =>
      other.subject.key === issuer.key && !chain.includes(other)
    );
    if (!next) break;
    chain.push(next);
  }
  return chain;
}
