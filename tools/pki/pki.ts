import { join } from "@std/path";
import { type Authority, issue } from "./authority.ts";
import { readPem } from "@/core/certificate/pem.ts";
import { toPem } from "./pem.ts";
import {
  BasicConstraintsExtension,
  CRLDistributionPointsExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
} from "./x509.ts";

/**
 * Where the certificates of the development PKI say that the revocation lists are. The host exists
 * nowhere: the certificates of a data folder outlive the port of the development server, so it is the
 * server's configuration that says where this host is to be reached today.
 */
export const CRL_HOST = "crl.habilita.example";

/** Address of the revocation list of an authority, by the name of its file. */
export function crlUrl(file: string): string {
  return `http://${CRL_HOST}/${file}.crl`;
}

/** The development PKI, three levels deep as the real one. */
export interface Pki {
  root: Authority;
  secretaria: Authority;
  issuing: Authority;
}

const KEY_ALGORITHM = {
  name: "RSASSA-PKCS1-v1_5",
  hash: "SHA-256",
  modulusLength: 2048,
  publicExponent: new Uint8Array([1, 0, 1]),
} as const;

/** An extractable RSA-2048 pair, as A1 files hold. */
export async function generateKey(): Promise<CryptoKeyPair> {
  return await crypto.subtle.generateKey(KEY_ALGORITHM, true, ["sign", "verify"]);
}

const NOT_BEFORE = new Date("2020-01-01T00:00:00Z");
const NOT_AFTER = new Date("2045-01-01T00:00:00Z");

const LEVELS = [
  { file: "raiz", common: "AC Raiz Brasileira de Desenvolvimento", pathLength: undefined },
  {
    file: "secretaria",
    common: "AC Secretaria da Receita Federal de Desenvolvimento",
    pathLength: 1,
  },
  { file: "emissora", common: "AC Habilita RFB de Desenvolvimento", pathLength: 0 },
] as const;

/** Makes a new development PKI. Nothing in it comes from ICP-Brasil but the shape. */
export async function createPki(): Promise<Pki> {
  const authorities: Authority[] = [];
  for (const [i, { common, pathLength }] of LEVELS.entries()) {
    const { privateKey, publicKey } = await generateKey();
    const issuer = authorities.at(-1);
    const certificate = await issue(
      issuer?.certificate ?? null,
      issuer?.privateKey ?? privateKey,
      {
        name: [{ C: ["BR"] }, { O: ["Habilita Desenvolvimento"] }, { CN: [common] }],
        publicKey,
        notBefore: NOT_BEFORE,
        notAfter: NOT_AFTER,
        extensions: [
          new BasicConstraintsExtension(true, pathLength, true),
          new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
          ...(i > 0 ? [new CRLDistributionPointsExtension([crlUrl(LEVELS[i - 1]!.file)])] : []),
        ],
      },
    );
    authorities.push({ certificate, privateKey });
  }
  return toPki(authorities);
}

function toPki([root, secretaria, issuing]: Authority[]): Pki {
  return { root: root!, secretaria: secretaria!, issuing: issuing! };
}

/**
 * The development PKI of a data folder, in its subfolder `pki`; made when there is none, the same
 * one ever after. Two processes that start together end with the same.
 */
export async function openPki(data: string): Promise<Pki> {
  const folder = join(data, "pki");
  const existing = await readPki(folder);
  if (existing) return existing;
  await Deno.mkdir(data, { recursive: true });
  const draft = await Deno.makeTempDir({ dir: data, prefix: "pki-" });
  const pki = await createPki();
  await writePki(draft, pki);
  try {
    await Deno.rename(draft, folder);
    return pki;
  } catch (error) {
    await Deno.remove(draft, { recursive: true });
    const other = await readPki(folder);
    if (other) return other;
    throw error;
  }
}

async function writePki(folder: string, pki: Pki): Promise<void> {
  const authorities = [pki.root, pki.secretaria, pki.issuing];
  for (const [i, { certificate, privateKey }] of authorities.entries()) {
    const path = join(folder, LEVELS[i]!.file);
    const key = new Uint8Array(await crypto.subtle.exportKey("pkcs8", privateKey));
    await Deno.writeTextFile(`${path}.crt`, toPem("CERTIFICATE", certificate));
    await Deno.writeTextFile(`${path}.key`, toPem("PRIVATE KEY", key), { mode: 0o600 });
  }
}

async function readPki(folder: string): Promise<Pki | null> {
  try {
    return toPki(
      await Promise.all(LEVELS.map(({ file }) => readStoredAuthority(join(folder, file)))),
    );
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

async function readStoredAuthority(path: string): Promise<Authority> {
  const [certificate] = readPem(await Deno.readTextFile(`${path}.crt`));
  const [key] = readPem(await Deno.readTextFile(`${path}.key`), "PRIVATE KEY");
  if (!certificate || !key) throw new Error(`Damaged: ${path}.crt or .key. Remove the folder.`);
  const privateKey = await crypto.subtle.importKey("pkcs8", key, KEY_ALGORITHM, true, ["sign"]);
  return { certificate, privateKey };
}
