import { openA1 } from "@/core/certificate/a1/mod.ts";
import { readClientCert } from "@/core/certificate/client_cert.ts";
import { checkCrl } from "@/core/certificate/crl/check.ts";
import { equalBytes } from "@/core/certificate/der.ts";
import { readCertificateIdentity } from "@/core/certificate/identity.ts";
import { validatePath } from "@/core/certificate/path.ts";
import { tryParseCertificate } from "@/core/certificate/x509.ts";
import { toPem } from "@/tools/pki/pem.ts";
import { encodeBase64 } from "@std/encoding";
import { mutate } from "./mutate.ts";
import type { Random } from "./random.ts";
import { TIME } from "@/tests/fixtures/pki.ts";
import { type FuzzWorld, PASSWORD } from "./world.ts";

/**
 * `same`: the mutation changed nothing that counts, and the original was accepted.
 * `accepted`: something changed was accepted, which must never be.
 */
export type Outcome = "refused" | "same" | "accepted";

export interface Target {
  /** Of a hundred cases. */
  share: number;
  run(world: FuzzWorld, random: Random): Promise<Outcome>;
}

type Bytes = Uint8Array<ArrayBuffer>;

const judge = (accepted: boolean, unchanged: boolean): Outcome =>
  !accepted ? "refused" : unchanged ? "same" : "accepted";

/** The path and then the identity, as at the door; the identity also of what has no path. */
async function isAccepted(
  { root, ca }: FuzzWorld,
  leaf: Bytes,
  intermediates: Bytes[] | null,
): Promise<boolean> {
  const path = await validatePath({
    leaf,
    intermediates: intermediates ?? [ca],
    anchors: [root],
    time: TIME,
    purpose: "clientAuth",
  });
  const certificate = tryParseCertificate(leaf);
  if (certificate) await readCertificateIdentity(certificate, { seals: true });
  return path.ok;
}

/** The part of a certificate or list that is signed. */
function contentOf(world: FuzzWorld, random: Random): Bytes {
  const { tbs } = random.pick([world.leaf, world.ca, world.leaf]);
  return mutate(tbs, random);
}

export const TARGETS: Record<string, Target> = {
  "company certificates": {
    share: 30,
    async run(world, random) {
      const der = mutate(world.leaf.der, random);
      return judge(await isAccepted(world, der, null), equalBytes(der, world.leaf.der));
    },
  },
  "authority certificates": {
    share: 10,
    async run(world, random) {
      const der = mutate(world.ca.der, random);
      const unchanged = equalBytes(der, world.ca.der);
      return judge(await isAccepted(world, world.leaf.der, [der]), unchanged);
    },
  },
  // Whoever holds the authority's key may be believed: these must only not break anything.
  "certificates signed anew": {
    share: 8,
    async run(world, random) {
      const der = await world.resign(contentOf(world, random));
      return judge(await isAccepted(world, der, null), true);
    },
  },
  "revocation lists": {
    share: 25,
    async run(world, random) {
      const at = random.below(2);
      const original = world.crls[at]!;
      const der = mutate(original, random);
      const issuer = at === 0 ? world.root : world.ca;
      const { ok } = await checkCrl({ der, issuer, time: TIME });
      return judge(ok, equalBytes(der, original));
    },
  },
  // A file with a changed wrapping may open; the certificate in it must be the one put there.
  "PKCS#12 files": {
    share: 12,
    async run(world, random) {
      const opened = await openA1(mutate(random.pick(world.files), random), PASSWORD);
      if (!opened.ok) return "refused";
      const [leaf] = opened.data.certificates;
      return judge(true, equalBytes(leaf!, world.leaf.der));
    },
  },
  // Other spellings of the same certificate are taken; another certificate must not be.
  "certificate headers": {
    share: 15,
    async run(world, random) {
      const read = readClientCert(mutatedHeaders(world, random), random.pick(KINDS));
      if (!read.ok || !read.data) return "refused";
      const { leaf, intermediates } = read.data;
      const pool = intermediates.map((der) => new Uint8Array(der));
      const accepted = await isAccepted(world, new Uint8Array(leaf), [...pool, world.ca.der]);
      return judge(accepted, equalBytes(leaf, world.leaf.der));
    },
  },
};

const KINDS = ["rfc9440", "nginx"] as const;

function mutatedHeaders({ ca, leaf }: FuzzWorld, random: Random): Headers {
  const item = (der: Bytes) => `:${encodeBase64(der)}:`;
  const inside = random.chance(30) ? mutate(leaf.der, random) : leaf.der;
  const values: [string, string][] = [
    ["client-cert", item(inside)],
    ["client-cert-chain", [ca, ca].map(({ der }) => item(der)).join(", ")],
    ["ssl-client-cert", encodeURIComponent(toPem("CERTIFICATE", inside))],
  ];
  const headers = new Headers();
  for (const [name, value] of values) {
    if (random.chance(10)) continue;
    const text = random.chance(70) ? mutateText(value, random) : value;
    headers.append(name, text);
    if (random.chance(5)) headers.append(name, value);
  }
  return headers;
}

/** Stays within what HTTP lets through in a header's value. */
function mutateText(value: string, random: Random): string {
  const changed = mutate(new TextEncoder().encode(value), random);
  const text = Array.from(changed, (octet) => String.fromCharCode(octet)).join("");
  // deno-lint-ignore no-control-regex
  return text.replace(/[\u0000-\u0008\u000a-\u001f\u007f]/g, "");
}
