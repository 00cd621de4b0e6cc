import { assertEquals } from "@std/assert";
import { explain } from "../../messages.ts";
import { keys } from "../../store/keys.ts";
import { checkRevocation } from "./revocation.ts";
import {
  ca,
  HOUR,
  issue,
  LEAF,
  leaf,
  listed,
  newCrl,
  newLeaf,
  root,
  TIME,
} from "@/tests/fixtures/pki.ts";
import { type Extension, extension } from "@/tests/support/pki/certificate.ts";
import { parseCertificate } from "../x509.ts";
import { RETRY_AFTER } from "./update.ts";
import { codeFor, crlWorld, path, type Served } from "./world_testing.ts";

const serialOf = (der: Uint8Array) => Uint8Array.fromHex(parseCertificate(der).serial);
/** Another leaf, with these extensions more. */
const leafWith = async (...more: Extension[]) =>
  parseCertificate((await newLeaf({ extensions: [...LEAF, ...more] })).der);
const ofRoot = await newCrl(root);
const ofAc = await newCrl(ca);
const other = await issue(null, { called: "OUTRA" });
const REVOKED = { date: new Date("2026-10-05T12:00:00Z") };
const revokingLeaf = await newCrl(ca, { revoked: [{ ...REVOKED, serial: serialOf(leaf.der) }] });

Deno.test("lists are fetched at the first login, and serve the next ones", async () => {
  await using world = await crlWorld();
  world.serve({ "/ac.crl": ofAc, "/raiz.crl": ofRoot });
  assertEquals(await codeFor(world.deps), "ok");
  assertEquals(world.asked.toSorted(), ["crl.example/ac.crl", "crl.example/raiz.crl"]);
  world.serve({});
  assertEquals(await codeFor(world.deps), "ok");
  assertEquals(world.asked.length, 2);
});

Deno.test("a revoked certificate and a revoked authority are refused with the day", async () => {
  await using world = await crlWorld();
  world.serve({ "/ac.crl": revokingLeaf, "/raiz.crl": ofRoot });
  assertEquals(await checkRevocation(world.deps, path), {
    ok: false,
    code: "certificate_revoked",
    detail: { data: "05/10/2026" },
  });
  await using second = await crlWorld();
  const revoked = [{ ...REVOKED, serial: serialOf(ca.der) }];
  second.serve({ "/ac.crl": ofAc, "/raiz.crl": await newCrl(root, { revoked }) });
  assertEquals(await checkRevocation(second.deps, path), {
    ok: false,
    code: "ca_revoked",
    detail: { data: "05/10/2026", emissor: "AC" },
  });
});

Deno.test("either of two addresses serves", async () => {
  const useless = [
    undefined,
    new Uint8Array(),
    ofAc.slice(0, -5),
    new TextEncoder().encode("<html>"),
    await newCrl(other),
    await newCrl(ca, { nextUpdate: new Date(TIME - 1) }),
    () => Response.redirect("http://evil.example/ac.crl"),
  ];
  for (const first of useless) {
    await using world = await crlWorld();
    world.serve({ "crl.example/ac.crl": first, "crl2.example/ac.crl": ofAc, "/raiz.crl": ofRoot });
    assertEquals(await codeFor(world.deps), "ok");
  }
});

/** What is wrong with a list, and what is said then. */
const FAILURES: Record<string, Served | Promise<Served>> = {
  crl_not_served: undefined,
  crl_malformed: new TextEncoder().encode("<!doctype html>"),
  crl_too_large: new Uint8Array(2_000),
  crl_redirected: () => Response.redirect("http://evil.example/ac.crl"),
  crl_other_issuer: newCrl(other),
  crl_signature_invalid: newCrl({ ...other, name: ca.name, publicKey: ca.publicKey }),
  crl_expired: newCrl(ca, { nextUpdate: new Date(TIME - 1) }),
  crl_not_yet_valid: newCrl(ca, { thisUpdate: new Date(TIME + HOUR) }),
  crl_no_next_update: newCrl(ca, { nextUpdate: null }),
  crl_unsupported: newCrl(ca, {
    extensions: [{ oid: "1.2.3", critical: true, value: new Uint8Array([5, 0]) }],
  }),
};

for (const [code, served] of Object.entries(FAILURES)) {
  Deno.test(`closed, with its own words and no address: ${code}`, async () => {
    await using world = await crlWorld({ maxBytes: 1_999 });
    world.serve({ "/ac.crl": await served, "/raiz.crl": ofRoot });
    const refusal = await checkRevocation(world.deps, path);
    assertEquals(refusal?.code, code);
    const words = explain(refusal!);
    assertEquals(words.includes("“AC”"), true);
    assertEquals(/crl\.example|127\.0|http|\.crl|\{/.test(words), false);
    // Nothing of it has been kept.
    assertEquals(
      (await Array.fromAsync(world.deps.kv.list({ prefix: keys.crlPart.under() }))).length,
      0,
    );
  });
}

Deno.test("closed when nobody answers, when the host is not allowed, when it is inside", async () => {
  await using world = await crlWorld({ standIns: {} });
  assertEquals(await codeFor(world.deps), "crl_unreachable");
  await using foreign = await crlWorld({ hosts: ["acraiz.example"] });
  assertEquals(await codeFor(foreign.deps), "crl_host_not_allowed");
  const inside = await leafWith(extension.crl("http://localhost/ac.crl"));
  await using local = await crlWorld({ hosts: ["crl.example", "localhost"] });
  local.serve({ "/raiz.crl": ofRoot });
  assertEquals(await codeFor(local.deps, [inside, ...path.slice(1)]), "crl_private_address");
});

Deno.test("a slow host is given up, and the other one asked", async () => {
  await using world = await crlWorld({ timeoutMs: 200 });
  const held = Promise.withResolvers<Response>();
  world.serve({
    "crl.example/ac.crl": () => held.promise,
    "crl2.example/ac.crl": ofAc,
    "/raiz.crl": ofRoot,
  });
  assertEquals(await codeFor(world.deps), "ok");
  held.resolve(new Response());
});

Deno.test("a certificate that says nothing of a list is refused; an authority is let pass", async () => {
  await using world = await crlWorld();
  world.serve({ "/ac.crl": ofAc, "/raiz.crl": ofRoot });
  const others = path.slice(1);
  const silent = await leafWith();
  const ldap = await leafWith(extension.crl("ldap://crl.example/ac"));
  assertEquals(await codeFor(world.deps, [silent, ...others]), "crl_no_address");
  assertEquals(await codeFor(world.deps, [ldap, ...others]), "crl_no_address");
  // Once the authority's list is known from another certificate, it says all there is to say.
  assertEquals(await codeFor(world.deps), "ok");
  assertEquals(await codeFor(world.deps, [silent, ...others]), "ok");
  const bare = await issue(root, { called: "AC", keys: ca });
  assertEquals(await codeFor(world.deps, path.with(1, parseCertificate(bare.der))), "ok");
});

Deno.test("the list of an authority is required as much as the company's", async () => {
  await using world = await crlWorld();
  world.serve({ "/ac.crl": ofAc });
  assertEquals(await codeFor(world.deps), "crl_not_served");
});

Deno.test("a list that has run out is fetched anew; without a newer one the door closes", async () => {
  await using world = await crlWorld();
  world.serve({ "/ac.crl": ofAc, "/raiz.crl": ofRoot });
  assertEquals(await codeFor(world.deps), "ok");
  world.deps.advance(23 * HOUR);
  assertEquals(await codeFor(world.deps), "ok");
  assertEquals(world.asked.length, 2);
  world.deps.advance(1);
  assertEquals(await codeFor(world.deps), "crl_expired");
  const later = {
    number: 2,
    thisUpdate: new Date(TIME + HOUR),
    nextUpdate: new Date(TIME + 48 * HOUR),
  };
  world.serve({ "/ac.crl": await newCrl(ca, later), "/raiz.crl": await newCrl(root, later) });
  world.deps.advance(RETRY_AFTER);
  assertEquals(await codeFor(world.deps), "ok");
});

Deno.test("a stale list is used as long as the operator of the portal allows, not longer", async () => {
  await using world = await crlWorld({ staleHours: 2 });
  world.serve({ "/ac.crl": revokingLeaf, "/raiz.crl": ofRoot });
  const innocent = [await leafWith(listed("ac")), ...path.slice(1)];
  assertEquals(await codeFor(world.deps, innocent), "ok");
  world.serve({});
  world.deps.advance(25 * HOUR);
  assertEquals(await codeFor(world.deps, innocent), "ok");
  assertEquals(await codeFor(world.deps), "certificate_revoked");
  world.deps.advance(1);
  assertEquals(await codeFor(world.deps, innocent), "crl_not_served");
  assertEquals(await codeFor(world.deps), "certificate_revoked");
});

Deno.test("numbers and dates of lists never go back, not even for a list that has run out", async () => {
  const at = (number: number | null, hours: number) =>
    newCrl(ca, {
      number,
      thisUpdate: new Date(TIME + hours * HOUR),
      nextUpdate: new Date(TIME + 48 * HOUR),
    });
  await using world = await crlWorld();
  world.serve({
    "/ac.crl": await newCrl(ca, { number: 300 }),
    "/raiz.crl": await newCrl(root, { nextUpdate: new Date(TIME + 72 * HOUR) }),
  });
  assertEquals(await codeFor(world.deps), "ok");
  world.deps.advance(24 * HOUR);
  for (const [number, hours] of [[299, 1], [255, 1], [null, 1], [301, -2]] as const) {
    world.serve({ "/ac.crl": await at(number, hours) });
    assertEquals([number, await codeFor(world.deps)], [number, "crl_went_back"]);
    world.deps.advance(RETRY_AFTER);
  }
  world.serve({ "/ac.crl": await at(301, 1) });
  assertEquals(await codeFor(world.deps), "ok");
});

Deno.test("a dead host is not asked again at once", async () => {
  await using world = await crlWorld();
  world.serve({ "/raiz.crl": ofRoot });
  assertEquals(await codeFor(world.deps), "crl_not_served");
  world.serve({ "/ac.crl": ofAc, "/raiz.crl": ofRoot });
  const asked = world.asked.length;
  assertEquals(await codeFor(world.deps), "crl_not_served");
  assertEquals(world.asked.length, asked);
  world.deps.advance(RETRY_AFTER);
  assertEquals(await codeFor(world.deps), "ok");
});

Deno.test("many logins at once fetch one list once", async () => {
  await using world = await crlWorld();
  world.serve({ "/ac.crl": ofAc, "/raiz.crl": ofRoot });
  const outcomes = await Promise.all(Array.from({ length: 8 }, () => codeFor(world.deps)));
  assertEquals(outcomes, Array(8).fill("ok"));
  assertEquals(world.asked.toSorted(), ["crl.example/ac.crl", "crl.example/raiz.crl"]);
});

Deno.test("a list for authorities only, at the company's address, is no answer", async () => {
  await using world = await crlWorld();
  const onlyAuthorities = {
    oid: "2.5.29.28",
    critical: true,
    value: new Uint8Array([0x30, 3, 0x82, 1, 0xff]),
  };
  world.serve({
    "/ac.crl": await newCrl(ca, { extensions: [onlyAuthorities] }),
    "/raiz.crl": ofRoot,
  });
  assertEquals(await codeFor(world.deps), "crl_other_scope");
});
