import { type Extension, extension } from "@/tests/support/pki/certificate.ts";
import type { ListIssuer } from "@/tests/support/pki/crl.ts";
import { boolean, explicit, ia5, implicit, sequence } from "@/tests/support/pki/der.ts";
import { assertEquals } from "@std/assert";
import { validatePath } from "../path.ts";
import type { RevocationMode } from "./pool.ts";
import { CA, ca, HOUR, issue, leaf, newCrl, root, TIME } from "@/tests/fixtures/pki.ts";
import { parseCertificate } from "../x509.ts";

const serialOf = (der: Uint8Array) => Uint8Array.fromHex(parseCertificate(der).serial);
const REVOKED = { date: new Date("2026-10-05T12:00:00Z") };
const ofRoot = await newCrl(root);
const ofAc = await newCrl(ca);

async function outcomeOf(crls: Uint8Array[], revocation: RevocationMode = "require") {
  const outcome = await validatePath({
    leaf: leaf.der,
    intermediates: [ca.der],
    anchors: [root.der],
    time: TIME,
    purpose: "clientAuth",
    crls,
    revocation,
  });
  return outcome.ok ? "ok" : outcome;
}

async function codeOf(...input: Parameters<typeof outcomeOf>) {
  const outcome = await outcomeOf(...input);
  return outcome === "ok" ? "ok" : outcome.code;
}

const revoking = (serials: Uint8Array[], authority: ListIssuer = ca) =>
  newCrl(authority, { revoked: serials.map((serial) => ({ ...REVOKED, serial })) });

Deno.test("a path with a good list of every issuer holds, in any order, among others", async () => {
  assertEquals(await codeOf([ofRoot, ofAc]), "ok");
  const stranger = await newCrl(await issue(null, { called: "OUTRA" }));
  assertEquals(await codeOf([new Uint8Array([1, 2]), stranger, ofAc, ofRoot]), "ok");
});

Deno.test("a revoked certificate is refused with the day", async () => {
  const crls = [ofRoot, await revoking([new Uint8Array([1]), serialOf(leaf.der)])];
  const revoked = { ok: false, code: "certificate_revoked", detail: { data: "05/10/2026" } };
  assertEquals(await outcomeOf(crls), revoked);
  assertEquals(await outcomeOf(crls.slice(1), "if-available"), revoked);
  assertEquals(await outcomeOf(crls, "off"), "ok");
});

Deno.test("a revoked authority is refused by name", async () => {
  assertEquals(
    await outcomeOf([await revoking([serialOf(ca.der)], root), ofAc]),
    {
      ok: false,
      code: "ca_revoked",
      detail: { data: "05/10/2026", emissor: "AC" },
    },
  );
});

Deno.test("one list that revokes is enough, whatever the others say", async () => {
  assertEquals(
    await codeOf([ofRoot, ofAc, await revoking([serialOf(leaf.der)]), ofAc]),
    "certificate_revoked",
  );
});

Deno.test("without a list the path holds only when none is required", async () => {
  assertEquals(await codeOf([]), "crl_missing");
  assertEquals(await codeOf([ofAc]), "crl_missing");
  assertEquals(await codeOf([ofRoot]), "crl_missing");
  assertEquals(await codeOf([], "if-available"), "ok");
});

Deno.test("a bad list counts for nothing, and says why", async () => {
  const expired = await newCrl(ca, { nextUpdate: new Date(TIME - 1) });
  assertEquals(await codeOf([ofRoot, expired]), "crl_expired");
  assertEquals(await codeOf([ofRoot, expired], "if-available"), "ok");
  assertEquals(await codeOf([ofRoot, expired, ofAc]), "ok");
  const future = await newCrl(ca, { thisUpdate: new Date(TIME + HOUR) });
  assertEquals(await codeOf([ofRoot, future]), "crl_not_yet_valid");
});

const point = (...fields: Uint8Array[]): Extension => ({
  oid: "2.5.29.28",
  critical: true,
  value: sequence(...fields),
});
const YES = boolean(true).subarray(2);
const called = (url: string) => explicit(0, explicit(0, implicit(6, ia5(url).subarray(2))));
const scoped = (authority: ListIssuer, ...fields: Uint8Array[]) =>
  newCrl(authority, { extensions: [point(...fields)] });

Deno.test("a list for authorities only says nothing about a company, and the other way round", async () => {
  assertEquals(await codeOf([ofRoot, await scoped(ca, implicit(1, YES))]), "ok");
  assertEquals(await codeOf([ofRoot, await scoped(ca, implicit(2, YES))]), "crl_other_scope");
  assertEquals(await codeOf([await scoped(root, implicit(2, YES)), ofAc]), "ok");
  assertEquals(await codeOf([await scoped(root, implicit(1, YES)), ofAc]), "crl_other_scope");
});

Deno.test("a list of one distribution point is only for certificates that name it", async () => {
  assertEquals(await codeOf([ofRoot, await scoped(ca, called("http://crl.example/ac.crl"))]), "ok");
  assertEquals(
    await codeOf([ofRoot, await scoped(ca, called("http://crl.example/outra.crl"))]),
    "crl_other_scope",
  );
  const relative = explicit(0, explicit(1, ia5("x")));
  assertEquals(await codeOf([ofRoot, await scoped(ca, relative)]), "crl_other_scope");
});

Deno.test("an authority that may not sign lists leaves its certificates unchecked", async () => {
  const mute = await issue(root, {
    called: "AC",
    keys: ca,
    extensions: [CA[0]!, extension.keyUsage(5)],
  });
  const outcome = await validatePath({
    leaf: leaf.der,
    intermediates: [mute.der],
    anchors: [root.der],
    time: TIME,
    purpose: "clientAuth",
    crls: [ofRoot, ofAc],
    revocation: "require",
  });
  assertEquals(outcome.ok || outcome.code, "crl_issuer_key_usage");
});
