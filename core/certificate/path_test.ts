import { assert, assertEquals } from "@std/assert";
import { extension, name } from "@/tests/support/pki/certificate.ts";
import { explicit, ia5, printable, sequence } from "@/tests/support/pki/der.ts";
import { validatePath } from "./path.ts";
import {
  CA,
  ca,
  issue,
  keyPair,
  LEAF,
  leaf,
  newLeaf,
  root,
  rsaPair,
  TIME,
} from "@/tests/fixtures/pki.ts";
import { codeOf, ofCa, ofLeaf } from "./path_testing.ts";
import { parseCertificate } from "./x509.ts";

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

Deno.test("an anchor is a root: issued by itself, and signed with its own key", async () => {
  assertEquals(await codeOf({ anchors: [ca.der], intermediates: [] }), "anchor_not_a_root");
  assertEquals(await codeOf({ anchors: [ca.der, root.der] }), "ok");
  const { privateKey } = await keyPair();
  const forged = await issue(null, { issuerKey: privateKey });
  const end = await newLeaf({}, forged);
  assertEquals(await codeOf({ leaf: end.der, anchors: [forged.der] }), "anchor_not_a_root");
});

Deno.test("a signature with another key is refused", async () => {
  const { privateKey } = await keyPair();
  assertEquals(await ofLeaf({ issuerKey: privateKey }), "signature_invalid");
  assertEquals(await ofCa({ issuerKey: privateKey }), "signature_invalid");
});

Deno.test("a signature that was wrong once is wrong again", async () => {
  const { privateKey } = await keyPair();
  const forged = await issue(root, { called: "AC", keys: ca, issuerKey: privateKey });
  const input = {
    intermediates: [parseCertificate(forged.der)],
    anchors: [parseCertificate(root.der)],
  };
  for (let i = 0; i < 3; i++) assertEquals(await codeOf(input), "signature_invalid");
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

Deno.test("names chain by structure and text; string types, case and blanks may differ", async () => {
  assertEquals(await ofLeaf({ issuer: name([["C", "BR"], ["CN", "AC"]], printable) }), "ok");
  assertEquals(await ofLeaf({ issuer: name([["C", "BR"], ["CN", " ac "]]) }), "ok");
  assertEquals(await ofLeaf({ issuer: name([["C", "BR"], ["CN", "A C"]]) }), "issuer_unknown");
  assertEquals(await ofLeaf({ issuer: name([["C", "BR"], ["CN", "AÇ"]]) }), "issuer_unknown");
  const old = name([["C", "BR"], ["CN", "ac"]], ia5);
  assertEquals(await ofLeaf({ issuer: old }), "issuer_unknown");
  assertEquals(await ofLeaf({ issuer: name([["CN", "AC"], ["C", "BR"]]) }), "issuer_unknown");
  assertEquals(await ofLeaf({ issuer: name([["CN", "AC"]]) }), "issuer_unknown");
});

Deno.test("letters beyond ASCII chain only when they are the same", async () => {
  const called = (text: string) => name([["C", "BR"], ["CN", text]]);
  const caOptions = { subject: called("AC Praça  do Comércio") };
  const from = (text: string) => ofLeaf({ issuer: called(text) }, caOptions);
  assertEquals(await from("ac PRAçA do ComéRCIO"), "ok");
  assertEquals(await from("AC PRAÇA DO COMÉRCIO"), "issuer_unknown");
});

Deno.test("nobody is issued by an authority without a name", async () => {
  const nameless = await issue(null, { subject: name([]) });
  const end = await newLeaf({}, nameless);
  assertEquals(await codeOf({ leaf: end.der, anchors: [nameless.der] }), "issuer_unknown");
});

Deno.test("key identifiers that contradict exclude an issuer", async () => {
  const other = await keyPair();
  const identified = { extensions: [...CA, await extension.subjectKeyId(root.publicKey)] };
  const said = [...LEAF, await extension.authorityKeyId(other.publicKey)];
  assertEquals(
    await ofLeaf({ extensions: said }, identified),
    "issuer_unknown",
  );
  const serial = { oid: "2.5.29.35", value: sequence(new Uint8Array([0x82, 1, 7])) };
  assertEquals(await ofLeaf({ extensions: [...LEAF, serial] }), "issuer_unknown");
  const issuerName = name([["CN", "OUTRA"]]);
  const directory = { oid: "2.5.29.35", value: sequence(explicit(1, explicit(4, issuerName))) };
  assertEquals(await ofLeaf({ extensions: [...LEAF, directory] }), "issuer_unknown");
});

Deno.test("of several possible issuers every one is tried", async () => {
  const decoys = await Promise.all([1, 2, 3].map(() => issue(root, { called: "AC" })));
  const expired = await issue(root, {
    called: "AC",
    keys: ca,
    notAfter: new Date(TIME - 1000),
  });
  const pool = [...decoys, expired, ca].map(({ der }) => der);
  assertEquals(await codeOf({ intermediates: pool }), "ok");
  assertEquals(await codeOf({ intermediates: pool.slice(0, -1) }), "ca_expired");
});

Deno.test("loops end", async () => {
  const a = { name: name([["C", "BR"], ["CN", "A"]]), ...await keyPair() };
  const b = { name: name([["C", "BR"], ["CN", "B"]]), ...await keyPair() };
  const crossed = [
    await issue(b, { called: "A", keys: a }),
    await issue(a, { called: "B", keys: b }),
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
  const same = keys.map((pair) => ({ name: ca.name, ...pair }));
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
    Array.from({ length: 130 }, () => issue(root, { called: "AC", keys, identified: false })),
  );
  const pool = decoys.map(({ der }) => der);
  assertEquals(await codeOf({ intermediates: [...pool.slice(0, 120), ca.der] }), "ok");
  assertEquals(await codeOf({ intermediates: [...pool, ca.der] }), "path_too_complex");
});
