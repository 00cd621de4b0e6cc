/** The director whose CPF another operadora has registered before, with an address of its own. */
import { UNLIMITED } from "@/tests/fixtures/people.ts";
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
  seedTie,
  zeca,
} from "@/tests/fixtures/mod.ts";
import { getEstablishmentAccess } from "./establishment_access.ts";
import { setUserActive } from "./users/deactivate_user.ts";

/** Zeca has an account by the invitation of BETA, and is director at an establishment of ALFA. */
async function tiedElsewhere() {
  const deps = await seedRegistries();
  await seedRepresentative(deps);
  await seedRepresentative(deps, ivo, certificate(deps, BETA));
  await seedTie(deps, zeca, BETA);
  await seedEstablishment(deps, { directorCpf: zeca.cpf });
  const told = async () => {
    const place = await getEstablishmentAccess(deps, {
      account: await idOf(deps, zeca),
      computer: null,
    }, CNES);
    return await directorAt(deps, await personOf(deps, zeca), place, UNLIMITED);
  };
  return { deps, told };
}

Deno.test("another operadora's word makes nobody ADMINISTRADOR here, nor an invitation that waits", async () => {
  const { deps, told } = await tiedElsewhere();
  using _ = deps;
  assertEquals(await told(), "unproven");
  must(await addUser(deps, zeca));
  assertEquals(await told(), "unproven");
  const { state, to } = must(await ask(deps, zeca, "ADMINISTRADOR"));
  assertEquals([state, to], ["pendente", ["representante"]]);
});

Deno.test("whom the establishment's own operadora has named, and who accepted, is ADMINISTRADOR at once", async () => {
  const { deps, told } = await tiedElsewhere();
  using _ = deps;
  await seedTie(deps, zeca, ALFA);
  assertEquals(await told(), "atOnce");
  assertEquals(must(await ask(deps, zeca, "ADMINISTRADOR")).state, "aprovada");
});

Deno.test("not while the tie is switched off", async () => {
  const { deps, told } = await tiedElsewhere();
  using _ = deps;
  await seedTie(deps, zeca, ALFA);
  const [actor, alfa] = await Promise.all([personOf(deps, rosa), operadoraOf(deps, ALFA)]);
  must(await setUserActive(deps, actor, alfa, await personOf(deps, zeca), false));
  assertEquals(await told(), "unproven");
});

Deno.test("whoever named the CPF: gov.br says who it is", async () => {
  const { deps } = await tiedElsewhere();
  using _ = deps;
  const asked = must(await ask(deps, zeca, "ADMINISTRADOR", { provenByGovbr: true }));
  assertEquals(asked.state, "aprovada");
});
