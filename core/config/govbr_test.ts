import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { ConfigError } from "./mod.ts";
import { readConfig } from "./testing.ts";

const BASE = {
  HABILITA_ORIGIN: "https://portal.example.br",
  HABILITA_SECRET: crypto.randomUUID(),
};
const GOVBR = {
  GOVBR_ISSUER: "https://sso.staging.acesso.gov.br/",
  GOVBR_CLIENT_ID: "portal",
  GOVBR_CLIENT_SECRET: "s",
};

function govbrOf(settings: Record<string, string>) {
  const env: Record<string, string> = { ...BASE, ...settings };
  return readConfig(env).govbr;
}

Deno.test("no issuer, no gov.br; silver unless told", () => {
  assertEquals(govbrOf({}), null);
  assertEquals(govbrOf({ ...GOVBR, GOVBR_ISSUER: "" }), null);
  const expected = {
    issuer: GOVBR.GOVBR_ISSUER,
    clientId: "portal",
    clientSecret: "s",
    level: "silver",
  };
  assertEquals(govbrOf(GOVBR) as unknown, expected);
  assertEquals(govbrOf({ ...GOVBR, HABILITA_GOVBR_LEVEL: "gold" })?.level, "gold");
});

Deno.test("the issuer has its slash at the end, whoever left it out", () => {
  const issuer = GOVBR.GOVBR_ISSUER.slice(0, -1);
  assertEquals(govbrOf({ ...GOVBR, GOVBR_ISSUER: issuer })?.issuer, GOVBR.GOVBR_ISSUER);
});

Deno.test("what was copied with blanks around it is taken without them", () => {
  const copied = Object.entries(GOVBR).map(([name, value]) => [name, ` ${value}\n`]);
  assertEquals(govbrOf(Object.fromEntries(copied)), govbrOf(GOVBR));
});

const WRONG: [what: string, settings: Record<string, string>, named: string][] = [
  ["no client", { ...GOVBR, GOVBR_CLIENT_ID: "" }, "GOVBR_CLIENT_ID"],
  ["no secret", { ...GOVBR, GOVBR_CLIENT_SECRET: "" }, "GOVBR_CLIENT_SECRET"],
  ["without TLS", { ...GOVBR, GOVBR_ISSUER: "http://sso.acesso.gov.br/" }, "GOVBR_ISSUER"],
  ["with a path", { ...GOVBR, GOVBR_ISSUER: "https://sso.example/realms/a" }, "GOVBR_ISSUER"],
  ["no address", { ...GOVBR, GOVBR_ISSUER: "sso.acesso.gov.br" }, "GOVBR_ISSUER"],
  ["no level", { ...GOVBR, HABILITA_GOVBR_LEVEL: "prata" }, "HABILITA_GOVBR_LEVEL"],
];

for (const [what, settings, named] of WRONG) {
  Deno.test(`refused: ${what}`, () => {
    const error = assertThrows(() => govbrOf(settings), ConfigError);
    assertStringIncludes(error.message, named);
  });
}
