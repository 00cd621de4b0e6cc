import { assertEquals, assertNotEquals } from "@std/assert";
import { renewProvisionalPassword } from "./provisional_password.ts";
import {
  addUser,
  ALFA,
  BETA,
  certificate,
  codeOf,
  ivo,
  lia,
  login,
  mailsTo,
  must,
  operadoraOf,
  personOf,
  provisionalFor,
  rosa,
  seedRegistries,
  seedRepresentative,
  seedUser,
} from "@/tests/fixtures/mod.ts";

async function renew(deps: Awaited<ReturnType<typeof seedRegistries>>, cnpj = ALFA, by = rosa) {
  const operadora = await operadoraOf(deps, cnpj);
  const actor = await personOf(deps, by);
  return await renewProvisionalPassword(deps, actor, operadora, await personOf(deps, lia));
}

Deno.test("a renewed provisional password takes the place of the one before", async () => {
  using deps = await seedRegistries();
  await seedRepresentative(deps);
  await addUser(deps, lia);
  const before = await provisionalFor(deps, lia.email);
  deps.advance(80 * 60 * 60_000);
  must(await renew(deps));
  const after = await provisionalFor(deps, lia.email);
  assertNotEquals(after, before);
  assertEquals(codeOf(await login(deps, { cpf: lia.cpf, password: before })), "login_refused");
  must(await login(deps, { cpf: lia.cpf, password: after }));
});

Deno.test("not for somebody who has a password, nor by another operadora", async () => {
  using deps = await seedRegistries();
  await seedRepresentative(deps);
  await seedRepresentative(deps, ivo, certificate(deps, BETA));
  await seedUser(deps, lia);
  assertEquals(codeOf(await renew(deps, BETA, ivo)), "user_not_found");
  assertEquals(codeOf(await renew(deps)), "first_access_done");
});

Deno.test("a mailbox is not flooded", async () => {
  using deps = await seedRegistries();
  await seedRepresentative(deps);
  await addUser(deps, lia);
  for (let i = 0; i < 5; i++) must(await renew(deps));
  assertEquals(codeOf(await renew(deps)), "too_many_attempts");
  assertEquals((await mailsTo(deps, lia.email)).length, 6);
});
