import { type Extension, extension, name } from "@/tests/support/pki/certificate.ts";
import type { CrlSpec } from "@/tests/support/pki/crl.ts";
import {
  boolean,
  enumerated,
  explicit,
  implicit,
  integer,
  octetString,
  sequence,
} from "@/tests/support/pki/der.ts";
import { assert, assertEquals } from "@std/assert";
import { checkCrl, type CrlInput } from "./check.ts";
import { SLICE } from "./entries.ts";
import { revokedAt } from "./serials.ts";
import { must } from "@/tests/fixtures/deps.ts";
import { CA, ca, HOUR, issue, newCrl, root, rsaPair, TIME } from "@/tests/fixtures/pki.ts";
import { parseCertificate } from "../x509.ts";

const issuer = parseCertificate(ca.der);
const other = await issue(null, { called: "AC OUTRA" });
const REVOKED = { serial: new Uint8Array([0x12, 0x34]), date: new Date("2026-10-05T08:00:00Z") };

async function check(spec: Partial<CrlSpec> = {}, input: Partial<CrlInput> = {}) {
  return await checkCrl({ der: await newCrl(ca, spec), issuer, time: TIME, ...input });
}

async function codeOf(spec: Partial<CrlSpec> = {}, input: Partial<CrlInput> = {}) {
  const outcome = await check(spec, input);
  return outcome.ok ? "ok" : outcome.code;
}

const withExtension = (...extensions: Extension[]) => codeOf({ extensions });
const withEntry = (...extensions: Extension[]) => codeOf({ revoked: [{ ...REVOKED, extensions }] });

Deno.test("a good list is read: what is revoked, since when, until when it holds", async () => {
  const { nextUpdate, number, revoked, scope, thisUpdate } = must(
    await check({ revoked: [{ ...REVOKED, reason: 1 }], number: 258 }),
  );
  assertEquals([thisUpdate, nextUpdate], [TIME - HOUR, TIME + 23 * HOUR]);
  assertEquals(number, "102".padStart(40, "0"));
  assertEquals(scope, { only: null, names: null });
  assertEquals(revokedAt(revoked, "1234"), Date.parse("2026-10-05T08:00:00Z"));
  for (const serial of ["1235", "34", "123400", "12", "3412"]) {
    assertEquals(revokedAt(revoked, serial), null);
  }
});

Deno.test("a list on which nothing is revoked holds", async () => {
  const outcome = await check();
  assertEquals(outcome.ok && revokedAt(outcome.data.revoked, "1234"), null);
  assertEquals(outcome.ok && outcome.data.revoked.count, 0);
});

Deno.test("every reason revokes, also a certificate on hold", async () => {
  for (const reason of [0, 1, 2, 3, 4, 5, 6, 9, 10]) {
    const outcome = await check({ revoked: [{ ...REVOKED, reason }] });
    assertEquals(outcome.ok && revokedAt(outcome.data.revoked, "1234"), REVOKED.date.getTime());
  }
});

Deno.test("a list of another authority is refused, whatever it is called", async () => {
  assertEquals(
    await checkCrl({ der: await newCrl(other), issuer, time: TIME }),
    { ok: false, code: "crl_other_issuer", detail: { emissor: "AC" } },
  );
  const namesake = await issue(null, { called: "AC" });
  assertEquals(await codeOf({}, { der: await newCrl(namesake) }), "crl_other_issuer");
  const renamed = { ...ca, name: name([["C", "BR"], ["CN", "AC 2"]]) };
  assertEquals(await codeOf({}, { der: await newCrl(renamed) }), "crl_other_issuer");
});

Deno.test("a signature that is not the issuer's is refused", async () => {
  const forged = { ...other, name: ca.name, publicKey: ca.publicKey };
  assertEquals(await codeOf({}, { der: await newCrl(forged) }), "crl_signature_invalid");
});

Deno.test("no octet of a list can be changed", async () => {
  const der = await newCrl(ca, { revoked: [REVOKED] });
  for (let at = 0; at < der.length; at += 3) {
    const changed = der.slice();
    changed[at]! ^= 0x04;
    assertEquals(
      (await checkCrl({ der: changed, issuer, time: TIME })).ok,
      false,
    );
  }
});

Deno.test("weak signatures are refused", async () => {
  const weak = await issue(null, { called: "AC FRACA", keys: await rsaPair("SHA-1") });
  assertEquals(
    await codeOf({}, { der: await newCrl(weak), issuer: parseCertificate(weak.der) }),
    "crl_weak_signature",
  );
  const strong = await issue(null, { called: "AC FORTE", keys: await rsaPair("SHA-256") });
  assertEquals(
    await codeOf({}, { der: await newCrl(strong), issuer: parseCertificate(strong.der) }),
    "ok",
  );
});

Deno.test("an authority whose key may not sign lists has none", async () => {
  const bare = await issue(root, {
    called: "AC",
    keys: ca,
    extensions: [CA[0]!, extension.keyUsage(5)],
  });
  assertEquals(await codeOf({}, { issuer: parseCertificate(bare.der) }), "crl_issuer_key_usage");
});

Deno.test("a list holds from thisUpdate to nextUpdate", async () => {
  const at = (time: number, staleMs = 0) => codeOf({}, { time, staleMs });
  assertEquals(await at(TIME - HOUR), "ok");
  assertEquals(await at(TIME - HOUR - 1), "crl_not_yet_valid");
  assertEquals(await at(TIME + 23 * HOUR), "ok");
  assertEquals(await at(TIME + 23 * HOUR + 1), "crl_expired");
  assertEquals(await at(TIME + 24 * HOUR, HOUR), "ok");
  assertEquals(await at(TIME + 24 * HOUR + 1, HOUR), "crl_expired");
  assertEquals(await codeOf({ nextUpdate: null }), "crl_no_next_update");
});

const ALWAYS = boolean(true).subarray(2);
const issuingPoint = (...fields: Uint8Array[]): Extension => ({
  oid: "2.5.29.28",
  critical: true,
  value: sequence(...fields),
});

Deno.test("delta, indirect and partial lists are refused", async () => {
  const delta = { oid: "2.5.29.27", critical: true, value: integer(1) };
  assertEquals(await withExtension(delta), "crl_unsupported");
  assertEquals(await withExtension({ ...delta, critical: false }), "crl_unsupported");
  const someReasons = implicit(3, new Uint8Array([6, 0x40]));
  for (const field of [someReasons, implicit(4, ALWAYS), implicit(5, ALWAYS)]) {
    assertEquals(await withExtension(issuingPoint(field)), "crl_unsupported");
  }
  assertEquals(
    await withExtension(issuingPoint(implicit(1, ALWAYS), implicit(2, ALWAYS))),
    "crl_unsupported",
  );
  assertEquals(await withExtension(issuingPoint(implicit(1, ALWAYS))), "ok");
});

Deno.test("a list number that is critical is refused", async () => {
  const number = { oid: "2.5.29.20", value: integer(7) };
  assertEquals(await codeOf({ number: null, extensions: [number] }), "ok");
  const critical = [{ ...number, critical: true }];
  assertEquals(await codeOf({ number: null, extensions: critical }), "crl_unsupported");
});

Deno.test("an unknown extension is passed over unless it is critical", async () => {
  const unknown = { oid: "1.2.3.4", value: integer(1) };
  assertEquals(await withExtension(unknown), "ok");
  assertEquals(await withExtension({ ...unknown, critical: true }), "crl_unsupported");
  assertEquals(await withEntry(unknown), "ok");
  assertEquals(await withEntry({ ...unknown, critical: true }), "crl_unsupported");
});

Deno.test("entries of other issuers and of delta lists are refused", async () => {
  const elsewhere = sequence(explicit(4, other.name));
  assertEquals(
    await withEntry({ oid: "2.5.29.29", critical: true, value: elsewhere }),
    "crl_unsupported",
  );
  assertEquals(await withEntry({ oid: "2.5.29.29", value: elsewhere }), "crl_unsupported");
  assertEquals(await codeOf({ revoked: [{ ...REVOKED, reason: 8 }] }), "crl_unsupported");
  // Also behind entries that are in order and alike.
  const revoked = [1, 1, 8].map((reason) => ({ ...REVOKED, reason }));
  assertEquals(await codeOf({ revoked }), "crl_unsupported");
});

Deno.test("what is no list is refused", async () => {
  const der = await newCrl(ca, { revoked: [REVOKED] });
  const cases = [
    new Uint8Array(),
    new TextEncoder().encode("<!doctype html><title>Manutenção</title>"),
    der.slice(0, -1),
    der.slice(0, 100),
    new Uint8Array([...der, 0]),
    ca.der,
  ];
  for (const bytes of cases) assertEquals(await codeOf({}, { der: bytes }), "crl_malformed");
  const text = { oid: "2.5.29.21", value: octetString() };
  assertEquals(await withEntry(text), "crl_malformed");
  assertEquals(await withEntry({ oid: "2.5.29.21", value: enumerated(1) }), "ok");
  const twice = { oid: "2.5.29.20", value: integer(1) };
  assertEquals(await withExtension(twice), "crl_malformed");
});

Deno.test("serial numbers that no certificate can have are left out", async () => {
  const long = new Uint8Array(21).fill(0x11);
  const longest = new Uint8Array(20).fill(0x11);
  const outcome = await check({
    revoked: [long, longest].map((serial) => ({ ...REVOKED, serial })),
  });
  assertEquals(outcome.ok && outcome.data.revoked.count, 1);
  assertEquals(outcome.ok && revokedAt(outcome.data.revoked, "11".repeat(20)) !== null, true);
});

Deno.test("a long list is read in slices, and every entry is found", async () => {
  const count = 3 * SLICE + 1;
  const date = REVOKED.date;
  const serial = (i: number) => new Uint8Array([1, i >> 16, i >> 8 & 0xff, i & 0xff]);
  const revoked = Array.from(
    { length: count },
    (_, i) => ({ serial: serial(i), date, reason: i % 7 }),
  );
  const der = await newCrl(ca, { revoked });
  let pauses = 0;
  const pause = () => Promise.resolve(void pauses++);
  const list = must(await checkCrl({ der, issuer, time: TIME, pause })).revoked;
  // Three times while reading, three while counting and three while copying.
  assertEquals(pauses, 9);
  assertEquals(list.count, count);
  for (const i of [0, 1, SLICE, count - 1]) {
    assertEquals(revokedAt(list, serial(i).toHex()), date.getTime());
  }
  assertEquals(revokedAt(list, serial(count).toHex()), null);
  for (const bucket of list.buckets) assert(bucket.length < 64 * 1024);
});
