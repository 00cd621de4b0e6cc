import { keys } from "../store/keys.ts";
import { list } from "../store/read.ts";
import { fingerprint, type TrustPortal } from "./trust.ts";

/** An authority is announced as expiring this long before its end. */
export const EXPIRY_WARNING = 60 * 24 * 60 * 60_000;

export interface TrustState {
  /** Roots first, then by name. */
  authorities: Authority[];
  /** Those whose time ends within `EXPIRY_WARNING`, or has ended. */
  expiring: Authority[];
  /** When the last one was added (milliseconds since the epoch); null in an empty store. */
  newest: number | null;
}

export interface Authority {
  subject: string;
  notAfter: number;
  /** A pinned root. */
  anchor: boolean;
}

/** What the operator of the portal wants to know of the trust store. */
export async function describeTrust(portal: TrustPortal): Promise<TrustState> {
  const authorities: Authority[] = [];
  let newest: number | null = null;
  for await (const { value } of list(portal.kv, keys.trust.under())) {
    const anchor = portal.config.anchors.includes(await fingerprint(value.der));
    authorities.push({ subject: value.subject, notAfter: value.notAfter, anchor });
    newest = Math.max(newest ?? 0, value.addedAt);
  }
  authorities.sort((a, b) =>
    Number(b.anchor) - Number(a.anchor) || a.subject.localeCompare(b.subject, "pt-BR")
  );
  const limit = portal.now() + EXPIRY_WARNING;
  return { authorities, expiring: authorities.filter(({ notAfter }) => notAfter < limit), newest };
}
