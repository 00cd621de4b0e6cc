import {
  encodeExtension,
  type Extension,
  extension,
  sign,
} from "@/tests/support/pki/certificate.ts";
import { createCrl, type CrlSpec } from "@/tests/support/pki/crl.ts";
import { TIME } from "@/tests/fixtures/pki.ts";
import { type Bytes, explicit, integer, sequence, time } from "@/tests/support/pki/der.ts";

export const LEVELS = ["root", "ca", "sub", "leaf"] as const;
export type Level = typeof LEVELS[number];
export type CaLevel = Exclude<Level, "leaf">;
export const CA_LEVELS: readonly CaLevel[] = ["root", "ca", "sub"];

/** How one certificate is to be made; DER wherever there are bytes. */
export interface Plan {
  keys: CryptoKeyPair;
  name: Bytes;
  serial: Bytes;
  notBefore: Bytes;
  notAfter: Bytes;
  version: 1 | 3;
  /** By object identifier; null leaves one out that is there by default (the key identifiers). */
  extensions: Map<string, Extension | null>;
  /** After those, as they are: for the same one twice. */
  more: Extension[];
  /** In place of what the issuer's plan says. */
  issuerName?: Bytes;
  issuerKey?: CryptoKey;
  /** Changes the whole after it has been signed. */
  finish(der: Bytes): Bytes;
}

/** The list that an authority issues; null when there is none. */
export type ListPlan = { spec: CrlSpec; issuer?: Partial<Plan> } | null;

export interface ChainPlan {
  plans: Record<Level, Plan>;
  /** Whether revocation is asked for, and the lists there are. */
  revocation: boolean;
  lists: Record<CaLevel, ListPlan[]>;
  /** What stands between leaf and root, before it is given to both judges. */
  pool(chain: Record<Level, Bytes>): Bytes[];
  anchors(chain: Record<Level, Bytes>): Bytes[];
}

/** A chain as it is given to both judges. */
export interface Chain {
  leaf: Bytes;
  intermediates: Bytes[];
  anchors: Bytes[];
  /** Null when revocation is not asked for. */
  crls: Bytes[] | null;
}

export async function buildChain(plan: ChainPlan): Promise<Chain> {
  const { ca, leaf, root, sub } = plan.plans;
  const chain = {
    root: await buildOne(root, root),
    ca: await buildOne(ca, root),
    sub: await buildOne(sub, ca),
    leaf: await buildOne(leaf, sub),
  };
  return {
    leaf: chain.leaf,
    intermediates: plan.pool(chain),
    anchors: plan.anchors(chain),
    crls: plan.revocation ? await buildLists(plan) : null,
  };
}

export async function buildOne(plan: Plan, issuer: Plan): Promise<Bytes> {
  const extensions = new Map<string, Extension | null>([
    ["2.5.29.14", await extension.subjectKeyId(plan.keys.publicKey)],
    ...(plan === issuer
      ? []
      : [["2.5.29.35", await extension.authorityKeyId(issuer.keys.publicKey)] as const]),
    ...plan.extensions,
  ]);
  const all = [...extensions.values(), ...plan.more].filter((one) => one !== null);
  const spki = new Uint8Array(await crypto.subtle.exportKey("spki", plan.keys.publicKey));
  const der = await sign(plan.issuerKey ?? issuer.keys.privateKey, (algorithm) =>
    sequence(
      ...(plan.version === 3 ? [explicit(0, integer(2))] : []),
      plan.serial,
      algorithm,
      plan.issuerName ?? issuer.name,
      sequence(plan.notBefore, plan.notAfter),
      plan.name,
      spki,
      ...(all.length > 0 ? [explicit(3, sequence(...all.map(encodeExtension)))] : []),
    ));
  return plan.finish(der);
}

async function buildLists({ lists, plans }: ChainPlan): Promise<Bytes[]> {
  const all = CA_LEVELS.flatMap((level) => lists[level].map((list) => ({ level, list })));
  return await Promise.all(
    all.filter(({ list }) => list !== null).map(({ level, list }) => {
      const { keys, name } = { ...plans[level], ...list!.issuer };
      const { privateKey, publicKey } = keys;
      return createCrl({ name, privateKey, publicKey }, list!.spec);
    }),
  );
}

export const at = (text: string): Bytes => time(new Date(text));

export const goodList = (): CrlSpec => ({
  number: 1,
  thisUpdate: new Date(TIME - 3_600_000),
  nextUpdate: new Date(TIME + 3_600_000),
});
