import type { Portal } from "../../portal.ts";
import { type Refusal, refuse } from "../../result.ts";
import { formatDate } from "../format.ts";
import { shortNameText } from "../name.ts";
import type { Certificate } from "../x509.ts";
import type { FetchOutcome } from "./claim.ts";
import { covers } from "./extensions.ts";
import { type Answer, type Link, lookUp } from "./lookup.ts";
import type { CrlCode } from "./messages.ts";
import { refuseRevoked } from "./pool.ts";
import { updateCrl } from "./update.ts";

/**
 * Asks the portal's revocation lists about a validated path, fetching those that are missing or have
 * run out. Null when nothing in it is revoked. The first certificate is always asked about; an
 * authority when its certificate says where (the anchor is pinned, and nobody's to revoke).
 *
 * Fails closed: what cannot be checked is refused with the reason. With `staleHours` a list that
 * has run out is used that much longer when no newer one can be had.
 *
 * @param path leaf first, anchor last
 */
export async function checkRevocation(
  portal: Portal,
  path: readonly Certificate[],
): Promise<Refusal<CrlCode> | null> {
  if (portal.config.crl.revocation === "off") return null;
  const links = path.slice(0, -1).map((certificate, i) => ({ certificate, issuer: path[i + 1]! }))
    .filter(({ certificate }, i) => i === 0 || urlsOf(certificate).length > 0);

  let answers = await lookUp(portal, links);
  const outcomes = await Promise.all(
    links.map(({ certificate, issuer }, i) =>
      isFresh(portal, answers[i]!) ? null : updateCrl(portal, { issuer, urls: urlsOf(certificate) })
    ),
  );
  if (!answers.every((answer) => isFresh(portal, answer))) answers = await lookUp(portal, links);

  for (const [i, link] of links.entries()) {
    const isLeaf = link.certificate === path[0];
    const refusal = judge(portal, link, isLeaf, answers[i]!, outcomes[i]!);
    if (refusal) return refusal;
  }
  return null;
}

function urlsOf({ extensions }: Certificate): readonly string[] {
  return extensions.crlDistributionPoints?.urls ?? [];
}

function isFresh(portal: Portal, answer: Answer | null): boolean {
  return answer !== null && portal.now() <= answer.list.nextUpdate;
}

function judge(
  portal: Portal,
  { certificate, issuer }: Link,
  isLeaf: boolean,
  answer: Answer | null,
  outcome: FetchOutcome,
): Refusal<CrlCode> | null {
  const emissor = shortNameText(issuer.subject);
  if (!answer) return outcome ?? refuse("crl_missing", { emissor });
  const { list, revokedAt } = answer;
  const { config: { crl: { staleHours } }, now } = portal;
  // A revocation stays one, however old the list.
  if (revokedAt !== null) return refuseRevoked(certificate, revokedAt, isLeaf);
  if (now() > list.nextUpdate + staleHours * 60 * 60_000) {
    return outcome ?? refuse("crl_expired", { emissor, data: formatDate(list.nextUpdate) });
  }
  return covers(list.scope, certificate) ? null : refuse("crl_other_scope", { emissor });
}
