import { assertEquals } from "@std/assert";
import { ALFA, BETA } from "@/tests/fixtures/mod.ts";
import { findDivergences } from "./steps.ts";

/** 50 characters, which a common name with a CNPJ cuts to 49. */
const LONG = "COOPERATIVA DE TRABALHO FICTICIO DOS IMAGINARIOS X";

function compare(companyName: string, razaoSocial: string) {
  return findDivergences({ cnpj: ALFA, companyName }, { cnpj: ALFA, razaoSocial });
}

Deno.test("the same company name in another spelling agrees", () => {
  const pairs = [
    ["OPERACAO FICTICIA LTDA", "Operação  Fictícia Ltda."],
    ["FICCAO SAUDE SA", "FICÇÃO SAÚDE S/A"],
    ["FICCAO SAUDE SA", "FICÇÃO SAÚDE S.A."],
    ["ALFA & BETA LTDA", "ALFA E BETA LTDA"],
    ["ALFA BETA (GRUPO)", "ALFA-BETA, GRUPO"],
    [LONG.slice(0, 49).trim(), `${LONG}YZ DO SUL LTDA`],
  ] as const;
  for (const [certificate, cadop] of pairs) assertEquals(compare(certificate, cadop), [], cadop);
});

Deno.test("another name diverges; only a name that fills the field may be cut", () => {
  const pairs = [
    ["OPERACAO FICTICIA LTDA", "OPERAÇÃO FICTÍCIA SA"],
    ["OPERACAO", "OPERAÇÃO FICTÍCIA LTDA"],
    ["OPERAÇÃO FICTÍCIA LTDA", "OPERACAO"],
    [LONG.slice(0, 44), LONG],
    [`${LONG.slice(0, 48)}Z`, LONG],
    [`${LONG} LTDA`, LONG],
    ["", "OPERAÇÃO FICTÍCIA LTDA"],
    ["", ""],
    ["/", "/"],
  ] as const;
  for (const [certificate, cadop] of pairs) {
    assertEquals(compare(certificate, cadop), ["razao_social"], `${certificate} | ${cadop}`);
  }
});

Deno.test("the root of the CNPJ is the company: a branch agrees, another root diverges", () => {
  const names = { companyName: "X Y", razaoSocial: "X Y" };
  const branch = `${ALFA.slice(0, 8)}000299`;
  const cases = [[branch, ALFA, 0], [ALFA, branch, 0], [BETA, ALFA, 1]] as const;
  for (const [certificate, operadora, count] of cases) {
    const found = findDivergences({ ...names, cnpj: certificate }, { ...names, cnpj: operadora });
    assertEquals(found.length, count);
  }
  const both = findDivergences({ cnpj: BETA, companyName: "A" }, { cnpj: ALFA, razaoSocial: "B" });
  assertEquals(both, ["cnpj", "razao_social"]);
});
