import { randomToken } from "../../ids.ts";
import type { Deps } from "../../deps.ts";
import { accept, refuse, type Result } from "../../result.ts";
import { keys } from "../../store/keys.ts";
import type { CrlRecord } from "../../store/records/certificate.ts";
import { transact, type Transaction } from "../../store/transact.ts";
import { shortNameText } from "../name.ts";
import { fingerprint } from "../trust.ts";
import type { Certificate } from "../x509.ts";
import type { CheckedCrl } from "./check.ts";
import type { CrlCode } from "./messages.ts";

/** An authority's list and where it can be had. */
export interface CrlSource {
  readonly issuer: Certificate;
  readonly urls: readonly string[];
}

/** Ten parts of 60 KB stay below the 800 KB of a commit. */
const PARTS_PER_COMMIT = 10;
const HOUR = 60 * 60_000;

/** Those of the trust store are asked for at every login. */
const issuerIds = new WeakMap<Certificate, Promise<string>>();

/** Names an authority by name and key, whatever its certificates say their key identifier is. */
export function issuerId(issuer: Certificate): Promise<string> {
  let id = issuerIds.get(issuer);
  if (!id) {
    const name = new TextEncoder().encode(issuer.subject.key);
    id = fingerprint(new Uint8Array([...name, 0, ...issuer.spki]));
    issuerIds.set(issuer, id);
  }
  return id;
}

/**
 * Makes a checked list the current one of its authority, for all instances. Refuses one that is
 * older than what is known (RFC 5280, 5.2.3: numbers only rise).
 */
export async function saveCrl(
  deps: Deps,
  { issuer, urls }: CrlSource,
  { der, crl }: { der: Uint8Array; crl: CheckedCrl },
): Promise<Result<CrlRecord, CrlCode>> {
  const id = await issuerId(issuer);
  const { nextUpdate, number, scope, thisUpdate } = crl;
  const { buckets } = crl.revoked;
  const next: CrlRecord = {
    ...{ generation: randomToken(), parts: buckets.length, thisUpdate, nextUpdate, number, scope },
    sha256: await fingerprint(der),
    fetchedAt: deps.now(),
    issuer: issuer.der,
    urls,
  };
  const known = await touch(deps, id, next);
  if (known) return accept(known);

  const lifetime = Math.max(0, nextUpdate - deps.now()) + deps.config.crl.staleHours * HOUR;
  // They end by themselves when the list is of no use any more, also those of a killed writer.
  const expireIn = lifetime + 24 * HOUR;
  await writeParts(deps, buckets.length, (tx, part) => {
    tx.set(keys.crlPart(id, next.generation, part), buckets[part]!, { expireIn });
  });
  let useless: CrlRecord | null = next;
  const outcome = await transact(deps.kv, async (tx) => {
    const current = await tx.get(keys.crl(id));
    if (current && goesBack(current, next)) {
      useless = next;
      return refuse<CrlCode>("crl_went_back", { emissor: shortNameText(issuer.subject) });
    }
    useless = current;
    tx.set(keys.crl(id), next);
    return accept(next);
  });
  if (useless) await deleteParts(deps, id, useless);
  return outcome;
}

/** When the current list is this very one: notes that it has been fetched again. */
async function touch(deps: Deps, id: string, next: CrlRecord): Promise<CrlRecord | null> {
  return await transact(deps.kv, async (tx) => {
    const current = await tx.get(keys.crl(id));
    if (current?.sha256 !== next.sha256) return null;
    const { fetchedAt, urls } = next;
    const touched = { ...current, fetchedAt, urls };
    tx.set(keys.crl(id), touched);
    return touched;
  });
}

/** Removes a list that is of no use any more. */
export async function deleteCrl(deps: Deps, id: string, record: CrlRecord): Promise<void> {
  await transact(deps.kv, (tx) => tx.delete(keys.crl(id)));
  await deleteParts(deps, id, record);
}

function goesBack(current: CrlRecord, next: CrlRecord): boolean {
  if (next.thisUpdate < current.thisUpdate) return true;
  return current.number !== null && (next.number === null || next.number < current.number);
}

/** Calls `write` for each of `count` parts, ten in a commit. */
async function writeParts(
  deps: Deps,
  count: number,
  write: (tx: Transaction, part: number) => void,
): Promise<void> {
  for (let first = 0; first < count; first += PARTS_PER_COMMIT) {
    await transact(deps.kv, (tx) => {
      const end = Math.min(count, first + PARTS_PER_COMMIT);
      for (let part = first; part < end; part++) write(tx, part);
    });
  }
}

function deleteParts(deps: Deps, id: string, { generation, parts }: CrlRecord): Promise<void> {
  return writeParts(deps, parts, (tx, part) => tx.delete(keys.crlPart(id, generation, part)));
}
