import { assertEquals } from "@std/assert";
import { GOVBR } from "@/tests/fixtures/mod.ts";
import type { Config } from "../config/mod.ts";
import type { Account } from "../store/records/account.ts";
import { UNPROVEN } from "./account.ts";
import { describeCpf } from "./proof_texts.ts";

Deno.test("a CPF is proved, informed by the operadora or declared, in these words everywhere", () => {
  const deps = { config: { govbr: GOVBR } as Config };
  const person = { ...UNPROVEN } as Account;
  assertEquals(describeCpf(deps, person, false), "declarado pela própria pessoa");
  assertEquals(describeCpf(deps, person, true), "informado pela operadora");
  const at = 1;
  const by = (level: "bronze" | "silver" | "gold"): Account => ({
    ...person,
    ...{ proof: { by: "govbr", level, at }, govbr: { level, at } },
  });
  // A tie adds nothing to a proof.
  for (const informed of [true, false]) {
    assertEquals(describeCpf(deps, by("silver"), informed), "CPF comprovado por gov.br (prata)");
    assertEquals(describeCpf(deps, by("gold"), informed), "CPF comprovado por gov.br (ouro)");
  }
  assertEquals(describeCpf(deps, by("bronze"), false), "declarado pela própria pessoa");
  const ecpf = { by: "ecpf", type: "A1", serial: "1", sha256: "e", at } as const;
  const byEcpf = { ...person, proof: ecpf };
  assertEquals(describeCpf(deps, byEcpf, true), "CPF comprovado por certificado e-CPF");
  // Also where there is no gov.br.
  const alone = { config: { govbr: null } as Config };
  assertEquals(describeCpf(alone, byEcpf, false), "CPF comprovado por certificado e-CPF");
});
