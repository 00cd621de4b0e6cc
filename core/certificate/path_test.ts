import { assert, assertEquals } from "@std/assert";
import {
  buildCertificate,
  type CertificateSpec,
  type Extension,
  extension,
  name,
} from "@/tools/pki/certificate.ts";
import { explicit, integer, octetString, oid, printable, sequence } from "@/tools/pki/der.ts";
import { type PathInput, validatePath } from "./path.ts";

/** A chain of root, CA and leaf on P-256 keys in which each test breaks one thing. */
const TIME = Date.parse("2026-11-03T12:00:00Z");
const CLIENT_AUTH = "1.3.6.1.5.5.7.3.2";
const ECDSA = { name: "ECDSA", namedCurve: "P-256" };

function keyPair(algorithm: AlgorithmIdentifier = ECDSA): Promise<CryptoKeyPair> {
  return crypto.subtle.generateKey(algorithm, true, ["sign", "verify"]) as Promise<CryptoKeyPair>;
}

function rsaPair(hash: string, modulusLength = 2048, scheme = "RSASSA-PKCS1-v1_5") {
  const publicExponent = new Uint8Array([1, 0, 1]);
  return keyPair({ name: scheme, hash, modulusLength, publicExponent } as RsaHashedKeyGenParams);
}

interface Node {
  der: Uint8Array<ArrayBuffer>;
  name: Uint8Array<ArrayBuffer>;
  keys: CryptoKeyPair;
}

interface NodeOptions extends Partial<Omit<CertificateSpec, "issuer" | "subject">> {
  called?: string;
  issuerName?: Uint8Array;
  ownName?: Uint8Array<ArrayBuffer>;
  keys?: CryptoKeyPair;
}

async function issue(issuer: Node | null, options: NodeOptions = {}): Promise<Node> {
  const keys = options.keys ?? await keyPair();
  const own = options.ownName ?? name([["C", "BR"], ["CN", options.called ?? "RAIZ"]]);
  const der = await buildCertificate({
    issuer: options.issuerName ?? issuer?.name ?? own,
    subject: own,
    issuerKey: options.issuerKey ?? (issuer?.keys ?? keys).privateKey,
    publicKey: keys.publicKey,
    notBefore: options.notBefore ?? new Date("2026-01-01"),
    notAfter: options.notAfter ?? new Date("2027-01-01"),
    extensions: options.extensions ?? CA,
    ...(options.serial ? { serial: options.serial } : {}),
  });
  return { der, name: own, keys };
}

const CA = [extension.basicConstraints(true), extension.keyUsage(5, 6)];
const LEAF = [
  extension.basicConstraints(false),
  extension.keyUsage(0),
  extension.extendedKeyUsage(CLIENT_AUTH),
];

const caWith = (...more: Extension[]) => [...CA, ...more];
const leafWith = (...more: Extension[]) => [...LEAF, ...more];

const root = await issue(null);
const ca = await issue(root, { called: "AC" });
const newLeaf = (options: NodeOptions = {}, issuer = ca) =>
  issue(issuer, { called: "EMPRESA", extensions: LEAF, ...options });
const leaf = await newLeaf();

async function codeOf(input: Partial<PathInput> = {}): Promise<string> {
  const outcome = await validatePath({
    leaf: leaf.der,
    intermediates: [ca.der],
    anchors: [root.der],
    time: TIME,
    purpose: "clientAuth",
    ...input,
  });
  return outcome.ok ? "ok" : outcome.code;
}

/** The outcome for a leaf under a CA, each made with the given changes. */
async function codeWith(
  { leafOptions = {}, caOptions = {} }: { leafOptions?: NodeOptions; caOptions?: NodeOptions },
): Promise<string> {
  const under = await issue(root, { called: "AC", ...caOptions });
  const end = await newLeaf(leafOptions, under);
  return await codeOf({ leaf: end.der, intermediates: [under.der] });
}

const ofLeaf = (leafOptions: NodeOptions) => codeWith({ leafOptions });
const ofCa = (caOptions: NodeOptions) => codeWith({ caOptions });

Deno.test("a good chain holds, and the path runs from the leaf to the anchor", async () => {
  const outcome = await validatePath({
    leaf: leaf.der,
    intermediates: [ca.der],
    anchors: [root.der],
    time: TIME,
    purpose: "clientAuth",
  });
  assert(outcome.ok);
  if (outcome.ok) assertEquals(outcome.path.map(({ der }) => der), [leaf.der, ca.der, root.der]);
});

Deno.test("the pool may be in any order, hold strangers, rubbish and the leaf itself", async () => {
  const stranger = await issue(null, { called: "OUTRA" });
  const below = await issue(ca, { called: "AC 2" });
  const end = await newLeaf({}, below);
  const pool = [new Uint8Array([1, 2, 3]), stranger.der, end.der, root.der, below.der, ca.der];
  assertEquals(await codeOf({ leaf: end.der, intermediates: pool }), "ok");
  assertEquals(await codeOf({ leaf: end.der, intermediates: pool.reverse() }), "ok");
});

Deno.test("RSA, RSA-PSS and P-384 signatures hold", async () => {
  const pairs = await Promise.all([
    ...["SHA-256", "SHA-384", "SHA-512"].map((hash) => rsaPair(hash)),
    rsaPair("SHA-256", 2048, "RSA-PSS"),
    keyPair({ name: "ECDSA", namedCurve: "P-384" } as EcKeyGenParams),
  ]);
  for (const keys of pairs) assertEquals(await ofCa({ keys }), "ok");
});

Deno.test("what is no certificate is refused", async () => {
  for (
    const der of [
      new Uint8Array(),
      leaf.der.slice(0, -1),
      new Uint8Array([...leaf.der, 0]),
      new Uint8Array(70_000),
    ]
  ) assertEquals(await codeOf({ leaf: der }), "certificate_malformed");
});

Deno.test("no single changed octet of the leaf is accepted", async () => {
  for (let at = 0; at < leaf.der.length; at++) {
    const changed = leaf.der.slice();
    changed[at] = changed[at]! ^ 0x01;
    assert(await codeOf({ leaf: changed }) !== "ok", `octet ${at}`);
  }
});

Deno.test("without the anchor, the intermediate or an issuer of the name there is no path", async () => {
  assertEquals(await codeOf({ anchors: [] }), "issuer_unknown");
  assertEquals(await codeOf({ intermediates: [] }), "issuer_unknown");
  assertEquals(await codeOf({ anchors: [ca.der], intermediates: [root.der] }), "ok");
  assertEquals(await codeOf({ anchors: [leaf.der], intermediates: [] }), "issuer_unknown");
});

Deno.test("a root in the pool is no anchor, nor is a self-signed leaf", async () => {
  const other = await issue(null);
  assertEquals(
    await codeOf({ anchors: [other.der], intermediates: [ca.der, root.der] }),
    "signature_invalid",
  );
  const self = await issue(null, { called: "EMPRESA", extensions: LEAF });
  assertEquals(await codeOf({ leaf: self.der, anchors: [self.der] }), "issuer_unknown");
});

Deno.test("a signature with another key is refused", async () => {
  const { privateKey } = await keyPair();
  assertEquals(await ofLeaf({ issuerKey: privateKey }), "signature_invalid");
  assertEquals(await ofCa({ issuerKey: privateKey }), "signature_invalid");
});

Deno.test("every certificate's dates count, the anchor's too", async () => {
  const past = { notAfter: new Date(TIME - 1000) };
  const future = { notBefore: new Date(TIME + 1000) };
  assertEquals(await ofLeaf(past), "certificate_expired");
  assertEquals(await ofLeaf(future), "certificate_not_yet_valid");
  assertEquals(await ofCa(past), "ca_expired");
  assertEquals(await ofCa(future), "ca_not_yet_valid");
  const oldRoot = await issue(null, past);
  const below = await issue(oldRoot, { called: "AC" });
  const end = await newLeaf({}, below);
  assertEquals(
    await codeOf({ leaf: end.der, intermediates: [below.der], anchors: [oldRoot.der] }),
    "ca_expired",
  );
});

Deno.test("both limits of the dates belong to the time of validity", async () => {
  assertEquals(await ofLeaf({ notAfter: new Date(TIME) }), "ok");
  assertEquals(await ofLeaf({ notBefore: new Date(TIME) }), "ok");
});

Deno.test("an issuer must be a CA", async () => {
  const usage = extension.keyUsage(5, 6);
  assertEquals(await ofCa({ extensions: [usage] }), "ca_not_a_ca");
  assertEquals(
    await ofCa({ extensions: [extension.basicConstraints(false), usage] }),
    "ca_not_a_ca",
  );
  assertEquals(await ofCa({ extensions: [] }), "ca_not_a_ca");
});

Deno.test("an issuer's key must be for signing certificates", async () => {
  const isCa = extension.basicConstraints(true);
  assertEquals(await ofCa({ extensions: [isCa] }), "ca_key_usage");
  assertEquals(await ofCa({ extensions: [isCa, extension.keyUsage(0, 6)] }), "ca_key_usage");
});

Deno.test("the leaf is no CA, and its key is for signing", async () => {
  const clientAuth = extension.extendedKeyUsage(CLIENT_AUTH);
  assertEquals(
    await ofLeaf({ extensions: [extension.basicConstraints(true), extension.keyUsage(0, 5)] }),
    "leaf_is_ca",
  );
  assertEquals(await ofLeaf({ extensions: [extension.keyUsage(2), clientAuth] }), "key_usage");
  assertEquals(await ofLeaf({ extensions: [clientAuth] }), "key_usage");
  assertEquals(await ofLeaf({ extensions: [extension.keyUsage(0)] }), "ok");
});

Deno.test("extended key usage must allow client authentication, above the leaf too", async () => {
  const serverAuth = extension.extendedKeyUsage("1.3.6.1.5.5.7.3.1");
  const any = extension.extendedKeyUsage("2.5.29.37.0");
  const usage = extension.keyUsage(0);
  assertEquals(await ofLeaf({ extensions: [usage, serverAuth] }), "extended_key_usage");
  assertEquals(await ofLeaf({ extensions: [usage, any] }), "extended_key_usage");
  assertEquals(await ofCa({ extensions: caWith(serverAuth) }), "extended_key_usage");
});

Deno.test("path length counts the CAs below, without the leaf", async () => {
  const limited = (length: number) =>
    issue(root, {
      called: "AC",
      extensions: [extension.basicConstraints(true, length), extension.keyUsage(5)],
    });
  const chain = async (length: number, below: number) => {
    const pool = [await limited(length)];
    for (let i = 0; i < below; i++) pool.push(await issue(pool.at(-1)!, { called: `AC ${i}` }));
    const end = await newLeaf({}, pool.at(-1)!);
    return await codeOf({ leaf: end.der, intermediates: pool.map(({ der }) => der) });
  };
  assertEquals(await chain(0, 0), "ok");
  assertEquals(await chain(0, 1), "path_length_exceeded");
  assertEquals(await chain(1, 1), "ok");
  assertEquals(await chain(1, 2), "path_length_exceeded");
});

Deno.test("path length of the anchor counts, self-issued CAs do not", async () => {
  const strict = await issue(null, {
    extensions: [extension.basicConstraints(true, 0), extension.keyUsage(5)],
  });
  const rollover = await issue(strict);
  const end = await newLeaf({}, rollover);
  const anchors = [strict.der];
  assertEquals(await codeOf({ leaf: end.der, intermediates: [rollover.der], anchors }), "ok");
  const below = await issue(strict, { called: "AC" });
  const under = await newLeaf({}, below);
  assertEquals(
    await codeOf({ leaf: under.der, intermediates: [below.der], anchors }),
    "path_length_exceeded",
  );
});

Deno.test("an unknown critical extension is refused anywhere, an uncritical one is not", async () => {
  const unknown = { oid: "1.2.3.4", critical: true, value: octetString() };
  assertEquals(await ofLeaf({ extensions: leafWith(unknown) }), "critical_extension");
  assertEquals(await ofCa({ extensions: caWith(unknown) }), "critical_extension");
  assertEquals(await ofLeaf({ extensions: leafWith({ ...unknown, critical: false }) }), "ok");
});

Deno.test("name and policy constraints are refused, critical or not", async () => {
  for (const id of ["2.5.29.30", "2.5.29.33", "2.5.29.36", "2.5.29.54"]) {
    for (const critical of [true, false]) {
      const constraint = { oid: id, critical, value: sequence() };
      assertEquals(await ofCa({ extensions: caWith(constraint) }), "constraint_unsupported", id);
    }
  }
});

Deno.test("certificate policies are fine, critical too", async () => {
  const policies = { ...extension.policies("2.16.76.1.2.1.9999"), critical: true };
  assertEquals(await ofLeaf({ extensions: leafWith(policies) }), "ok");
});

Deno.test("the same extension twice is refused", async () => {
  assertEquals(await ofLeaf({ extensions: leafWith(LEAF[1]!) }), "certificate_malformed");
});

Deno.test("weak signatures and keys are refused wherever they are", async () => {
  const sha1 = await rsaPair("SHA-1");
  assertEquals(await ofCa({ keys: sha1 }), "weak_signature");
  const short = await rsaPair("SHA-256", 1024);
  assertEquals(await ofLeaf({ keys: short }), "weak_key");
  assertEquals(await ofCa({ keys: short }), "weak_signature");
});

Deno.test("an unknown signature algorithm is refused", async () => {
  const der = leaf.der.slice();
  // ecdsa-with-SHA256 (…4.3.2) becomes …4.3.9 in both places: nobody knows it.
  const id = [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02];
  for (let at = 0; at < der.length; at++) {
    if (id.every((octet, i) => der[at + i] === octet)) der[at + 7] = 9;
  }
  assertEquals(await codeOf({ leaf: der }), "algorithm_unsupported");
});

Deno.test("the algorithm named outside the signed part must be the one inside", async () => {
  const der = leaf.der.slice();
  const id = new Uint8Array([0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02]);
  for (let at = der.length - id.length; at > 0; at--) {
    if (id.every((octet, i) => der[at + i] === octet)) {
      der[at + 7] = 3;
      break;
    }
  }
  assertEquals(await codeOf({ leaf: der }), "certificate_malformed");
});

Deno.test("names chain by structure and text; string types of ASCII may differ", async () => {
  assertEquals(await ofLeaf({ issuerName: name([["C", "BR"], ["CN", "AC"]], printable) }), "ok");
  assertEquals(await ofLeaf({ issuerName: name([["C", "BR"], ["CN", "ac"]]) }), "issuer_unknown");
  assertEquals(await ofLeaf({ issuerName: name([["C", "BR"], ["CN", "AC "]]) }), "issuer_unknown");
  assertEquals(await ofLeaf({ issuerName: name([["CN", "AC"], ["C", "BR"]]) }), "issuer_unknown");
  assertEquals(await ofLeaf({ issuerName: name([["CN", "AC"]]) }), "issuer_unknown");
});

Deno.test("nobody is issued by an authority without a name", async () => {
  const nameless = await issue(null, { ownName: name([]) });
  const end = await newLeaf({}, nameless);
  assertEquals(await codeOf({ leaf: end.der, anchors: [nameless.der] }), "issuer_unknown");
});

Deno.test("key identifiers that contradict exclude an issuer", async () => {
  const other = await keyPair();
  const identified = { extensions: caWith(await extension.subjectKeyId(root.keys.publicKey)) };
  const said = leafWith(await extension.authorityKeyId(other.publicKey));
  assertEquals(
    await codeWith({ caOptions: identified, leafOptions: { extensions: said } }),
    "issuer_unknown",
  );
  const serial = { oid: "2.5.29.35", value: sequence(new Uint8Array([0x82, 1, 7])) };
  assertEquals(await ofLeaf({ extensions: leafWith(serial) }), "issuer_unknown");
  const issuerName = name([["CN", "OUTRA"]]);
  const directory = { oid: "2.5.29.35", value: sequence(explicit(1, explicit(4, issuerName))) };
  assertEquals(await ofLeaf({ extensions: leafWith(directory) }), "issuer_unknown");
});

Deno.test("of several possible issuers every one is tried", async () => {
  const decoys = await Promise.all([1, 2, 3].map(() => issue(root, { called: "AC" })));
  const expired = await issue(root, {
    called: "AC",
    keys: ca.keys,
    notAfter: new Date(TIME - 1000),
  });
  const pool = [...decoys, expired, ca].map(({ der }) => der);
  assertEquals(await codeOf({ intermediates: pool }), "ok");
  assertEquals(await codeOf({ intermediates: pool.slice(0, -1) }), "ca_expired");
});

Deno.test("loops end", async () => {
  const keys = { a: await keyPair(), b: await keyPair() };
  const a = { name: name([["C", "BR"], ["CN", "A"]]), keys: keys.a } as Node;
  const b = { name: name([["C", "BR"], ["CN", "B"]]), keys: keys.b } as Node;
  const crossed = [
    await issue(b, { called: "A", keys: keys.a }),
    await issue(a, { called: "B", keys: keys.b }),
  ];
  const end = await newLeaf({}, a);
  const intermediates = crossed.map(({ der }) => der);
  assertEquals(await codeOf({ leaf: end.der, intermediates }), "issuer_unknown");
});

Deno.test("a path is at most 8 certificates long", async () => {
  const chain = async (cas: number) => {
    const pool = [root];
    for (let i = 0; i < cas; i++) pool.push(await issue(pool.at(-1)!, { called: `AC ${i}` }));
    const end = await newLeaf({}, pool.at(-1)!);
    return await codeOf({ leaf: end.der, intermediates: pool.slice(1).map(({ der }) => der) });
  };
  assertEquals(await chain(6), "ok");
  assertEquals(await chain(7), "issuer_unknown");
});

Deno.test("a pool of hundreds of possible issuers is given up after bounded work", async () => {
  const keys = await Promise.all(Array.from({ length: 20 }, () => keyPair()));
  const same = keys.map((pair) => ({ name: ca.name, keys: pair }) as Node);
  // Each of 20 keys of the same name certified by each other one: 20^7 paths.
  const pool = await Promise.all(
    same.flatMap((issuer) => keys.map((pair) => issue(issuer, { called: "AC", keys: pair }))),
  );
  const end = await newLeaf({}, same[0]);
  const intermediates = pool.map(({ der }) => der);
  assertEquals(await codeOf({ leaf: end.der, intermediates }), "path_too_complex");
});

Deno.test("at most 128 signatures are checked", async () => {
  const keys = await keyPair();
  const decoys = await Promise.all(
    Array.from({ length: 130 }, () => issue(root, { called: "AC", keys })),
  );
  const pool = decoys.map(({ der }) => der);
  assertEquals(await codeOf({ intermediates: [...pool.slice(0, 120), ca.der] }), "ok");
  assertEquals(await codeOf({ intermediates: [...pool, ca.der] }), "path_too_complex");
});

Deno.test("as an authority, only a CA passes", async () => {
  assertEquals(await codeOf({ leaf: ca.der, purpose: "ca" }), "ok");
  assertEquals(await codeOf({ purpose: "ca" }), "ca_not_a_ca");
});

Deno.test("basic constraints and serial numbers out of bounds are malformed", async () => {
  const value = sequence(integer(1));
  const lengthWithoutCa = { oid: "2.5.29.19", critical: true, value };
  const [, ...rest] = LEAF;
  assertEquals(await ofLeaf({ extensions: [lengthWithoutCa, ...rest] }), "certificate_malformed");
  assertEquals(await ofLeaf({ serial: new Uint8Array([0]) }), "certificate_malformed");
  assertEquals(await ofLeaf({ serial: new Uint8Array(21).fill(1) }), "certificate_malformed");
  const emptyPolicies = { oid: "2.5.29.32", value: sequence() };
  assertEquals(await ofLeaf({ extensions: leafWith(emptyPolicies) }), "certificate_malformed");
  const badOid = { oid: "2.5.29.37", value: sequence(oid("1.2"), octetString()) };
  assertEquals(
    await ofLeaf({ extensions: [LEAF[0]!, LEAF[1]!, badOid] }),
    "certificate_malformed",
  );
});
