/** The director whose CPF another operadora has registered before, with an address of its own. */
import { assertEquals } from "@std/assert";
import { directorAt } from "./requests/create.ts";
import {
  addUser,
  ALFA,
  ask,
  BETA,
  certificate,
  CNES,
  idOf,
  ivo,
  must,
  operadoraOf,
  personOf,
  rosa,
  seedEstablishment,
  seedRegistries,
  seedRepresentative,
  zeca,
} from "@/tests/fixtures/mod.ts";
import { getEstablishmentAccess } from "./establishment_access.ts";
import { setUserActive } from "./users/deactivate_user.ts";

/** BETA has registered Zeca at `address`, then ALFA does, at whose establishment he is director. */
async function registeredTwice(address: string) {
  const deps = await seedRegistries();
  await seedRepresentative(deps);
  await seedRepresentative(deps, ivo, certificate(deps, BETA));
  must(await addUser(deps, { ...zeca, email: address }, { cnpj: BETA }));
  must(await addUser(deps, zeca));
  await seedEstablishment(deps, { directorCpf: zeca.cpf });
  const told = async () => {
    const place = await getEstablishmentAccess(deps, {
      account: await idOf(deps, zeca),
      computer: null,
    }, CNES);
    return await directorAt(deps, await personOf(deps, zeca), place, {});
  };
  return { deps, told };
}

Deno.test("a record that another operadora made does not become ADMINISTRADOR here at once", async () => {
  const { deps, told } = await registeredTwice("outra@ficticia.example");
  using _ = deps;
  assertEquals(await told(), "unproven");
  // Nor after the tie was switched off and on.
  const [actor, alfa] = await Promise.all([personOf(deps, rosa), operadoraOf(deps, ALFA)]);
  const person = await personOf(deps, zeca);
  for (const active of [false, true]) {
    must(await setUserActive(deps, actor, alfa, person, active));
  }
  assertEquals(await told(), "unproven");
  const { state, to } = must(await ask(deps, zeca, "ADMINISTRADOR"));
  assertEquals([state, to], ["pendente", ["representante"]]);
});

Deno.test("known to both operadoras at one address, the director is ADMINISTRADOR at once", async () => {
  const { deps, told } = await registeredTwice(zeca.email);
  using _ = deps;
  assertEquals(await told(), "atOnce");
  assertEquals(must(await ask(deps, zeca, "ADMINISTRADOR")).state, "aprovada");
});

Deno.test("whoever made the record: gov.br says who it is", async () => {
  const { deps } = await registeredTwice("outra@ficticia.example");
  using _ = deps;
  const asked = must(await ask(deps, zeca, "ADMINISTRADOR", { provenByGovbr: true }));
  assertEquals(asked.state, "aprovada");
});
