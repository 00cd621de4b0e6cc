import { assertEquals } from "@std/assert";
import { extension } from "@/tests/support/pki/certificate.ts";
import { integer, octetString, oid, sequence } from "@/tests/support/pki/der.ts";
import { CA, ca, issue, LEAF, newLeaf, root, rsaPair, TIME } from "@/tests/fixtures/pki.ts";
import { codeOf, ofCa, ofLeaf } from "./path_testing.ts";

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
  const clientAuth = LEAF[2]!;
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
  assertEquals(await ofCa({ extensions: [...CA, serverAuth] }), "extended_key_usage");
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
  assertEquals(await ofLeaf({ extensions: [...LEAF, unknown] }), "critical_extension");
  assertEquals(await ofCa({ extensions: [...CA, unknown] }), "critical_extension");
  assertEquals(await ofLeaf({ extensions: [...LEAF, { ...unknown, critical: false }] }), "ok");
});

Deno.test("name and policy constraints are refused, critical or not", async () => {
  for (const id of ["2.5.29.30", "2.5.29.33", "2.5.29.36", "2.5.29.54"]) {
    for (const critical of [true, false]) {
      const constraint = { oid: id, critical, value: sequence() };
      assertEquals(await ofCa({ extensions: [...CA, constraint] }), "constraint_unsupported", id);
    }
  }
});

Deno.test("certificate policies are fine, critical too", async () => {
  const policies = { ...extension.policies("2.16.76.1.2.1.9999"), critical: true };
  assertEquals(await ofLeaf({ extensions: [...LEAF, policies] }), "ok");
});

Deno.test("the same extension twice is refused", async () => {
  assertEquals(await ofLeaf({ extensions: [...LEAF, LEAF[1]!] }), "certificate_malformed");
});

Deno.test("weak signatures and keys are refused wherever they are", async () => {
  const sha1 = await rsaPair("SHA-1");
  assertEquals(await ofCa({ keys: sha1 }), "weak_signature");
  const short = await rsaPair("SHA-256", 1024);
  assertEquals(await ofLeaf({ keys: short }), "weak_key");
  assertEquals(await ofCa({ keys: short }), "weak_signature");
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
  assertEquals(await ofLeaf({ extensions: [...LEAF, emptyPolicies] }), "certificate_malformed");
  const badOid = { oid: "2.5.29.37", value: sequence(oid("1.2"), octetString()) };
  assertEquals(
    await ofLeaf({ extensions: [LEAF[0]!, LEAF[1]!, badOid] }),
    "certificate_malformed",
  );
});
