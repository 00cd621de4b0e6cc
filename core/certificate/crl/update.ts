import type { Portal } from "../../portal.ts";
import { refuse } from "../../result.ts";
import { shortNameText } from "../name.ts";
import { checkCrl } from "./check.ts";
import { fetchOnce, type FetchOutcome } from "./claim.ts";
import { fetchCrl } from "./fetch.ts";
import { type CrlSource, issuerId, saveCrl } from "./store.ts";

/** By rule there are two. */
const MAX_URLS = 4;
/** For reading and saving a long list, on top of the time for fetching it. */
const SAVING_MS = 15_000;

/**
 * Brings an authority's list up to date from the first of its addresses that serves a good one. Null
 * when there is one now; else why not. One fetch at a time for each authority across all instances.
 */
export async function updateCrl(portal: Portal, source: CrlSource): Promise<FetchOutcome> {
  const emissor = shortNameText(source.issuer.subject);
  const urls = source.urls.slice(0, MAX_URLS);
  if (urls.length === 0) return refuse("crl_no_address", { emissor });
  const id = await issuerId(source.issuer);
  const lease = urls.length * portal.config.crl.timeoutMs + SAVING_MS;
  const outcome = await fetchOnce(portal, id, lease, async () => {
    const failures = [];
    for (const url of urls) {
      const failure = await updateFrom(portal, source, url);
      if (failure === null) return null;
      failures.push(failure);
    }
    // A host that does not answer says less than one that answers wrongly.
    return failures.find(({ code }) => code !== "crl_unreachable") ?? failures[0]!;
  });
  return outcome === undefined ? refuse("crl_unreachable", { emissor }) : outcome;
}

async function updateFrom(
  portal: Portal,
  source: CrlSource,
  url: string,
): Promise<FetchOutcome> {
  const { config, now } = portal;
  const { issuer } = source;
  const der = await fetchCrl(config.crl, url);
  if (!der.ok) return refuse(der.code, { emissor: shortNameText(issuer.subject) });
  const staleMs = config.crl.staleHours * 60 * 60_000;
  const crl = await checkCrl({ der: der.data, issuer, time: now(), staleMs });
  if (!crl.ok) return crl;
  const saved = await saveCrl(portal, source, { der: der.data, crl: crl.data });
  return saved.ok ? null : saved;
}
