import { assertEquals, assertNotEquals } from "@std/assert";
import {
  addUser,
  ALFA,
  BETA,
  certificate,
  codeOf,
  enterRepresentative,
  enterUser,
  ivo,
  lia,
  login,
  mailsTo,
  must,
  operadoraOf,
  personOf,
  provisionalFor,
  rosa,
  world,
} from "../../testing_world.ts";
import { renewProvisionalPassword } from "./renew_password.ts";

async function renew(portal: Awaited<ReturnType<typeof world>>, cnpj = ALFA, by = rosa) {
  const operadora = await operadoraOf(portal, cnpj);
  const actor = await personOf(portal, by);
  return await renewProvisionalPassword(portal, actor, operadora, await personOf(portal, lia));
}

Deno.test("a renewed provisional password takes the place of the one before", async () => {
  using portal = await world();
  await enterRepresentative(portal);
  await addUser(portal, lia);
  const before = await provisionalFor(portal, lia.email);
  portal.advance(80 * 60 * 60_000);
  must(await renew(portal));
  const after = await provisionalFor(portal, lia.email);
  assertNotEquals(after, before);
  assertEquals(codeOf(await login(portal, { cpf: lia.cpf, password: before })), "login_refused");
  must(await login(portal, { cpf: lia.cpf, password: after }));
});

Deno.test("not for somebody who has a password, nor by another operadora", async () => {
  using portal = await world();
  await enterRepresentative(portal);
  await enterRepresentative(portal, ivo, certificate(portal, BETA));
  await enterUser(portal, lia);
  assertEquals(codeOf(await renew(portal, BETA, ivo)), "user_not_found");
  assertEquals(codeOf(await renew(portal)), "first_access_done");
});

Deno.test("a mailbox is not flooded", async () => {
  using portal = await world();
  await enterRepresentative(portal);
  await addUser(portal, lia);
  for (let i = 0; i < 5; i++) must(await renew(portal));
  assertEquals(codeOf(await renew(portal)), "too_many_attempts");
  assertEquals((await mailsTo(portal, lia.email)).length, 6);
});
