import { assert, assertStringIncludes } from "@std/assert";
import { administrationTexts } from "./texts_administration.ts";

const row = { cnes: "2077485", name: "Hospital Exemplo", pending: 2, others: [] };

Deno.test("how many establishments are not shown is said from the first one on", () => {
  const text = (more: number) =>
    administrationTexts.establishments([row], { paused: false, more }).text;
  assertStringIncludes(text(1), "… e mais 1");
  assert(!text(0).includes("e mais"), text(0));
  assertStringIncludes(text(0), "Só você administra este CNES");
});
