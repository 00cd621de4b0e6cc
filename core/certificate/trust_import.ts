import { keys } from "../store/keys.ts";
import { list } from "../store/read.ts";
import type { TrustRecord } from "../store/records/certificate.ts";
import { transact } from "../store/transact.ts";
import type { CertificateCode } from "./messages.ts";
import { nameText, shortNameText } from "./name.ts";
import { validatePath } from "./path.ts";
import { fingerprint, forgetTrust, loadTrust, type TrustPortal } from "./trust.ts";
import { type Certificate, tryParseCertificate } from "./x509.ts";

export interface TrustImport {
  /** Pinned roots among the certificates. */
  anchors: number;
  /** Intermediates that chain to a pinned root. */
  intermediates: number;
  /** How many of both were not in the store before. */
  added: number;
  skipped: SkippedCertificate[];
}

export interface SkippedCertificate {
  /** Place in the input, from 0. */
  index: number;
  code: CertificateCode;
  /** The authority's name; empty when the certificate cannot be read. */
  name: string;
}

/** Writes in one commit; a record is some 3 KB and a commit takes 800 KB. */
const BATCH = 100;

/**
 * Adds CA certificates to the trust store: pinned roots, and what chains to one of them through the
 * certificates given or already stored. All others are skipped with the reason, never an error.
 *
 * @param onProgress called after each certificate with how many are done
 */
export async function importTrust(
  deps: TrustPortal,
  ders: readonly Uint8Array[],
  onProgress: (done: number) => void = () => {},
): Promise<TrustImport> {
  forgetTrust(deps);
  const stored = await loadTrust(deps);
  const candidates = await Promise.all(ders.map(async (der) => ({
    certificate: tryParseCertificate(der),
    sha256: await fingerprint(der),
  })));
  const isPinned = (sha256: string) => deps.config.anchors.includes(sha256);
  const readable = (those: typeof candidates) =>
    those.map(({ certificate }) => certificate).filter((certificate) => certificate !== null);
  const pinned = candidates.filter(({ sha256 }) => isPinned(sha256));
  const anchors = [...stored.anchors, ...readable(pinned)];
  const intermediates = [...readable(candidates), ...stored.intermediates];

  const report: TrustImport = { anchors: 0, intermediates: 0, added: 0, skipped: [] };
  const trusted = new Map<string, Certificate>();
  for (const [index, { certificate, sha256 }] of candidates.entries()) {
    const skip = (code: CertificateCode, name = "") => report.skipped.push({ index, code, name });
    if (!certificate) skip("certificate_malformed");
    else if (trusted.has(sha256)) continue;
    else if (isPinned(sha256)) {
      report.anchors++;
      trusted.set(sha256, certificate);
    } else {
      const path = await validatePath({
        leaf: certificate.der,
        intermediates,
        anchors,
        time: deps.now(),
        purpose: "ca",
      });
      if (path.ok) {
        report.intermediates++;
        trusted.set(sha256, certificate);
      } else skip(path.code, shortNameText(certificate.subject));
    }
    onProgress(index + 1);
  }
  report.added = await store(deps, [...trusted]);
  return report;
}

async function store(deps: TrustPortal, trusted: [string, Certificate][]): Promise<number> {
  const entries = list(deps.kv, keys.trust.under());
  const known = new Set(await Array.fromAsync(entries, ({ rest: [sha256] }) => sha256));
  const fresh = trusted.filter(([sha256]) => !known.has(sha256));
  for (let at = 0; at < fresh.length; at += BATCH) {
    await transact(deps.kv, (tx) => {
      for (const [sha256, { der, notAfter, subject }] of fresh.slice(at, at + BATCH)) {
        const addedAt = deps.now();
        const record: TrustRecord = { der, subject: nameText(subject), notAfter, addedAt };
        tx.set(keys.trust(sha256), record);
      }
    });
  }
  forgetTrust(deps);
  return fresh.length;
}
