import { assert, assertEquals, assertNotEquals, assertRejects } from "@std/assert";
import type { PasswordPolicy } from "../config/mod.ts";
import {
  checkPassword,
  hashPassword,
  makeProvisionalPassword,
  verifyPassword,
} from "./password.ts";

const owner = { name: "Marina Tavares", cpf: "52998224725", companies: ["Vida Serena Saúde"] };

async function code(password: string, policy: PasswordPolicy = "ans") {
  const result = await checkPassword(policy, password, owner);
  return result.ok ? "ok" : result.code;
}

Deno.test("policy ans", async () => {
  assertEquals(await code("Xk#29vbq"), "ok");
  assertEquals(await code("tr@vessia De 7 pontes"), "ok");
  assertEquals(await code("Xk#29vb"), "password_too_short");
  assertEquals(await code("xk#29vbq"), "password_composition");
  assertEquals(await code("XK#29VBQ"), "password_composition");
  assertEquals(await code("Xk#vbqwz"), "password_composition");
  assertEquals(await code("Xk29vbqw"), "password_composition");
  assertEquals(await code("Xk#29vbq" + "é".repeat(121)), "password_too_long");
});

Deno.test("policy nist asks for length only", async () => {
  assertEquals(await code("quatro cavalos azuis", "nist"), "ok");
  assertEquals(await code("Xk#29vbqXk#29v", "nist"), "password_too_short");
});

Deno.test("common passwords are refused, disguised ones too", async () => {
  for (const password of ["P@ssw0rd", "Senha@2026", "Mudar@123", "Brasil#10", "Qwerty@123"]) {
    assertEquals(await code(password), "password_common", password);
  }
});

Deno.test("nothing about the owner", async () => {
  assertEquals(await code("Marina#77x"), "password_personal");
  assertEquals(await code("Ab#52998224725"), "password_personal");
  assertEquals(await code("Ab#529.982.247-25"), "password_personal");
  assertEquals(await code("#1Serena9K"), "password_personal");
});

Deno.test("a password is verified exactly as typed", async () => {
  const hash = await hashPassword(" Ação#1 x ");
  assert(hash.startsWith("$argon2id$v=19$m=19456,t=2,p=1$"));
  assert(await verifyPassword(hash, " Ação#1 x "));
  assert(!await verifyPassword(hash, "Ação#1 x"));
  assert(!await verifyPassword(hash, " ação#1 x "));
  assert(!await verifyPassword(null, " Ação#1 x "));
});

Deno.test("a password longer than any that may be chosen is refused without being hashed", async () => {
  // What argon2 cannot read: it throws when it is asked.
  const hash = "$argon2id$v=19$m=19456,t=2,p=1$broken";
  assertEquals(await verifyPassword(hash, "x".repeat(129)), false);
  await assertRejects(() => verifyPassword(hash, "x".repeat(128)));
});

Deno.test("provisional passwords differ and satisfy the policy", async () => {
  assertNotEquals(makeProvisionalPassword(), makeProvisionalPassword());
  for (let i = 0; i < 50; i++) assertEquals(await code(makeProvisionalPassword()), "ok");
});
