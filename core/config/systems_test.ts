import { assertEquals, assertThrows } from "@std/assert";
import {
  BY_GOVBR,
  ConfigError,
  DEFAULT_SYSTEMS,
  ONE_FACTOR,
  type System,
  type SystemCredential,
  TWO_FACTORS,
} from "./mod.ts";
import { readConfig } from "./testing.ts";
import { handoffOrigins } from "../access/users/grants.ts";

const SIB = { id: "sib", name: "SIB", description: "Beneficiários" };
const CADSUS = {
  id: "cadsus-web",
  name: "CadSUS Web",
  description: "Usuários do SUS",
  address: "https://cadsus.example/entrada?de=portal",
  access: "steps",
  credential: { secret: "um-segredo-de-mais-de-32-caracteres-0123" },
};

const KEY = { kty: "EC", crv: "P-256", x: "x".repeat(43), y: "y".repeat(43) };
const withKeys = (...keys: unknown[]) => ({ ...CADSUS, credential: { jwks: { keys } } });
/** What is taken where nothing is told. */
const MINIMUM = { acr: ONE_FACTOR, cpf: "any" } as const;

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
  const [sib, cadsus] = readSystems([SIB, CADSUS]);
  const told = { address: null, access: "link", credential: null, minimum: MINIMUM };
  assertEquals(sib, { ...SIB, ...told } as System);
  const { secret } = CADSUS.credential;
  const credential = { kind: "secret", secret };
  assertEquals(cadsus, { ...CADSUS, credential, minimum: MINIMUM } as System);
});

Deno.test("people are handed off to the origins of systems behind the steps, and to no others", () => {
  const elsewhere = { ...SIB, address: "https://sib.example/" };
  const third = { ...withKeys(KEY), id: "cadsus-2", address: "https://cadsus.example/outra" };
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
    [[{ ...CADSUS, credential: undefined }], "sistema 1: falta credential"],
    [[{ ...SIB, credential: CADSUS.credential }], 'só de um sistema com access "steps"'],
    [[{ ...CADSUS, credential: {} }], "um dos dois"],
    [[{ ...CADSUS, credential: "x" }], "um dos dois"],
    [[{ ...CADSUS, credential: { ...CADSUS.credential, jwks: { keys: [KEY] } } }], "um dos dois"],
    [[{ ...CADSUS, credential: { password: "x" } }], "um dos dois"],
    [[{ ...CADSUS, credential: { secret: "a".repeat(31) } }], "credential.secret deve ser"],
    [[{ ...CADSUS, credential: { secret: "a".repeat(40) } }], "credential.secret deve ser"],
    [
      [{ ...CADSUS, credential: { secret: "uma frase com espaços não é aleatória" } }],
      "secret deve",
    ],
    [[{ ...CADSUS, credential: { jwks: {} } }], "credential.jwks deve ter"],
    [[withKeys()], "credential.jwks deve ter"],
    [[withKeys({ ...KEY, d: "z".repeat(43) })], "uma chave privada"],
    [[withKeys({ kty: "oct", k: "z".repeat(43) })], "uma chave privada"],
    [[withKeys({ ...KEY, crv: "secp256k1" })], "cada chave deve ser"],
    [[withKeys({ ...KEY, x: "x".repeat(42) })], "cada chave deve ser"],
    [[withKeys({ ...KEY, use: "enc" })], "cada chave deve ser"],
    [[withKeys({ kty: "RSA", n: "n".repeat(171), e: "AQAB" })], "cada chave deve ser"],
    [[withKeys("x")], "cada chave deve ser"],
    [[withKeys(KEY, { ...KEY, x: "z".repeat(43) })], "um kid só seu"],
    [[withKeys({ ...KEY, kid: "a" }, { ...KEY, kid: "a" })], "um kid só seu"],
    [[CADSUS, { ...CADSUS, id: "outro" }], '"cadsus-web" e "outro" têm a mesma chave'],
    [[withKeys(KEY), { ...withKeys(KEY), id: "outro" }], "têm a mesma chave"],
    [[{ ...CADSUS, minimum: "x" }], "minimum deve ser"],
    [[{ ...CADSUS, minimum: { nivel: "x" } }], "minimum deve ser"],
    [[{ ...CADSUS, minimum: { acr: "ouro" } }], "minimum.acr deve ser urn:habilita:acr:one-factor"],
    [[{ ...CADSUS, minimum: { cpf: true } }], "minimum.cpf deve ser"],
    [[{ ...CADSUS, minimum: { acr: BY_GOVBR } }], "falta GOVBR_ISSUER"],
    [[{ ...CADSUS, minimum: { cpf: "proved" } }], "falta GOVBR_ISSUER"],
  ];
  for (const [systems, problem] of cases) {
    await t.step(problem, () => {
      const { message } = assertThrows(() => readSystems(systems), ConfigError, problem);
      assertEquals(message.startsWith("HABILITA_SYSTEMS: "), true);
    });
  }
});

Deno.test("a system may have several keys of several kinds, and a minimum", () => {
  const keys = [
    { ...KEY, kid: "a", use: "sig", alg: "ES256" },
    { kty: "OKP", crv: "Ed25519", x: "z".repeat(43), kid: "b" },
    { kty: "RSA", n: "n".repeat(342), e: "AQAB", kid: "c" },
  ];
  const minimum = { acr: TWO_FACTORS };
  const [one] = readSystems([{ ...withKeys(...keys), minimum }]);
  assertEquals(one!.credential, { kind: "keys", keys } as SystemCredential);
  assertEquals(one!.minimum, { acr: TWO_FACTORS, cpf: "any" });
});

Deno.test("the list that is taken where nothing is set can be set", () => {
  assertEquals(readSystems(DEFAULT_SYSTEMS), DEFAULT_SYSTEMS);
});

Deno.test("a development server may be on this machine without TLS", () => {
  const [one] = readSystems([{ ...CADSUS, address: "http://127.0.0.1:8080/entrada" }]);
  assertEquals(one!.address, "http://127.0.0.1:8080/entrada");
});
