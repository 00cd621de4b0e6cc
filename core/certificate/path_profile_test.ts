import { assertEquals } from "@std/assert";
import { extension, name } from "@/tests/support/pki/certificate.ts";
import { bitString, explicit, implicit, octetString, sequence } from "@/tests/support/pki/der.ts";
import {
  CA,
  ca,
  issue,
  type IssueOptions,
  keyPair,
  LEAF,
  newLeaf,
  root,
  rsaPair,
  TIME,
} from "@/tests/fixtures/pki.ts";
import { codeOf, ofCa, ofLeaf } from "./path_testing.ts";

const NONCONFORMING = "certificate_nonconforming";

async function underRoot(options: IssueOptions): Promise<string> {
  const anchor = await issue(null, options);
  const end = await newLeaf({}, anchor);
  return await codeOf({ leaf: end.der, anchors: [anchor.der], intermediates: [] });
}

Deno.test("every certificate below the root names its issuer's key, every CA its own", async () => {
  assertEquals(await ofLeaf({ identified: false }), NONCONFORMING);
  assertEquals(await ofCa({ identified: false }), NONCONFORMING);
  assertEquals(await underRoot({ identified: false }), NONCONFORMING);
  const withoutOwn = [...CA, await extension.authorityKeyId(root.publicKey)];
  assertEquals(await ofCa({ extensions: withoutOwn, identified: false }), NONCONFORMING);
});

Deno.test("naming the issuer by its name and serial number alone does not do", async () => {
  const names = explicit(1, explicit(4, root.name));
  const byName = { oid: "2.5.29.35", value: sequence(names) };
  assertEquals(await ofCa({ extensions: [...CA, byName] }), NONCONFORMING);
});

Deno.test("key identifiers that are critical are refused", async () => {
  const own = await extension.subjectKeyId(ca.publicKey);
  const issuers = await extension.authorityKeyId(ca.publicKey);
  const critical = { critical: true };
  assertEquals(
    await ofLeaf({ extensions: [...LEAF, { ...own, ...critical }] }),
    "critical_extension",
  );
  const under = await newLeaf({ extensions: [...LEAF, { ...issuers, ...critical }] });
  assertEquals(await codeOf({ leaf: under.der }), "critical_extension");
});

Deno.test("only an authority's key signs certificates", async () => {
  const [constraints, , use] = LEAF;
  const extensions = [constraints!, extension.keyUsage(0, 5), use!];
  assertEquals(await ofLeaf({ extensions }), NONCONFORMING);
});

Deno.test("who has no name has a critical alternative name", async () => {
  const subject = name([]);
  const dns = sequence(implicit(2, new TextEncoder().encode("exemplo.example")));
  const alternative = (critical: boolean) => [...LEAF, { oid: "2.5.29.17", critical, value: dns }];
  assertEquals(await ofLeaf({ subject }), NONCONFORMING);
  assertEquals(await ofLeaf({ subject, extensions: alternative(false) }), NONCONFORMING);
  assertEquals(await ofLeaf({ subject, extensions: alternative(true) }), "ok");
});

Deno.test("basic constraints of a root are critical; authorities of ICP-Brasil have others", async () => {
  const [constraints, usage] = CA;
  const extensions = [{ ...constraints!, critical: false }, usage!];
  assertEquals(await underRoot({ extensions }), NONCONFORMING);
  assertEquals(await ofCa({ extensions }), "ok");
});

Deno.test("address blocks and proxies of certificates are constraints", async () => {
  for (const arc of [7, 8, 14, 28, 29]) {
    const constraint = { oid: `1.3.6.1.5.5.7.1.${arc}`, value: sequence() };
    assertEquals(await ofLeaf({ extensions: [...LEAF, constraint] }), "constraint_unsupported");
  }
});

Deno.test("Netscape's certificate type must allow a client", async () => {
  const type = (bits: number) => ({
    oid: "2.16.840.1.113730.1.1",
    value: bitString(new Uint8Array([bits])),
  });
  assertEquals(await ofLeaf({ extensions: [...LEAF, type(0x40)] }), "extended_key_usage");
  assertEquals(await ofLeaf({ extensions: [...LEAF, type(0x80)] }), "ok");
});

Deno.test("a subjectAltName of what is no name is malformed", async () => {
  const value = sequence(octetString());
  assertEquals(
    await ofLeaf({ extensions: [...LEAF, { oid: "2.5.29.17", value }] }),
    "certificate_malformed",
  );
});

Deno.test("for any purpose the leaf's uses are not asked for, everything else is", async () => {
  const plain = await newLeaf({ extensions: [extension.keyUsage(2)] });
  assertEquals(await codeOf({ leaf: plain.der, purpose: "any" }), "ok");
  const asCa = { leaf: ca.der, intermediates: [], purpose: "any" } as const;
  assertEquals(await codeOf(asCa), "ok");
  assertEquals(await codeOf({ ...asCa, time: 0 }), "certificate_not_yet_valid");
  const critical = { oid: "1.2.3.4", critical: true, value: octetString() };
  const unknown = await newLeaf({ extensions: [...LEAF, critical] });
  assertEquals(await codeOf({ leaf: unknown.der, purpose: "any" }), "critical_extension");
  const notCa = await issue(root, { called: "AC", extensions: LEAF });
  const end = await newLeaf({}, notCa);
  assertEquals(
    await codeOf({ leaf: end.der, intermediates: [notCa.der], purpose: "any" }),
    "ca_not_a_ca",
  );
});

Deno.test("SHA-1 and RSA-1024 pass only where weakness is allowed, and nothing below", async () => {
  const chain = async (keys: CryptoKeyPair, allowWeak: boolean) => {
    const under = await issue(root, { called: "AC", keys });
    const end = await newLeaf({}, under);
    return await codeOf({ leaf: end.der, intermediates: [under.der], allowWeak });
  };
  const [sha1, short, shorter] = await Promise.all([
    rsaPair("SHA-1"),
    rsaPair("SHA-1", 1024),
    rsaPair("SHA-256", 512),
  ]);
  for (const keys of [sha1, short]) {
    assertEquals(await chain(keys, true), "ok");
    assertEquals(await chain(keys, false), "weak_signature");
  }
  assertEquals(await chain(shorter, true), "weak_signature");
});

Deno.test("what was once let pass as weak is not remembered as good", async () => {
  const under = await issue(root, { called: "AC", keys: await rsaPair("SHA-1") });
  const end = await newLeaf({}, under);
  const input = { leaf: end.der, intermediates: [under.der] };
  assertEquals(await codeOf({ ...input, allowWeak: true }), "ok");
  assertEquals(await codeOf(input), "weak_signature");
});

Deno.test("MD5 is refused where weakness is allowed", async () => {
  const under = await issue(root, { called: "AC", keys: await rsaPair("SHA-256") });
  const { der } = await newLeaf({}, under);
  // sha256WithRSAEncryption (…1.1.11) becomes md5WithRSAEncryption (…1.1.4) in both places.
  const id = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0b];
  for (let at = 0; at < der.length; at++) {
    if (id.every((octet, i) => der[at + i] === octet)) der[at + 8] = 4;
  }
  const input = { leaf: der, intermediates: [under.der], allowWeak: true };
  assertEquals(await codeOf(input), "weak_signature");
});

Deno.test("the time may be a Date; what is no time is outside of every validity", async () => {
  assertEquals(await codeOf({ time: new Date(TIME) }), "ok");
  assertEquals(await codeOf({ time: NaN }), "certificate_expired");
  assertEquals(await codeOf({ time: new Date("ontem") }), "certificate_expired");
});

Deno.test("keys of the same name in the pool are told apart by their identifiers", async () => {
  const other = await issue(root, { called: "AC", keys: await keyPair() });
  assertEquals(await codeOf({ intermediates: [other.der] }), "issuer_unknown");
  assertEquals(await codeOf({ intermediates: [other.der, ca.der] }), "ok");
});
