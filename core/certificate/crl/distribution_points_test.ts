import { name } from "@/tests/support/pki/certificate.ts";
import { explicit, ia5, implicit, integer, sequence, set } from "@/tests/support/pki/der.ts";
import { assertEquals, assertThrows } from "@std/assert";
import { DerError } from "../der.ts";
import { readDistributionPoints } from "./distribution_points.ts";

const uri = (url: string) => implicit(6, ia5(url).subarray(2));
const fullName = (...names: Uint8Array[]) => explicit(0, explicit(0, ...names));
const point = (...fields: Uint8Array[]) => sequence(...fields);
const urlsOf = (...points: Uint8Array[]) => readDistributionPoints(sequence(...points)).urls;

const A = "http://crl.example/a.crl";
const B = "https://crl2.example/b.crl";

Deno.test("two addresses are found in one point and in two, in their order", () => {
  assertEquals(urlsOf(point(fullName(uri(A), uri(B)))), [A, B]);
  assertEquals(urlsOf(point(fullName(uri(B))), point(fullName(uri(A)))), [B, A]);
});

Deno.test("addresses that are not of the web are left out, their names kept", () => {
  const directory = explicit(4, name([["CN", "AC"]]));
  const others = [
    "ldap://crl.example/a",
    "file:///a.crl",
    "HTTP",
    "http://",
    `http://a/${"a".repeat(2_048)}`,
  ];
  const { names, urls } = readDistributionPoints(
    sequence(point(fullName(directory, ...others.map(uri), uri("HTTP://crl.example/a.crl")))),
  );
  assertEquals(urls, ["HTTP://crl.example/a.crl"]);
  assertEquals(names.length, others.length + 2);
});

Deno.test("points for some reasons or of another issuer lead nowhere", () => {
  const reasons = implicit(1, new Uint8Array([6, 0x40]));
  const issuer = explicit(2, explicit(4, name([["CN", "OUTRA"]])));
  assertEquals(urlsOf(point(fullName(uri(A)), reasons)), []);
  assertEquals(urlsOf(point(fullName(uri(A)), issuer)), []);
  assertEquals(urlsOf(point(issuer)), []);
  assertEquals(urlsOf(point(fullName(uri(A)), issuer), point(fullName(uri(B)))), [B]);
});

Deno.test("a name relative to the issuer's is no address", () => {
  assertEquals(urlsOf(point(explicit(0, explicit(1, set())))), []);
});

Deno.test("what is no list of points is refused", () => {
  for (const value of [new Uint8Array(), integer(1), sequence(point(explicit(0))), set()]) {
    assertThrows(() => readDistributionPoints(value), DerError);
  }
});
