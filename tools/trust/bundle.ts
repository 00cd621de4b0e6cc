import { basename, extname, join } from "@std/path";
import { unzipSync } from "fflate";
import { toDer } from "../../core/certificate/a1/ber.ts";
import {
  type Bytes,
  constructed,
  DerError,
  DerReader,
  enter,
  readOid,
  TAG,
} from "../../core/certificate/der.ts";
import { CommandRefused } from "../command.ts";
import { readPem } from "../../core/certificate/pem.ts";

/** A certificate and the file it was in. */
export interface BundledCertificate {
  file: string;
  der: Uint8Array;
}

const EXTENSIONS = new Set([".crt", ".cer", ".pem", ".der", ".p7b", ".p7c"]);
/** The ITI bundle unpacks to well under 1 MB. */
const MAX_UNPACKED = 20 * 1024 * 1024;

/**
 * All certificates of a folder, a .zip or a single file, in the order of the file names.
 * @throws {CommandRefused} when there is no such place, or nothing in it that could be a certificate
 */
export async function readBundle(path: string): Promise<BundledCertificate[]> {
  const files = await readFiles(path);
  const known = files
    .filter(({ name }) => EXTENSIONS.has(extname(name).toLowerCase()))
    .sort((a, b) => a.name < b.name ? -1 : 1);
  if (known.length === 0) {
    throw new CommandRefused(`Não há arquivos .crt, .cer, .pem, .der ou .p7b em ${path}.`);
  }
  return known.flatMap(({ name, bytes }) => readFile(name, bytes));
}

interface NamedBytes {
  name: string;
  bytes: Bytes;
}

async function readFiles(path: string): Promise<NamedBytes[]> {
  try {
    const { isDirectory } = await Deno.stat(path);
    if (!isDirectory) {
      const bytes = await Deno.readFile(path);
      return extname(path).toLowerCase() === ".zip"
        ? unzip(path, bytes)
        : [{ name: basename(path), bytes }];
    }
    const names: string[] = [];
    for await (const { isFile, name } of Deno.readDir(path)) if (isFile) names.push(name);
    return await Promise.all(
      names.map(async (name) => ({ name, bytes: await Deno.readFile(join(path, name)) })),
    );
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) throw new CommandRefused(`${path} não existe.`);
    throw error;
  }
}

function unzip(path: string, bytes: Bytes): NamedBytes[] {
  let unpacked = 0;
  try {
    const files = unzipSync(bytes, {
      filter: ({ name, originalSize }) => {
        const wanted = EXTENSIONS.has(extname(name).toLowerCase());
        if (wanted) unpacked += originalSize;
        if (unpacked > MAX_UNPACKED) throw new CommandRefused(`${path} é grande demais.`);
        return wanted;
      },
    });
    return Object.entries(files)
      .map(([name, content]) => ({ name: basename(name), bytes: new Uint8Array(content) }));
  } catch (error) {
    if (error instanceof CommandRefused) throw error;
    throw new CommandRefused(`${path} está danificado ou não é um arquivo .zip.`);
  }
}

/** A file that cannot be read goes on as it is: the import names it among those it skips. */
function readFile(file: string, bytes: Bytes): BundledCertificate[] {
  const text = new TextDecoder("latin1").decode(bytes);
  const blocks = readPem(text, "CERTIFICATE", Infinity);
  if (blocks.length > 0) return blocks.map((der) => ({ file, der }));
  if (!/\.p7[bc]$/i.test(file)) return [{ file, der: bytes }];
  try {
    const [inner = bytes] = readPem(text, "PKCS7", Infinity);
    return readPkcs7Certificates(inner).map((der) => ({ file, der }));
  } catch (error) {
    if (!(error instanceof DerError)) throw error;
    return [{ file, der: bytes }];
  }
}

const SIGNED_DATA = "1.2.840.113549.1.7.2";

/**
 * The certificates in a PKCS#7 file (.p7b): SignedData with nothing signed (RFC 5652, 5.1). Nothing
 * in it is believed for being there; the import decides about each certificate.
 * @throws {DerError} when it is not such a file
 */
function readPkcs7Certificates(bytes: Bytes): Bytes[] {
  const outer = enter(toDer(bytes));
  if (readOid(outer.next(TAG.oid).content) !== SIGNED_DATA) throw new DerError("not SignedData");
  const signedData = enter(outer.next(constructed(0)).content);
  signedData.next(TAG.integer);
  signedData.next(TAG.set);
  signedData.next(TAG.sequence);
  const certificates = signedData.optional(constructed(0));
  if (!certificates) return [];
  const reader = new DerReader(certificates.content);
  const found: Bytes[] = [];
  while (!reader.done) {
    const { tag, bytes } = reader.next();
    // The other choices of this set are old forms that no authority uses.
    if (tag === TAG.sequence) found.push(bytes);
  }
  return found;
}
