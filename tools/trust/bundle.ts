import { basename, extname, join } from "@std/path";
import { unzipSync } from "fflate";
import { type Bytes, DerError } from "../../core/certificate/der.ts";
import { Refused } from "../command.ts";
import { fromPem } from "../pki/pem.ts";
import { readPkcs7Certificates } from "./pkcs7.ts";

/** A certificate and the file it was in. */
export interface Found {
  file: string;
  der: Uint8Array;
}

const EXTENSIONS = new Set([".crt", ".cer", ".pem", ".der", ".p7b", ".p7c"]);
/** The ITI bundle unpacks to well under 1 MB. */
const MAX_UNPACKED = 20 * 1024 * 1024;

/**
 * All certificates of a folder, a .zip or a single file, in the order of the file names.
 * @throws {Refused} when there is no such place, or nothing in it that could be a certificate
 */
export async function readBundle(path: string): Promise<Found[]> {
  const files = await readFiles(path);
  const known = files
    .filter(({ name }) => EXTENSIONS.has(extname(name).toLowerCase()))
    .sort((a, b) => a.name < b.name ? -1 : 1);
  if (known.length === 0) {
    throw new Refused(`Não há arquivos .crt, .cer, .pem, .der ou .p7b em ${path}.`);
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
    if (error instanceof Deno.errors.NotFound) throw new Refused(`${path} não existe.`);
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
        if (unpacked > MAX_UNPACKED) throw new Refused(`${path} é grande demais.`);
        return wanted;
      },
    });
    return Object.entries(files)
      .map(([name, content]) => ({ name: basename(name), bytes: new Uint8Array(content) }));
  } catch (error) {
    if (error instanceof Refused) throw error;
    throw new Refused(`${path} está danificado ou não é um arquivo .zip.`);
  }
}

/** A file that cannot be read goes on as it is: the import names it among those it skips. */
function readFile(file: string, bytes: Bytes): Found[] {
  const text = new TextDecoder("latin1").decode(bytes);
  const blocks = fromPem("CERTIFICATE", text);
  if (blocks.length > 0) return blocks.map((der) => ({ file, der }));
  if (!/\.p7[bc]$/i.test(file)) return [{ file, der: bytes }];
  try {
    const [inner = bytes] = fromPem("PKCS7", text);
    return readPkcs7Certificates(inner).map((der) => ({ file, der }));
  } catch (error) {
    if (!(error instanceof DerError)) throw error;
    return [{ file, der: bytes }];
  }
}
