import type { Deps } from "../../deps.ts";
import { type Refusal, refuse } from "../../result.ts";
import { keys } from "../../store/keys.ts";
import { readMany } from "../../store/read.ts";
import type { CrlRecord } from "../../store/records/certificate.ts";
import { shortNameText } from "../name.ts";
import { formatDate } from "../time.ts";
import type { Certificate } from "../x509.ts";
import { covers } from "./extensions.ts";
import type { CrlCode } from "./messages.ts";
import { refuseRevoked } from "./pool.ts";
import { findInBucket, hashSerial, packSerial } from "./serials.ts";
import { issuerId } from "./store.ts";
import { type FetchOutcome, updateCrl } from "./update.ts";

/**
 * Asks the portal's revocation lists about a validated path, fetching those that are missing or have
 * run out. Null when nothing in it is revoked. The first certificate is always asked about; an
 * authority when its certificate says where (the anchor is pinned, and no list revokes it).
 *
 * Fails closed: what cannot be checked is refused with the reason. With `staleHours` a list that
 * has run out is used that much longer when no newer one can be had.
 *
 * @param path leaf first, anchor last
 */
export async function checkRevocation(
  deps: Deps,
  path: readonly Certificate[],
): Promise<Refusal<CrlCode> | null> {
  if (deps.config.crl.revocation === "off") return null;
  const links = path.slice(0, -1).map((certificate, i) => ({ certificate, issuer: path[i + 1]! }))
    .filter(({ certificate }, i) => i === 0 || urlsOf(certificate).length > 0);

  let answers = await lookUp(deps, links);
  const outcomes = await Promise.all(
    links.map(({ certificate, issuer }, i) =>
      isFresh(deps, answers[i]!) ? null : updateCrl(deps, { issuer, urls: urlsOf(certificate) })
    ),
  );
  if (!answers.every((answer) => isFresh(deps, answer))) answers = await lookUp(deps, links);

  for (const [i, link] of links.entries()) {
    const isLeaf = link.certificate === path[0];
    const refusal = judge(deps, link, isLeaf, answers[i]!, outcomes[i]!);
    if (refusal) return refusal;
  }
  return null;
}

function urlsOf({ extensions }: Certificate): readonly string[] {
  return extensions.crlDistributionPoints?.urls ?? [];
}

function isFresh(deps: Deps, answer: RevocationAnswer | null): boolean {
  return answer !== null && deps.now() <= answer.list.nextUpdate;
}

function judge(
  deps: Deps,
  { certificate, issuer }: Link,
  isLeaf: boolean,
  answer: RevocationAnswer | null,
  outcome: FetchOutcome,
): Refusal<CrlCode> | null {
  const emissor = shortNameText(issuer.subject);
  if (!answer) return outcome ?? refuse("crl_missing", { emissor });
  const { list, revokedAt } = answer;
  const { config: { crl: { staleHours } }, now } = deps;
  // A revocation stays one, however old the list.
  if (revokedAt !== null) return refuseRevoked(certificate, revokedAt, isLeaf);
  if (now() > list.nextUpdate + staleHours * 60 * 60_000) {
    return outcome ?? refuse("crl_expired", { emissor, data: formatDate(list.nextUpdate) });
  }
  return covers(list.scope, certificate) ? null : refuse("crl_other_scope", { emissor });
}

/** A certificate and the authority that issued it. */
export interface Link {
  readonly certificate: Certificate;
  readonly issuer: Certificate;
}

/** What the list of the issuer says about a certificate. */
export interface RevocationAnswer {
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
  deps: Deps,
  links: readonly Link[],
): Promise<(RevocationAnswer | null)[]> {
  const ids = await Promise.all(links.map(({ issuer }) => issuerId(issuer)));
  const serials = links.map(({ certificate }) => packSerial(certificate.serial));
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    const lists = await readMany(deps.kv, ids.map((id) => keys.crl(id)));
    const wanted = lists.map((list, i) => list && partKey(ids[i]!, list, serials[i]!));
    const found = (await readMany(deps.kv, wanted.filter((key) => key !== null))).values();
    const parts = wanted.map((key) => key && found.next().value);
    const answers = lists.map((list, i): RevocationAnswer | null | "changed" => {
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
