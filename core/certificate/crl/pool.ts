import { type Refusal, refuse, type Result } from "../../result.ts";
import { shortNameText } from "../name.ts";
import { formatDate } from "../time.ts";
import type { Certificate } from "../x509.ts";
import { checkCrl, type CheckedCrl } from "./check.ts";
import { covers } from "./extensions.ts";
import type { CrlCode } from "./messages.ts";
import { revokedAt } from "./serials.ts";

/**
 * `require`: a good list for every certificate below the anchor, else refused. `if-available`: what
 * a good list revokes is refused, the rest passes. `off`: nothing is looked at.
 */
export type RevocationMode = "require" | "if-available" | "off";

/** Revocation lists given from outside, in any order, bad ones among them. */
export class CrlPool {
  readonly #crls: readonly Uint8Array[];
  readonly #time: number;
  readonly #allowWeak: boolean;
  readonly #checked = new Map<Certificate, Promise<Result<CheckedCrl, CrlCode>[]>>();

  /** @param allowWeak see `PathInput` */
  constructor(crls: readonly Uint8Array[], time: number, allowWeak: boolean) {
    this.#allowWeak = allowWeak;
    this.#crls = crls;
    this.#time = time;
  }

  /** Null when no certificate of the path is revoked, as far as `mode` wants to know. */
  async checkPath(
    path: readonly Certificate[],
    mode: RevocationMode,
  ): Promise<Refusal<CrlCode> | null> {
    if (mode === "off") return null;
    for (const [i, issuer] of path.slice(1).entries()) {
      const refusal = await this.#checkOne(path[i]!, issuer, i === 0);
      if (refusal && (mode === "require" || isRevocation(refusal))) return refusal;
    }
    return null;
  }

  async #checkOne(
    certificate: Certificate,
    issuer: Certificate,
    isLeaf: boolean,
  ): Promise<Refusal<CrlCode> | null> {
    const outcomes = await this.#listsOf(issuer);
    const good = outcomes.filter((outcome) => outcome.ok)
      .filter(({ data }) => covers(data.scope, certificate));
    for (const { data } of good) {
      const time = revokedAt(data.revoked, certificate.serial);
      if (time !== null) return refuseRevoked(certificate, time, isLeaf);
    }
    if (good.length > 0) return null;
    const emissor = shortNameText(issuer.subject);
    if (outcomes.some(({ ok }) => ok)) return refuse("crl_other_scope", { emissor });
    const refused = outcomes.filter((outcome) => !outcome.ok);
    // Lists of others are to be expected in a pool; anything else says more about what is wrong.
    return refused.find(({ code }) => code !== "crl_other_issuer" && code !== "crl_malformed") ??
      refuse("crl_missing", { emissor });
  }

  #listsOf(issuer: Certificate): Promise<Result<CheckedCrl, CrlCode>[]> {
    let lists = this.#checked.get(issuer);
    if (!lists) {
      const time = this.#time;
      const allowWeak = this.#allowWeak;
      lists = Promise.all(this.#crls.map((der) => checkCrl({ der, issuer, time, allowWeak })));
      this.#checked.set(issuer, lists);
    }
    return lists;
  }
}

export function refuseRevoked(
  certificate: Certificate,
  time: number,
  isLeaf: boolean,
): Refusal<CrlCode> {
  const data = formatDate(time);
  return isLeaf
    ? refuse("certificate_revoked", { data })
    : refuse("ca_revoked", { data, emissor: shortNameText(certificate.subject) });
}

function isRevocation({ code }: Refusal<CrlCode>): boolean {
  return code === "certificate_revoked" || code === "ca_revoked";
}
