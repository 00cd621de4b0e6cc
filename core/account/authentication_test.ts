import { assertEquals } from "@std/assert";
import { GOVBR, testConfig } from "@/tests/fixtures/mod.ts";
import { BY_GOVBR, type Config, ONE_FACTOR, reachesAcr, TWO_FACTORS } from "../config/mod.ts";
import type { Account } from "../store/records/account.ts";
import { authenticationBy, type SignInMethod } from "./authentication.ts";
import { cpfProofOf } from "./proof.ts";
import { UNPROVEN } from "./account.ts";

function at(level: "silver" | "gold" | null) {
  const govbr: Config["govbr"] = level && { ...GOVBR, level };
  return { config: { ...testConfig, govbr } };
}

Deno.test("a session says by what it was begun, and how strong that is", () => {
  const cases: [SignInMethod, string, string][] = [
    ["password", "pwd", ONE_FACTOR],
    ["first_access", "pwd", ONE_FACTOR],
    ["self_registration", "pwd", ONE_FACTOR],
    ["certificate", "cert pwd", TWO_FACTORS],
    ["representative", "cert pwd", TWO_FACTORS],
    ["ecpf", "cert pwd", TWO_FACTORS],
    ["ecpf_code", "cert", ONE_FACTOR],
  ];
  for (const [method, amr, acr] of cases) {
    const said = authenticationBy(at("silver"), method);
    assertEquals([said.amr.join(" "), said.acr], [amr, acr], method);
  }
});

Deno.test("gov.br counts as gov.br at the level that is set, and above", () => {
  for (const method of ["govbr", "first_access"] as const) {
    const said = (set: "silver" | "gold" | null, level: "bronze" | "silver" | "gold") => {
      const { amr, acr } = authenticationBy(at(set), method, level);
      assertEquals(amr, ["govbr"]);
      return acr;
    };
    assertEquals(said("silver", "bronze"), ONE_FACTOR);
    assertEquals(said("silver", "silver"), BY_GOVBR);
    assertEquals(said("silver", "gold"), BY_GOVBR);
    assertEquals(said("gold", "silver"), ONE_FACTOR);
    assertEquals(said(null, "gold"), ONE_FACTOR);
  }
  assertEquals(authenticationBy(at("silver"), "govbr").acr, ONE_FACTOR);
});

Deno.test("each strength reaches those before it", () => {
  const all = [ONE_FACTOR, TWO_FACTORS, BY_GOVBR];
  const reached = all.map((acr) => all.filter((required) => reachesAcr(acr, required)).length);
  assertEquals(reached, [1, 2, 3]);
});

Deno.test("only gov.br at the level that is set proves a CPF", () => {
  const used = (level: "bronze" | "silver" | "gold") =>
    ({ proof: { by: "govbr", level, at: 7 } }) as Account;
  const by = "govbr";
  assertEquals(cpfProofOf(at("silver"), used("silver")), { by, level: "silver", at: 7 });
  assertEquals(cpfProofOf(at("silver"), used("gold")), { by, level: "gold", at: 7 });
  assertEquals(cpfProofOf(at("silver"), used("bronze")), null);
  assertEquals(cpfProofOf(at("gold"), used("silver")), null);
  assertEquals(cpfProofOf(at(null), used("gold")), null);
  const declared = { ...UNPROVEN, govbr: { level: "gold", at: 7 } } as Account;
  assertEquals(cpfProofOf(at("silver"), declared), null);
});
