import { assert, assertEquals, assertNotEquals, assertRejects } from "@std/assert";
import type { PasswordPolicy } from "../config/mod.ts";
import { verify } from "@node-rs/argon2";
import { testDeps } from "@/tests/fixtures/mod.ts";
import { keys } from "../store/keys.ts";
import type { PasswordSalt } from "../store/records/account.ts";
import { newPassword } from "./account.ts";
import {
  checkPassword,
  hashPassword,
  makeProvisionalPassword,
  passwordPlace,
  typedPassword,
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

const CPF = owner.cpf;

Deno.test("a password is verified exactly as typed", async () => {
  using deps = await testDeps();
  const hash = await hashPassword(deps, CPF, " Ação#1 x ");
  assert(hash.startsWith("$argon2id$v=19$m=19456,t=2,p=1$"));
  const account = { cpf: CPF, password: newPassword(hash) };
  const is = async (typed: string, who: typeof account | null = account) => {
    using place = passwordPlace();
    return await verifyPassword(deps, who, typed, place);
  };
  assert(await is(" Ação#1 x "));
  assert(!await is("Ação#1 x"));
  assert(!await is(" ação#1 x "));
  assert(!await is(" Ação#1 x ", null));
  // Read from what is stored alone, too.
  assert(await verify(hash, " Ação#1 x "));
});

Deno.test("passwords of one CPF have one salt, those of two have two", async () => {
  using deps = await testDeps();
  const made = await Promise.all(
    [CPF, CPF, "11144477735"].map((cpf) => hashPassword(deps, cpf, "x")),
  );
  assertEquals(made[0], made[1]);
  assertNotEquals(made[0], made[2]);
});

Deno.test("one hash is compared with the passwords of all accounts of a CPF", async () => {
  using deps = await testDeps();
  const [own, other] = [await hashPassword(deps, CPF, "a"), await hashPassword(deps, CPF, "b")];
  using place = passwordPlace();
  const { value } = await deps.kv.get<PasswordSalt>(keys.passwordSalt(CPF));
  const typed = await typedPassword(value, "a", place);
  assertEquals([own, other, null, undefined].map(typed.is), [true, false, false, false]);
});

Deno.test("a password longer than any that may be chosen is refused without being hashed", async () => {
  // What argon2 cannot read: it throws when it is asked.
  const salt = { salt: "", memoryCost: 0, timeCost: 0, parallelism: 0 };
  using place = passwordPlace();
  assertEquals((await typedPassword(salt, "x".repeat(129), place)).is("x"), false);
  await assertRejects(() => typedPassword(salt, "x".repeat(128), place));
});

Deno.test("provisional passwords differ and satisfy the policy", async () => {
  assertNotEquals(makeProvisionalPassword(), makeProvisionalPassword());
  for (let i = 0; i < 50; i++) assertEquals(await code(makeProvisionalPassword()), "ok");
});
