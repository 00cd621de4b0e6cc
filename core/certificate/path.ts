import { type Refusal, refuse } from "../result.ts";
import { CrlPool, type RevocationMode } from "./crl/pool.ts";
import { equalBytes } from "./der.ts";
import { agreesWithAuthorityKey, IssuerIndex, SignatureMemory } from "./issuers.ts";
import type { CertificateCode } from "./messages.ts";
import { shortNameText } from "./name.ts";
import { checkPathRules, type PathPurpose, type PathRules } from "./path_rules.ts";
import type { SignatureCheck } from "./signature.ts";
import { type Certificate, tryParseCertificate } from "./x509.ts";

export interface PathInput {
  /** DER. */
  leaf: Uint8Array;
  /**
   * An untrusted pool in any order; what is in it can only help. DER, or certificates already read
   * (from the trust store), which are tried in the order given.
   */
  intermediates: readonly (Uint8Array | Certificate)[];
  /** The only certificates a path may end in; self-signed ones. */
  anchors: readonly (Uint8Array | Certificate)[];
  /** Milliseconds since the epoch, or a Date. */
  time: number | Date;
  purpose: PathPurpose;
  /** DER of revocation lists, good and bad ones, in any order. */
  crls?: readonly Uint8Array[];
  /** What is asked of `crls`; `off` unless told (the portal then asks its own lists, see crl/). */
  revocation?: RevocationMode;
  /**
   * Takes signatures over SHA-1 and RSA keys from 1,024 bits, in the path and on revocation lists;
   * for comparing with others and for old test suites, never for a sign-in. MD5 is never taken.
   */
  allowWeak?: boolean;
}

/** Leaf first, anchor last. */
export type CertificatePath = readonly [Certificate, ...Certificate[]];

export type PathOutcome = { ok: true; path: CertificatePath } | Refusal<CertificateCode>;

/** Longest path, leaf and anchor included; ICP-Brasil needs four. */
const MAX_PATH = 8;
/** Bounds of the search, so that a hostile pool costs a fraction of a second. */
const MAX_SIGNATURES = 128;
const MAX_STEPS = 1_000;

/** The authorities' own chain, of which every login needs the same signatures, is checked once. */
const SHARED_SIGNATURES = new SignatureMemory(false);

/**
 * Looks for a path from the leaf to an anchor that obeys RFC 5280, section 6, trying every possible
 * issuer until one path holds. Whatever is not understood is refused.
 *
 * The reason given on refusal is the first broken rule of the first path whose names and signatures
 * chain to an anchor; only when there is no such path, why the chain could not be made.
 */
export async function validatePath(input: PathInput): Promise<PathOutcome> {
  const leaf = tryParseCertificate(input.leaf);
  if (!leaf) return refuse("certificate_malformed");
  return await new PathSearch(leaf, input).run();
}

class PathSearch {
  readonly #leaf: Certificate;
  readonly #rules: PathRules;
  readonly #revocation: RevocationMode;
  readonly #crls: CrlPool;
  readonly #anchors: IssuerIndex;
  readonly #intermediates: IssuerIndex;
  readonly #signatures: SignatureMemory;
  #signaturesLeft = MAX_SIGNATURES;
  #stepsLeft = MAX_STEPS;
  #brokenRule: Refusal<CertificateCode> | null = null;
  #brokenLink: Refusal<CertificateCode> | null = null;

  constructor(leaf: Certificate, input: PathInput) {
    this.#leaf = leaf;
    const { allowWeak = false, crls = [], purpose, revocation = "off" } = input;
    const time = Number(input.time);
    this.#rules = { time, purpose, allowWeak };
    this.#signatures = allowWeak ? new SignatureMemory(true) : SHARED_SIGNATURES;
    this.#revocation = revocation;
    this.#crls = new CrlPool(crls, time, allowWeak);
    this.#anchors = new IssuerIndex(readUsable(input.anchors));
    this.#intermediates = new IssuerIndex(readUsable(input.intermediates));
  }

  async run(): Promise<PathOutcome> {
    const path = await this.#extend([this.#leaf]);
    if (path) return { ok: true, path };
    if (this.#brokenRule) return this.#brokenRule;
    if (this.#stepsLeft < 0 || this.#signaturesLeft < 0) return refuse("path_too_complex");
    return this.#brokenLink ??
      refuse("issuer_unknown", { emissor: shortNameText(this.#leaf.issuer) });
  }

  /** Depth first: a valid path that begins with `path`, or null. */
  async #extend(path: CertificatePath): Promise<CertificatePath | null> {
    const tip = path.at(-1)!;
    for (const anchor of this.#anchors.of(tip)) {
      if (!await this.#isLinked(path, anchor)) continue;
      if (!await this.#isRoot(anchor)) {
        this.#brokenRule ??= refuse("anchor_not_a_root", {
          emissor: shortNameText(anchor.subject),
        });
        continue;
      }
      const whole = [...path, anchor] as const;
      const broken = checkPathRules(whole, this.#rules) ??
        await this.#crls.checkPath(whole, this.#revocation);
      if (!broken) return whole;
      this.#brokenRule ??= broken;
    }
    if (path.length >= MAX_PATH - 1) return null;
    for (const issuer of this.#intermediates.of(tip)) {
      if (!await this.#isLinked(path, issuer)) continue;
      const found = await this.#extend([...path, issuer]);
      if (found) return found;
    }
    return null;
  }

  /** Whether `issuer` has signed the last certificate of `path`. */
  async #isLinked(path: CertificatePath, issuer: Certificate): Promise<boolean> {
    if (--this.#stepsLeft < 0) return false;
    // No subject with the same key twice: that is how loops through cross certificates end.
    if (path.some((other) => isSameEntity(other, issuer))) return false;
    const check = await this.#checkSignature(path.at(-1)!, issuer);
    if (check === "valid") return true;
    if (check) this.#brokenLink ??= refuse(LINK_CODES[check]);
    return false;
  }

  /** An anchor that another authority has issued would be trusted for less than that one says. */
  async #isRoot(anchor: Certificate): Promise<boolean> {
    return anchor.issuer.key === anchor.subject.key &&
      agreesWithAuthorityKey(anchor.extensions.authorityKey, anchor) &&
      await this.#checkSignature(anchor, anchor) === "valid";
  }

  async #checkSignature(tip: Certificate, issuer: Certificate): Promise<SignatureCheck | null> {
    const known = this.#signatures.recall(tip, issuer);
    if (known) return known;
    return --this.#signaturesLeft < 0 ? null : await this.#signatures.check(tip, issuer);
  }
}

const LINK_CODES = {
  invalid: "signature_invalid",
  weak: "weak_signature",
  unsupported: "algorithm_unsupported",
} as const;

function isSameEntity(a: Certificate, b: Certificate): boolean {
  return a.subject.key === b.subject.key && equalBytes(a.spki, b.spki);
}

function readUsable(pool: readonly (Uint8Array | Certificate)[]): Certificate[] {
  return pool.map((one) => one instanceof Uint8Array ? tryParseCertificate(one) : one)
    .filter((certificate) => certificate !== null);
}
