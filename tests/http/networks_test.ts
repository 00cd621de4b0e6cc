import { assertEquals, assertStringIncludes } from "@std/assert";
import { parseAddressList } from "@/core/address_list.ts";
import type { Config } from "@/core/config/mod.ts";
import { seedRegistries } from "@/tests/fixtures/mod.ts";
import { syntheticCpf } from "@/tools/sample/people.ts";
import { testApp } from "../support/app.ts";

const ORIGIN = "https://portal.example.br";
const PROXY = {
  header: null,
  addresses: parseAddressList("127.0.0.1"),
  secret: null,
  origin: null,
};

/** Wrong passwords of as many people, as a proxy of the same machine hands them on. */
async function attack(config: Partial<Config>, attempts: number) {
  const deps = await seedRegistries({ origin: ORIGIN, ...config });
  const handle = await testApp(deps, { budget: false });
  const tries = (forwarded: string, i: number) =>
    handle(
      new Request(`${ORIGIN}/entrar`, {
        method: "POST",
        headers: { origin: ORIGIN, "x-forwarded-for": forwarded },
        body: new URLSearchParams({ login: syntheticCpf(5_000 + i), senha: "Errada#2026" }),
      }),
    ).then((response) => response.text());
  for (let i = 0; i < attempts; i++) await tries("203.0.113.9", i);
  const text = async (forwarded: string) => await tries(forwarded, attempts);
  const health = async () => await (await handle(new Request(`${ORIGIN}/saude`))).text();
  return { text, health, [Symbol.dispose]: () => deps[Symbol.dispose]() };
}

const LOCKED = "Muitas tentativas";
const WARNING = "HABILITA_TRUSTED_PROXIES";

Deno.test("behind a proxy that is not declared nobody locks everybody out, and /saude names the setting", async () => {
  const logged: unknown[] = [];
  const { error } = console;
  console.error = (...args) => void logged.push(...args);
  try {
    using portal = await attack({}, 100);
    assertEquals((await portal.text("198.51.100.7")).includes(LOCKED), false);
    assertStringIncludes(await portal.health(), WARNING);
  } finally {
    console.error = error;
  }
  const warnings = logged.map(String).filter((line) => line.includes("caller_unknown"));
  assertEquals(warnings.length, 1);
  assertStringIncludes(warnings[0]!, WARNING);
});

Deno.test("behind a declared one the network that guesses is turned away, and no other", async () => {
  using portal = await attack({ proxy: PROXY }, 100);
  assertStringIncludes(await portal.text("203.0.113.9"), LOCKED);
  assertEquals((await portal.text("198.51.100.7")).includes(LOCKED), false);
  assertEquals((await portal.health()).includes(WARNING), false);
});
