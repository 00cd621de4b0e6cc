import { assertEquals, assertThrows } from "@std/assert";
import { ConfigError, DEFAULT_SYSTEMS } from "./mod.ts";
import { readConfig } from "./testing.ts";
import { handoffOrigins } from "../access/systems.ts";

const SIB = { id: "sib", name: "SIB", description: "Beneficiários" };
const CADSUS = {
  id: "cadsus-web",
  name: "CadSUS Web",
  description: "Usuários do SUS",
  address: "https://cadsus.example/entrada?de=portal",
  access: "steps",
};

function readSystems(systems?: unknown) {
  const all: Record<string, string | undefined> = {
    HABILITA_ORIGIN: "https://portal.example.br",
    HABILITA_SECRET: crypto.randomUUID(),
    HABILITA_SYSTEMS: typeof systems === "string" ? systems : JSON.stringify(systems),
  };
  return readConfig(all).systems;
}

Deno.test("without a setting there are the systems of the regulator and the ministry", () => {
  assertEquals(readSystems(), DEFAULT_SYSTEMS);
  const behindSteps = DEFAULT_SYSTEMS.filter(({ access }) => access === "steps");
  assertEquals(behindSteps.map(({ id }) => id), ["cadsus-web"]);
  assertEquals(handoffOrigins(DEFAULT_SYSTEMS), []);
});

Deno.test("a list takes their place; what is not told is a link opened elsewhere", () => {
  assertEquals(readSystems([SIB, CADSUS]), [{ ...SIB, address: null, access: "link" }, CADSUS]);
});

Deno.test("people are handed off to the origins of systems behind the steps, and to no others", () => {
  const elsewhere = { ...SIB, address: "https://sib.example/" };
  const third = { ...CADSUS, id: "cadsus-2", address: "https://cadsus.example/outra" };
  assertEquals(handoffOrigins(readSystems([elsewhere, CADSUS, third])), ["https://cadsus.example"]);
});

Deno.test("a wrong list stops the start, and the message says which system and what", async (t) => {
  const cases: [unknown, string][] = [
    ["[", "lista JSON"],
    ["{}", "lista JSON"],
    [[], "lista JSON"],
    [Array.from({ length: 101 }, (_, i) => ({ ...SIB, id: `s-${i}` })), "lista JSON"],
    [[SIB, null], "sistema 2: deve ser um objeto"],
    [[[SIB]], "sistema 1: deve ser um objeto"],
    [[SIB, SIB], '"sib" está em dois sistemas'],
    [[{ ...SIB, id: "S" }], "sistema 1: id deve ter"],
    [[{ ...SIB, id: "a".repeat(41) }], "id deve ter"],
    [[{ ...SIB, id: "sib/../x" }], "id deve ter"],
    [[{ ...SIB, id: 7 }], "id deve ter"],
    [[{ ...SIB, name: " " }], "name deve ser"],
    [[{ ...SIB, name: "x".repeat(61) }], "name deve ser"],
    [[{ id: "sib", name: "SIB" }], "description deve ser"],
    [[{ ...SIB, adress: "https://x.example" }], 'não existe o campo "adress"'],
    [[{ ...SIB, access: "token" }], 'access deve ser "link"'],
    [[{ ...SIB, address: "http://sib.example" }], "endereço https://"],
    [[{ ...SIB, address: "javascript:alert(1)" }], "endereço https://"],
    [[{ ...SIB, address: "/sib" }], "endereço https://"],
    [[{ ...SIB, address: "https://a:b@sib.example" }], "endereço https://"],
    [[{ ...SIB, address: "https://sib.example/#x" }], "endereço https://"],
    [[{ ...SIB, address: "" }], "endereço https://"],
  ];
  for (const [systems, problem] of cases) {
    await t.step(problem, () => {
      const { message } = assertThrows(() => readSystems(systems), ConfigError, problem);
      assertEquals(message.startsWith("HABILITA_SYSTEMS: "), true);
    });
  }
});

Deno.test("a development server may be on this machine without TLS", () => {
  const [one] = readSystems([{ ...CADSUS, address: "http://127.0.0.1:8080/entrada" }]);
  assertEquals(one!.address, "http://127.0.0.1:8080/entrada");
});
