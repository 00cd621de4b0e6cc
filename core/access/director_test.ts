/** The director whose CPF another operadora has registered before, with an address of its own. */
import { UNLIMITED } from "@/tests/fixtures/people.ts";
import { assertEquals } from "@std/assert";
import type { Standing } from "../store/records/session.ts";
import { decidesWith, getMembership } from "./membership.ts";
import { createRequest, directorAt } from "./requests/create.ts";
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
  seedSession,
  seedTie,
  zeca,
} from "@/tests/fixtures/mod.ts";
import { ecpfOf, prove } from "../onboarding/joining/ecpf_testing.ts";
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

Deno.test("an e-CPF in a file makes nobody ADMINISTRADOR at once, one in hardware or in the cloud does", async () => {
  const { deps } = await tiedElsewhere();
  using _ = deps;
  const told = async (standing: Standing) => {
    const person = await personOf(deps, zeca);
    const place = await getEstablishmentAccess(deps, { account: person.id, computer: null }, CNES);
    return await directorAt(deps, person, place, standing);
  };
  const file = await prove(deps, await seedSession(deps, zeca), ecpfOf(deps, zeca));
  assertEquals(await told(file.state), "unproven");
  const token = await prove(deps, file, ecpfOf(deps, zeca, { type: "A3" }));
  // The earlier session does not speak for the new proof.
  assertEquals(await told(file.state), "unproven");
  assertEquals(await told(token.state), "atOnce");
  const wish = { cnes: CNES, profile: "ADMINISTRADOR" };
  const asked = await createRequest(deps, await personOf(deps, zeca), wish, token.state);
  assertEquals(must(asked).state, "aprovada");
  // What came by the row rests on that proof: with another one in a file it decides nothing.
  const membership = (await getMembership(deps, CNES, await idOf(deps, zeca)))!;
  const decides = async (standing: Standing) =>
    decidesWith(deps, membership, await personOf(deps, zeca), standing);
  assertEquals(await decides(token.state), true);
  const again = await prove(deps, token, ecpfOf(deps, zeca));
  assertEquals(await decides(again.state), false);
});
