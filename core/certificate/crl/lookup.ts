import type { Portal } from "../../portal.ts";
import { keys } from "../../store/keys.ts";
import { readMany } from "../../store/read.ts";
import type { CrlRecord } from "../../store/records/certificate.ts";
import type { Certificate } from "../x509.ts";
import { findInBucket, hashSerial, packSerial } from "./serials.ts";
import { issuerId } from "./store.ts";

/** A certificate and the authority that issued it. */
export interface Link {
  readonly certificate: Certificate;
  readonly issuer: Certificate;
}

/** What the list of the issuer says about a certificate. */
export interface Answer {
  readonly list: CrlRecord;
  /** Milliseconds since the epoch; null when the certificate is not on the list. */
  readonly revokedAt: number | null;
}

const MAX_ATTEMPTS = 5;

/**
 * Looks up to 10 certificates up in the lists of their issuers: two round trips to the store for all
 * of them. Null for each whose issuer's list is not there. Whether a list is still good, and about
 * this certificate at all, is the caller's to decide.
 */
export async function lookUp(
  portal: Portal,
  links: readonly Link[],
): Promise<(Answer | null)[]> {
  const ids = await Promise.all(links.map(({ issuer }) => issuerId(issuer)));
  const serials = links.map(({ certificate }) => packSerial(certificate.serial));
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    const lists = await readMany(portal.kv, ids.map((id) => keys.crl(id)));
    const wanted = lists.map((list, i) => list && partKey(ids[i]!, list, serials[i]!));
    const found = (await readMany(portal.kv, wanted.filter((key) => key !== null))).values();
    const parts = wanted.map((key) => key && found.next().value);
    const answers = lists.map((list, i): Answer | null | "changed" => {
      if (!list) return null;
      if (list.parts === 0) return { list, revokedAt: null };
      const part = parts[i];
      return part ? { list, revokedAt: findInBucket(part, serials[i]!) } : "changed";
    });
    // A newer list took the place of this one between the two readings.
    if (!answers.includes("changed")) return answers.filter((answer) => answer !== "changed");
  }
  // Parts that stay away: as good as no list.
  return links.map(() => null);
}

function partKey(id: string, { generation, parts }: CrlRecord, serial: Uint8Array<ArrayBuffer>) {
  return parts === 0 ? null : keys.crlPart(id, generation, hashSerial(serial) % parts);
}
