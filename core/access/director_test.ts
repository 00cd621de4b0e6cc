/** The director whose CPF another operadora has registered before, with an address of its own. */
import { assertEquals } from "@std/assert";
import {
  addUser,
  ALFA,
  BETA,
  CNES,
  ivo,
  must,
  operadoraOf,
  personOf,
  rosa,
  world,
  zeca,
} from "../testing_world.ts";
import { directorAt } from "./director.ts";
import { getPlace } from "./places.ts";
import { ask, rebuild, settle } from "./town_testing.ts";
import { setUserActive } from "./users/deactivate_user.ts";

/** BETA has registered Zeca at `address`, then ALFA does, at whose establishment he is director. */
async function registeredTwice(address: string) {
  const portal = await world();
  for (const representative of [rosa, ivo]) await settle(portal, representative);
  must(await addUser(portal, { ...zeca, email: address }, { cnpj: BETA, by: ivo }));
  must(await addUser(portal, zeca));
  await rebuild(portal, { directorCpf: zeca.cpf });
  const told = async () => {
    const place = await getPlace(portal, { cpf: zeca.cpf, computer: null }, CNES);
    return await directorAt(portal, await personOf(portal, zeca), place, {});
  };
  return { portal, told };
}

Deno.test("a record that another operadora made does not become ADMINISTRADOR here at once", async () => {
  const { portal, told } = await registeredTwice("outra@ficticia.example");
  using _ = portal;
  assertEquals(await told(), "unproven");
  // Nor after the tie was switched off and on.
  const [actor, alfa] = await Promise.all([personOf(portal, rosa), operadoraOf(portal, ALFA)]);
  const person = await personOf(portal, zeca);
  for (const active of [false, true]) {
    must(await setUserActive(portal, actor, alfa, person, active));
  }
  assertEquals(await told(), "unproven");
  const { state, to } = must(await ask(portal, zeca, "ADMINISTRADOR"));
  assertEquals([state, to], ["pendente", ["representante"]]);
});

Deno.test("known to both operadoras at one address, the director is ADMINISTRADOR at once", async () => {
  const { portal, told } = await registeredTwice(zeca.email);
  using _ = portal;
  assertEquals(await told(), "atOnce");
  assertEquals(must(await ask(portal, zeca, "ADMINISTRADOR")).state, "aprovada");
});

Deno.test("whoever made the record: gov.br says who it is", async () => {
  const { portal } = await registeredTwice("outra@ficticia.example");
  using _ = portal;
  const asked = must(await ask(portal, zeca, "ADMINISTRADOR", { provenByGovbr: true }));
  assertEquals(asked.state, "aprovada");
});
